"""Read and write stories themselves and what happened to them (the history of a story)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from storage.errors import UnknownRecordError
from storage.prepared import Prepared
from storage.schema.stories import stories, story_events
from storage.schema.types import RowId

_KEY: Final = bindparam("key", type_=RowId)
_GET_STORY: Final = Prepared(select(stories).where(stories.c.id == _KEY))
_ADD_STORY: Final = Prepared(
    insert(stories).returning(stories.c.id),
    columns=[one.name for one in stories.c if one.name != "id"],
)
_SET_ORIGINAL: Final = Prepared(
    update(stories)
    .where(stories.c.id == _KEY)
    .values(original_article_id=bindparam("article"), origin=bindparam("office"))
)
_SET_MERGED: Final = Prepared(
    update(stories).where(stories.c.id == _KEY).values(merged_into=bindparam("into"))
)
_RECORD: Final = Prepared(
    insert(story_events).inline(),
    columns=[one.name for one in story_events.c if one.name != "id"],
)


class Happening(StrEnum):
    """What can happen to a story after its birth."""

    REROOTED = "rerooted"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story. `merged_into` took it in; `origin` is the press office behind it."""

    id: int
    original_article_id: int
    origin: str | None
    created_at: datetime
    merged_into: int | None
    is_rooted_by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEvent:
    """One thing that happened. `before` and `after` are articles for a re-rooting, else stories.

    `by_whom` is None for the machine.
    """

    story_id: int
    kind: Happening
    article_id: int | None = None
    before: int | None = None
    after: int | None = None
    by_whom: str | None = None
    why: str
    happened_at: datetime


def new_story(
    connection: Connection, *, original_article_id: int, origin: str | None, now: datetime
) -> int:
    """Write a story of one article; return its id."""
    row = _ADD_STORY.first(
        connection,
        {
            "original_article_id": original_article_id,
            "origin": origin,
            "created_at": now,
            "merged_into": None,
            "is_rooted_by_hand": False,
        },
    )
    return int(row.id)


def get_story(connection: Connection, story_id: int) -> Story:
    """Return a story; raises UnknownRecordError."""
    row = _GET_STORY.first(connection, {"key": story_id})
    if row is None:
        raise UnknownRecordError("story {number} is not in the archive", number=story_id)
    return _story(row)


def stories_by_id(connection: Connection, story_ids: Collection[int]) -> dict[int, Story]:
    """Return those of these stories that exist, by id."""
    rows = connection.execute(select(stories).where(stories.c.id.in_(story_ids)))
    return {row.id: _story(row) for row in rows}


def set_original(
    connection: Connection, story_id: int, article_id: int, origin: str | None
) -> None:
    """Name a story's original and the press office behind it."""
    _SET_ORIGINAL.rows(connection, {"key": story_id, "article": article_id, "office": origin})


def set_rooted_by_hand(connection: Connection, story_id: int, *, by_hand: bool) -> None:
    """Say whether a person has chosen the original, which the machine then leaves."""
    connection.execute(
        update(stories).where(stories.c.id == story_id).values(is_rooted_by_hand=by_hand)
    )


def set_merged(connection: Connection, story_id: int, into: int | None) -> None:
    """Say which story took this one in."""
    _SET_MERGED.rows(connection, {"key": story_id, "into": into})


def record(connection: Connection, event: StoryEvent) -> None:
    """Write one line of a story's history."""
    _RECORD.rows(
        connection,
        {
            "story_id": event.story_id,
            "kind": event.kind.value,
            "article_id": event.article_id,
            "before": event.before,
            "after": event.after,
            "by_whom": event.by_whom,
            "why": event.why,
            "happened_at": event.happened_at,
        },
    )


def history(connection: Connection, story_id: int) -> list[StoryEvent]:
    """Return what happened to a story, oldest first."""
    rows = connection.execute(
        select(story_events).where(story_events.c.story_id == story_id).order_by(story_events.c.id)
    )
    return [
        StoryEvent(
            story_id=row.story_id,
            kind=Happening(row.kind),
            article_id=row.article_id,
            before=row.before,
            after=row.after,
            by_whom=row.by_whom,
            why=row.why,
            happened_at=row.happened_at,
        )
        for row in rows
    ]


def _story(row: Row[Any]) -> Story:
    return Story(
        id=row.id,
        original_article_id=row.original_article_id,
        origin=row.origin,
        created_at=row.created_at,
        merged_into=row.merged_into,
        is_rooted_by_hand=row.is_rooted_by_hand,
    )
