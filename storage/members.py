"""Read and write where each article stands: members of stories, their sketches, their links."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Connection,
    any_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from crawler.article import Credit, CreditKind
from storage.comparison import Side
from storage.evidence import Evidence, decode_evidence, encode_evidence
from storage.originals import Claimant
from storage.prepared import Prepared
from storage.relations import Relation
from storage.schema.stories import sketches, story_links, story_members
from storage.schema.types import Numbers, RowId
from storage.sketch import Sketch
from storage.upsert import insert_of

_KEY: Final = bindparam("key", type_=RowId)
_KEYS: Final = bindparam("keys", type_=Numbers)
_KEYS_SQLITE: Final = select(func.json_each(_KEYS).table_valued("value").c.value)
_ADD_MEMBER: Final = Prepared(insert(story_members))
_CHANGE_MEMBER: Final = Prepared(
    update(story_members)
    .where(story_members.c.article_id == _KEY)
    .values({column: bindparam(column.name) for column in story_members.c})
)
_ADD_SKETCH: Final = Prepared(insert(sketches))
_FIND_MEMBER: Final = Prepared(select(story_members).where(story_members.c.article_id == _KEY))
_MEMBERS_OF: Final = Prepared(
    select(story_members)
    .where(story_members.c.story_id == _KEY)
    .order_by(story_members.c.article_id)
)
_SIDES: Final = (
    select(
        sketches.c.article_id,
        story_members.c.story_id,
        story_members.c.outlet_id,
        sketches.c.external_id,
        sketches.c.at,
        sketches.c.title,
        sketches.c.body,
    )
    .join(story_members, story_members.c.article_id == sketches.c.article_id)
    .order_by(sketches.c.article_id)
)
_SIDES_OF: Final = Prepared(
    _SIDES.where(sketches.c.article_id.in_(_KEYS_SQLITE)),
    postgresql=_SIDES.where(sketches.c.article_id == any_(_KEYS)),
)
_MOVE: Final = update(story_members).values(
    story_id=bindparam("into"),
    is_placed_by_hand=story_members.c.is_placed_by_hand | bindparam("by_hand", type_=Boolean),
)
_MOVE_MEMBERS: Final = Prepared(
    _MOVE.where(story_members.c.article_id.in_(_KEYS_SQLITE)),
    postgresql=_MOVE.where(story_members.c.article_id == any_(_KEYS)),
)
_SET_RELATION: Final = Prepared(
    update(story_members)
    .where(story_members.c.article_id == _KEY)
    .values(relation=bindparam("becomes"))
)
_DROP_SKETCH: Final = Prepared(delete(sketches).where(sketches.c.article_id == _KEY))
_DROP_LINKS: Final = Prepared(delete(story_links).where(story_links.c.article_id == _KEY))
_KEEP_LINK: Final = Prepared(
    insert_of("sqlite", story_links).on_conflict_do_nothing(),
    postgresql=insert_of("postgresql", story_links).on_conflict_do_nothing(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article's place in its story; its evidence compares it with `source_article_id`."""

    article_id: int
    story_id: int
    outlet_id: str
    relation: Relation
    source_article_id: int | None
    credits: tuple[Credit, ...]
    evidence: Evidence | None
    claimed_at: datetime | None
    seen_at: datetime
    letters: int
    is_placed_by_hand: bool = False

    @property
    def claimant(self) -> Claimant:
        """The member as a candidate for the original."""
        return Claimant(
            article_id=self.article_id,
            outlet_id=self.outlet_id,
            credits=self.credits,
            claimed_at=self.claimed_at,
            seen_at=self.seen_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An article that belongs beside a story without being a copy: `same_event` or `digest`."""

    article_id: int
    story_id: int
    kind: Relation
    evidence: Evidence | None
    linked_at: datetime


def find_member(connection: Connection, article_id: int) -> Member | None:
    """Return where an article stands; None before it was placed."""
    row = _FIND_MEMBER.first(connection, {"key": article_id})
    return None if row is None else member_of(row)


def members_of(connection: Connection, story_id: int) -> list[Member]:
    """Return a story's members in the order of their article ids."""
    return [member_of(row) for row in _MEMBERS_OF.rows(connection, {"key": story_id})]


def members_of_all(connection: Connection, story_ids: Collection[int]) -> list[Member]:
    """Return the members of these stories by story, then by article."""
    rows = connection.execute(
        select(story_members)
        .where(story_members.c.story_id.in_(story_ids))
        .order_by(story_members.c.story_id, story_members.c.article_id)
    )
    return [member_of(row) for row in rows]


def add_member(connection: Connection, member: Member) -> None:
    """Write where a new article stands."""
    _ADD_MEMBER.rows(connection, _values(member))


def change_member(connection: Connection, member: Member) -> None:
    """Write anew where an article stands."""
    _CHANGE_MEMBER.rows(connection, _values(member) | {"key": member.article_id})


def set_relation(connection: Connection, article_id: int, relation: Relation) -> None:
    """Change what a member is to its story."""
    _SET_RELATION.rows(connection, {"key": article_id, "becomes": relation.value})


def move_members(
    connection: Connection, article_ids: Collection[int], story_id: int, *, by_hand: bool
) -> None:
    """Move members to another story; those placed by hand stay so."""
    _MOVE_MEMBERS.rows(connection, {"keys": article_ids, "into": story_id, "by_hand": by_hand})


def add_sketch(connection: Connection, side: Side) -> None:
    """Write what a later comparison needs of an article."""
    _ADD_SKETCH.rows(
        connection,
        {
            "article_id": side.article_id,
            "external_id": side.external_id,
            "at": side.at,
            "title": side.sketch.title,
            "body": side.sketch.text,
        },
    )


def drop_sketch(connection: Connection, article_id: int) -> None:
    """Take away what was kept of an article's earlier text."""
    _DROP_SKETCH.rows(connection, {"key": article_id})


def forget_sketches(connection: Connection, *, before: datetime) -> int:
    """Drop what was kept for comparisons of articles older than an instant; return how many."""
    return connection.execute(delete(sketches).where(sketches.c.at < before)).rowcount


def sides_of(connection: Connection, article_ids: Collection[int]) -> list[Side]:
    """Read articles back as the decision sees them, in the order of their ids."""
    if not article_ids:
        return []
    rows = _SIDES_OF.rows(connection, {"keys": article_ids})
    return [
        Side(
            article_id=row.article_id,
            story_id=row.story_id,
            outlet_id=row.outlet_id,
            external_id=row.external_id,
            at=row.at,
            sketch=Sketch(title=row.title, text=row.body),
        )
        for row in rows
    ]


def keep_link(connection: Connection, link: Link) -> None:
    """Link an article to a story. Repeatable; the first link of a pair stays."""
    values = {
        "article_id": link.article_id,
        "story_id": link.story_id,
        "kind": link.kind.value,
        "evidence": None if link.evidence is None else encode_evidence(link.evidence),
        "linked_at": link.linked_at,
    }
    _KEEP_LINK.rows(connection, values)


def drop_links(connection: Connection, article_id: int) -> None:
    """Take away an article's links, because its text has changed."""
    _DROP_LINKS.rows(connection, {"key": article_id})


def links_of(connection: Connection, story_id: int) -> list[Link]:
    """Return what is linked to a story, in the order of the article ids."""
    rows = connection.execute(
        select(story_links)
        .where(story_links.c.story_id == story_id)
        .order_by(story_links.c.article_id)
    )
    return [
        Link(
            article_id=row.article_id,
            story_id=row.story_id,
            kind=Relation(row.kind),
            evidence=None if row.evidence is None else decode_evidence(row.evidence),
            linked_at=row.linked_at,
        )
        for row in rows
    ]


def _values(member: Member) -> dict[str, Any]:
    return {
        "article_id": member.article_id,
        "story_id": member.story_id,
        "outlet_id": member.outlet_id,
        "relation": member.relation.value,
        "source_article_id": member.source_article_id,
        "credits": _encode_credits(member.credits),
        "evidence": None if member.evidence is None else encode_evidence(member.evidence),
        "claimed_at": member.claimed_at,
        "seen_at": member.seen_at,
        "letters": member.letters,
        "is_placed_by_hand": member.is_placed_by_hand,
    }


def member_of(row: Any) -> Member:  # noqa: ANN401  # a row of any driver
    """Read a member from a row that holds the columns of `story_members`."""
    return Member(
        article_id=row.article_id,
        story_id=row.story_id,
        outlet_id=row.outlet_id,
        relation=Relation(row.relation),
        source_article_id=row.source_article_id,
        credits=decode_credits(row.credits),
        evidence=None if row.evidence is None else decode_evidence(row.evidence),
        claimed_at=row.claimed_at,
        seen_at=row.seen_at,
        letters=row.letters,
        is_placed_by_hand=row.is_placed_by_hand,
    )


def _encode_credits(credits_: tuple[Credit, ...]) -> str:
    return json.dumps(
        [[one.kind, one.name, one.outlet_id, one.body, one.is_own, one.start] for one in credits_],
        ensure_ascii=False,
    )


def decode_credits(line: str) -> tuple[Credit, ...]:
    """Read the credits of a member back from its row."""
    return tuple(
        Credit(
            kind=CreditKind(kind),
            name=name,
            outlet_id=outlet_id,
            body=body,
            is_own=is_own,
            start=start,
        )
        for kind, name, outlet_id, body, is_own, start in json.loads(line)
    )
