"""Root a story: name its original anew when a better one has come, and write that down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from storage.members import Member, member_of, set_relation
from storage.originals import OutletRole, choose_original, press_office
from storage.prepared import Prepared
from storage.relations import Relation, relation_to
from storage.schema.stories import stories, story_members
from storage.schema.types import RowId
from storage.storyline import Happening, StoryEvent, record, set_original

_STANDING: Final = Prepared(
    select(story_members, stories.c.original_article_id, stories.c.is_rooted_by_hand)
    .join(stories, stories.c.id == story_members.c.story_id)
    .where(story_members.c.story_id == bindparam("key", type_=RowId))
    .order_by(story_members.c.article_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooted:
    """A story's original after looking again, and whether it is another one than before."""

    original_article_id: int
    changed: bool

    def relation_of(self, member: Member) -> Relation:
        """Return what a member is now that the original is known."""
        if member.article_id == self.original_article_id:
            return Relation.ORIGINAL
        return Relation.COPY if member.relation is Relation.ORIGINAL else member.relation


def alone(article_id: int) -> Rooted:
    """Root a story that was just founded by one article."""
    return Rooted(original_article_id=article_id, changed=False)


def root(
    connection: Connection, story_id: int, roles: Mapping[str, OutletRole], now: datetime
) -> Rooted:
    """Choose a story's original among its members; a choice made by hand stays.

    Writes the relations of the old and the new original and a line of history when it changes.
    """
    rows = _STANDING.rows(connection, {"key": story_id})
    members = [member_of(row) for row in rows]
    if len(members) == 1:
        return alone(members[0].article_id)
    before = int(rows[0].original_article_id)
    if rows[0].is_rooted_by_hand:
        return Rooted(original_article_id=before, changed=False)
    choice = choose_original([one.claimant for one in members], roles)
    if choice.article_id == before:
        return Rooted(original_article_id=choice.article_id, changed=False)
    reroot(connection, members, before, choice.article_id)
    record(
        connection,
        StoryEvent(
            story_id=story_id,
            kind=Happening.REROOTED,
            article_id=choice.article_id,
            before=before,
            after=choice.article_id,
            why=choice.why,
            happened_at=now,
        ),
    )
    return Rooted(original_article_id=choice.article_id, changed=True)


def reroot(connection: Connection, members: Sequence[Member], before: int, after: int) -> None:
    """Name `after` the original of its story and turn `before` into what it is beside it."""
    by_id = {one.article_id: one for one in members}
    new = by_id[after]
    set_original(connection, new.story_id, after, press_office(new.credits))
    set_relation(connection, after, Relation.ORIGINAL)
    if before in by_id:
        set_relation(connection, before, _seen_from(new, by_id[before]))


def _seen_from(new: Member, old: Member) -> Relation:
    """Name what the former original is to the new one, by the evidence turned round."""
    evidence = new.evidence
    if evidence is None or new.source_article_id != old.article_id:
        return Relation.COPY
    return relation_to(
        share_of_copy=evidence.share_of_old,
        share_of_source=evidence.share_of_new,
        same_outlet=new.outlet_id == old.outlet_id,
        same_house=new.relation is Relation.MIRROR,
    )
