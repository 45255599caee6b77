"""Remember every page that discovery named, and say which are to be read now.

A visit remembers what it found before it keeps the feed's validators and before it reads a page: a
kill in between loses nothing, because the next visit asks `pages_to_read` and not the feed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from crawler.entry import Entry
from crawler.page import Failure, Validators
from storage.articles import published_instant
from storage.entry_codec import decode_entry, encode_entry, entry_hash
from storage.schema.visits import known_pages
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToRead:
    """One page whose turn it is; `validators` make its reading conditional when it was read before.

    `attempts` counts the failed readings since the last good one.
    """

    entry: Entry
    validators: Validators = field(default_factory=Validators)
    article_id: int | None = None
    attempts: int = 0


def remember_entries(connection: Connection, entries: Iterable[Entry], *, now: datetime) -> int:
    """Remember what discovery found; return how many pages are new to the archive. Repeatable.

    An unknown page is due at once. A known page whose title or summary a way in now gives otherwise
    is due again; what is merely repeated changes nothing.
    """
    found = list({_key(entry): entry for entry in entries}.values())
    return sum(_remember(connection, entry, now) for entry in sorted(found, key=_key))


def pages_to_read(
    connection: Connection, outlet_id: str, *, now: datetime, limit: int
) -> tuple[PageToRead, ...]:
    """Take the newest pages due, at most `limit`; the earliest published of them comes first."""
    when = func.coalesce(known_pages.c.published_at, known_pages.c.found_at)
    rows = connection.execute(
        select(known_pages)
        .where(known_pages.c.outlet_id == outlet_id, known_pages.c.due_at <= now)
        .order_by(when.desc(), known_pages.c.canonical_url)
        .limit(limit)
    ).all()
    return tuple(
        PageToRead(
            entry=decode_entry(row.entry),
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
            article_id=row.article_id,
            attempts=row.attempts,
        )
        for row in reversed(rows)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One good reading of a page.

    `article_id` is None when the page holds no article, `validators` None when it was unchanged;
    `read_again_at` asks for another reading then.
    """

    read_at: datetime
    article_id: int | None = None
    validators: Validators | None = None
    read_again_at: datetime | None = None


def page_was_read(connection: Connection, entry: Entry, reading: Reading) -> None:
    """Note a good reading. Repeatable."""
    values: dict[str, Any] = {
        "read_at": reading.read_at,
        "due_at": reading.read_again_at,
        "attempts": 0,
        "failure_kind": None,
        "failure_detail": None,
    }
    if reading.article_id is not None:
        values["article_id"] = reading.article_id
    if reading.validators is not None:
        values["etag"] = reading.validators.etag
        values["last_modified"] = reading.validators.last_modified
    _update(connection, entry, values)


def page_failed(
    connection: Connection, entry: Entry, failure: Failure, *, read_again_at: datetime | None
) -> None:
    """Note a failed reading; with no `read_again_at` the page is given up until it changes."""
    values = {
        "due_at": read_again_at,
        "attempts": known_pages.c.attempts + 1,
        "failure_kind": failure.kind.value,
        "failure_detail": failure.detail,
    }
    _update(connection, entry, values)


def count_waiting(connection: Connection, outlet_id: str, *, now: datetime) -> int:
    """Count the pages of an outlet that are due."""
    due = and_(known_pages.c.outlet_id == outlet_id, known_pages.c.due_at <= now)
    return connection.execute(select(func.count()).select_from(known_pages).where(due)).scalar_one()


def _remember(connection: Connection, entry: Entry, now: datetime) -> bool:
    """Insert an unknown page (True), or make a known one due again if its entry changed."""
    said = {"entry": encode_entry(entry), "entry_hash": entry_hash(entry), "due_at": now}
    row = insert_into(connection, known_pages).values(
        outlet_id=entry.outlet_id,
        canonical_url=entry.canonical_url,
        found_at=now,
        published_at=published_instant(entry.published),
        attempts=0,
        **said,
    )
    inserted = connection.execute(row.on_conflict_do_nothing().returning(known_pages.c.attempts))
    if inserted.first() is not None:
        return True
    changed = known_pages.c.entry_hash != said["entry_hash"]
    stale = and_(changed, or_(known_pages.c.read_at.is_(None), known_pages.c.read_at < now))
    connection.execute(update(known_pages).where(_is(entry), stale).values(**said, attempts=0))
    return False


def _update(connection: Connection, entry: Entry, values: dict[str, Any]) -> None:
    connection.execute(update(known_pages).where(_is(entry)).values(**values))


def _is(entry: Entry) -> ColumnElement[bool]:
    return and_(
        known_pages.c.outlet_id == entry.outlet_id,
        known_pages.c.canonical_url == entry.canonical_url,
    )


def _key(entry: Entry) -> tuple[str, str]:
    return (entry.outlet_id, entry.canonical_url)
