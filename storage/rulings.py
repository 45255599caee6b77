"""Merge, split and re-root stories by hand; the machine never undoes what a person decided."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from storage.absorb import take_in
from storage.errors import UnknownRecordError
from storage.locks import lock_stories
from storage.members import Member, find_member, members_of, move_members, set_relation
from storage.originals import OutletRole, press_office
from storage.relations import Relation
from storage.rooting import Rooted, reroot, root
from storage.storyline import (
    Happening,
    Story,
    StoryEvent,
    get_story,
    new_story,
    record,
    set_rooted_by_hand,
)

_HOPS_MAX: Final = 1000


def merge(  # noqa: PLR0913  # who, what, why and when of one decision
    connection: Connection,
    story_id: int,
    *,
    into: int,
    by_whom: str,
    why: str,
    roles: Mapping[str, OutletRole],
    now: datetime,
) -> Rooted:
    """Move every member of one story into another and choose the original anew.

    Repeatable: merging what is merged already changes nothing. Raises UnknownRecordError.
    """
    lock_stories(connection)
    source, target = standing_story(connection, story_id), standing_story(connection, into)
    if source.id != target.id:
        moved = [one.article_id for one in members_of(connection, source.id)]
        take_in(connection, source, moved, target.id, by_hand=True)
        for owner in (source.id, target.id):
            event = _event(owner, Happening.MERGED, by_whom, why, now)
            record(connection, _between(event, source.id, target.id))
    return root(connection, target.id, roles, now)


def split(  # noqa: PLR0913  # who, what, why and when of one decision
    connection: Connection,
    article_ids: Collection[int],
    *,
    by_whom: str,
    why: str,
    roles: Mapping[str, OutletRole],
    now: datetime,
) -> int:
    """Take articles out of their story into a new one of their own; return its id.

    Both halves stay apart whatever arrives later. Raises UnknownRecordError when the articles are
    not members of one story, and ValueError when they are the whole of it.
    """
    lock_stories(connection)
    story_id, leaving, staying = _halves(connection, article_ids)
    fresh = new_story(
        connection,
        original_article_id=leaving[0].article_id,
        origin=press_office(leaving[0].credits),
        now=now,
    )
    move_members(connection, [one.article_id for one in leaving], fresh, by_hand=True)
    move_members(connection, [one.article_id for one in staying], story_id, by_hand=True)
    set_relation(connection, leaving[0].article_id, Relation.ORIGINAL)
    for owner in (story_id, fresh):
        event = _event(owner, Happening.SPLIT, by_whom, why, now)
        record(connection, _between(event, story_id, fresh))
    _root_what_stays(connection, story_id, staying, roles, now)
    root(connection, fresh, roles, now)
    return fresh


def root_by_hand(  # noqa: PLR0913  # who, what, why and when of one decision
    connection: Connection,
    story_id: int,
    *,
    original_article_id: int,
    by_whom: str,
    why: str,
    now: datetime,
) -> None:
    """Name a story's original; no later arrival changes it. Raises UnknownRecordError."""
    lock_stories(connection)
    story = standing_story(connection, story_id)
    members = members_of(connection, story.id)
    if original_article_id not in {one.article_id for one in members}:
        raise UnknownRecordError(
            "article {number} is not in story {story}", number=original_article_id, story=story.id
        )
    before = story.original_article_id
    if before != original_article_id:
        reroot(connection, members, before, original_article_id)
        event = _event(story.id, Happening.REROOTED, by_whom, why, now)
        record(connection, _between(event, before, original_article_id))
    set_rooted_by_hand(connection, story.id, by_hand=True)


def standing_story(connection: Connection, story_id: int) -> Story:
    """Return a story, or the one that took it in at last. Raises UnknownRecordError."""
    story = get_story(connection, story_id)
    for _ in range(_HOPS_MAX):
        if story.merged_into is None:
            return story
        story = get_story(connection, story.merged_into)
    raise UnknownRecordError(
        "story {story} leads round in a circle; repair its merges", story=story_id
    )


def _halves(
    connection: Connection, article_ids: Collection[int]
) -> tuple[int, list[Member], list[Member]]:
    leaving = set(article_ids)
    found = _story_of(connection, leaving)
    members = members_of(connection, found)
    staying = [one for one in members if one.article_id not in leaving]
    gone = [one for one in members if one.article_id in leaving]
    if len(gone) != len(leaving) or not gone:
        raise UnknownRecordError(
            "articles {numbers} are not members of one story", numbers=sorted(leaving)
        )
    if not staying:
        raise ValueError(f"articles {sorted(leaving)} are the whole of story {found}")
    return found, gone, staying


def _story_of(connection: Connection, article_ids: Collection[int]) -> int:
    for article_id in sorted(article_ids):
        member = find_member(connection, article_id)
        if member is not None:
            return member.story_id
    raise UnknownRecordError("articles {numbers} are in no story", numbers=sorted(article_ids))


def _root_what_stays(
    connection: Connection,
    story_id: int,
    staying: list[Member],
    roles: Mapping[str, OutletRole],
    now: datetime,
) -> None:
    """Choose anew for the half that stays, by hand or not, when its original has left."""
    story = get_story(connection, story_id)
    if story.original_article_id not in {one.article_id for one in staying}:
        set_rooted_by_hand(connection, story_id, by_hand=False)
        reroot(connection, staying, story.original_article_id, staying[0].article_id)
    root(connection, story_id, roles, now)


def _event(story_id: int, kind: Happening, by_whom: str, why: str, now: datetime) -> StoryEvent:
    return StoryEvent(story_id=story_id, kind=kind, by_whom=by_whom, why=why, happened_at=now)


def _between(event: StoryEvent, before: int, after: int) -> StoryEvent:
    return replace(event, before=before, after=after)
