"""What a page has said over time: each text once, and when it was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, case, select

from storage.codec import Said, decode_said, encode_said
from storage.schema.articles import revisions, showings
from storage.upsert import insert_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of one article; it was seen first and last at these instants, maybe with breaks."""

    article_id: int
    content_hash: str
    said: Said
    word_count: int
    first_shown_at: datetime
    last_shown_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """From this reading on, until the next showing, the page said this."""

    shown_at: datetime
    content_hash: str


def keep_revision(
    connection: Connection, article_id: int, said: Said, content_hash: str, *, shown_at: datetime
) -> None:
    """Keep a text once; seen again, only widen the time it was shown. Repeatable."""
    row = revision_row(article_id, said, content_hash, shown_at=shown_at)
    connection.execute(_keep_revision(connection.dialect.name), row)


def revision_row(
    article_id: int, said: Said, content_hash: str, *, shown_at: datetime
) -> dict[str, Any]:
    """Return the row of a text seen for the first time."""
    return {
        "article_id": article_id,
        "content_hash": content_hash,
        "said": encode_said(said),
        "word_count": word_count(said),
        "first_shown_at": shown_at,
        "last_shown_at": shown_at,
    }


def keep_showing(
    connection: Connection, article_id: int, content_hash: str, *, shown_at: datetime
) -> None:
    """Note that a page said this from this reading on. Repeatable.

    Another text of the same instant takes the earlier one's place: it is the same page, understood
    better.
    """
    row = {"article_id": article_id, "shown_at": shown_at, "content_hash": content_hash}
    connection.execute(_keep_showing(connection.dialect.name), row)


def keep_late_showing(
    connection: Connection, article_id: int, content_hash: str, *, shown_at: datetime
) -> None:
    """Note a reading that arrives after later ones: it takes its place in time. Repeatable.

    What was shown before it and seen again after it is noted as shown again.
    """
    before = _neighbour(connection, article_id, shown_at, earlier=True)
    if before is not None and before.content_hash == content_hash:
        return
    keep_showing(connection, article_id, content_hash, shown_at=shown_at)
    if before is None:
        return
    again_at = _last_shown_at(connection, article_id, before.content_hash)
    after = _neighbour(connection, article_id, shown_at, earlier=False)
    if again_at > shown_at and (after is None or again_at < after.shown_at):
        keep_showing(connection, article_id, before.content_hash, shown_at=again_at)


def _neighbour(
    connection: Connection, article_id: int, at: datetime, *, earlier: bool
) -> Showing | None:
    """Return the showing next to an instant, before or after it."""
    time = showings.c.shown_at
    statement = select(showings).where(showings.c.article_id == article_id)
    nearest = (
        statement.where(time < at).order_by(time.desc())
        if earlier
        else statement.where(time > at).order_by(time)
    )
    row = connection.execute(nearest.limit(1)).one_or_none()
    return None if row is None else Showing(shown_at=row.shown_at, content_hash=row.content_hash)


def _last_shown_at(connection: Connection, article_id: int, content_hash: str) -> datetime:
    key = (revisions.c.article_id == article_id) & (revisions.c.content_hash == content_hash)
    at: datetime = connection.execute(select(revisions.c.last_shown_at).where(key)).scalar_one()
    return at


@cache
def _keep_revision(dialect: str) -> Insert:
    """Build the statement once: building costs as much as running it."""
    insert = insert_of(dialect, revisions)
    first, last = revisions.c.first_shown_at, revisions.c.last_shown_at
    shown_at = insert.excluded.first_shown_at
    return insert.on_conflict_do_update(
        index_elements=[revisions.c.article_id, revisions.c.content_hash],
        set_={
            "first_shown_at": case((first > shown_at, shown_at), else_=first),
            "last_shown_at": case((last < shown_at, shown_at), else_=last),
        },
    )


@cache
def _keep_showing(dialect: str) -> Insert:
    insert = insert_of(dialect, showings)
    return insert.on_conflict_do_update(
        index_elements=[showings.c.article_id, showings.c.shown_at],
        set_={"content_hash": insert.excluded.content_hash},
    )


def revisions_of(connection: Connection, article_id: int) -> tuple[Revision, ...]:
    """List the texts of an article, the first shown first."""
    rows = connection.execute(
        select(revisions)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.first_shown_at, revisions.c.content_hash)
    )
    return tuple(
        Revision(
            article_id=row.article_id,
            content_hash=row.content_hash,
            said=decode_said(row.said),
            word_count=row.word_count,
            first_shown_at=row.first_shown_at,
            last_shown_at=row.last_shown_at,
        )
        for row in rows
    )


def showings_of(connection: Connection, article_id: int) -> tuple[Showing, ...]:
    """List the changes of what a page says, in order; a return to an earlier text is one too."""
    rows = connection.execute(
        select(showings.c.shown_at, showings.c.content_hash)
        .where(showings.c.article_id == article_id)
        .order_by(showings.c.shown_at)
    ).all()
    return _without_repeats([Showing(shown_at=at, content_hash=found) for at, found in rows])


def _without_repeats(found: Sequence[Showing]) -> tuple[Showing, ...]:
    """Drop a showing of what was shown already (a late reading of a text seen since)."""
    kept: list[Showing] = []
    for showing in found:
        if not kept or kept[-1].content_hash != showing.content_hash:
            kept.append(showing)
    return tuple(kept)


def word_count(said: Said) -> int:
    """Count the words of a text as white space parts them."""
    texts = (said.title, said.kicker or "", said.lead or "", *(block.text for block in said.blocks))
    return sum(len(text.split()) for text in texts)
