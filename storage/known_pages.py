"""Remember every page that discovery named, and say which are to be read now.

A visit remembers what it found before it keeps the feed's validators and before it reads a page: a
kill in between loses nothing, because the next visit asks `pages_to_read` and not the feed.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_, update

from crawler.entry import Entry
from crawler.page import Failure, Validators
from storage.cleaning import MAX_ADDRESS_BYTES
from storage.codec import is_storable, storable
from storage.entry_codec import decode_entry, encode_entry, entry_hash, merge_entries
from storage.schema.visits import known_pages
from storage.sort_instant import published_instant
from storage.upsert import insert_into

#: Pages looked up in one statement; a sitemap may name 50,000.
_BATCH: Final = 400

#: A feed, a sitemap and a list may each word an entry their own way, and each word it anew; beyond
#: so many an outlet plays games, and the oldest may come again.
_HASHES_KEPT: Final = 12

#: An outlet and a canonical URL.
_Key = tuple[str, str]


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

    An unknown page is due at once. A page read before is due again when a way in gives a title or
    summary that none has given yet; what is only repeated, by this way or another, changes nothing.
    An address longer than `MAX_ADDRESS_BYTES`, or with characters no key takes, is passed over.
    """
    found: dict[_Key, list[Entry]] = {}
    for entry in entries:
        if _fits_a_key(entry.canonical_url):
            found.setdefault((entry.outlet_id, entry.canonical_url), []).append(entry)
    new = 0
    for keys in _batches(sorted(found)):
        standing = _standing(connection, keys)
        for key in keys:
            page = standing.get(key)
            if page is None:
                new += _insert(connection, found[key], now)
            else:
                _absorb(connection, page, found[key], now)
    return new


def known_among(
    connection: Connection, outlet_id: str, addresses: Collection[str]
) -> frozenset[str]:
    """Return those of an outlet's canonical addresses that discovery named before."""
    known: set[str] = set()
    for keys in _batches([(outlet_id, address) for address in sorted(addresses)]):
        asked = [address for _, address in keys]
        rows = connection.execute(
            select(known_pages.c.canonical_url).where(
                known_pages.c.outlet_id == outlet_id, known_pages.c.canonical_url.in_(asked)
            )
        )
        known.update(rows.scalars())
    return frozenset(known)


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
        "failure_detail": storable(failure.detail),
    }
    _update(connection, entry, values)


def count_waiting(connection: Connection, outlet_id: str, *, now: datetime) -> int:
    """Count the pages of an outlet that are due."""
    due = and_(known_pages.c.outlet_id == outlet_id, known_pages.c.due_at <= now)
    return connection.execute(select(func.count()).select_from(known_pages).where(due)).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What is known of a page already."""

    entry: Entry
    hashes: tuple[str, ...]
    was_tried: bool


def _fits_a_key(address: str) -> bool:
    return is_storable(address) and len(address.encode()) <= MAX_ADDRESS_BYTES


def _batches(keys: list[_Key]) -> Iterator[list[_Key]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]


def _standing(connection: Connection, keys: list[_Key]) -> dict[_Key, _Standing]:
    address = tuple_(known_pages.c.outlet_id, known_pages.c.canonical_url)
    rows = connection.execute(select(known_pages).where(address.in_(keys)))
    return {
        (row.outlet_id, row.canonical_url): _Standing(
            entry=decode_entry(row.entry),
            hashes=tuple(row.entry_hashes.split()),
            was_tried=row.read_at is not None or row.due_at is None,
        )
        for row in rows
    }


def _insert(connection: Connection, entries: list[Entry], now: datetime) -> bool:
    entry = reduce(merge_entries, entries)
    row = insert_into(connection, known_pages).values(
        outlet_id=entry.outlet_id,
        canonical_url=entry.canonical_url,
        entry=encode_entry(entry),
        entry_hashes=" ".join(_hashes(entries)),
        found_at=now,
        published_at=published_instant(entry.published),
        due_at=now,
        attempts=0,
    )
    done = connection.execute(row.on_conflict_do_nothing().returning(known_pages.c.attempts))
    return done.first() is not None


def _absorb(connection: Connection, page: _Standing, entries: list[Entry], now: datetime) -> None:
    """Take over what ways in say for the first time; a page tried before is then due again."""
    fresh = [found for found in _hashes(entries) if found not in page.hashes]
    if not fresh:
        return
    entry = reduce(merge_entries, entries, page.entry)
    values: dict[str, Any] = {
        "entry": encode_entry(entry),
        "entry_hashes": " ".join((*page.hashes, *fresh)[-_HASHES_KEPT:]),
        "published_at": published_instant(entry.published),
    }
    if page.was_tried:
        values |= {"due_at": now, "attempts": 0}
    _update(connection, entry, values)


def _hashes(entries: list[Entry]) -> tuple[str, ...]:
    hashes = (entry_hash(entry) for entry in entries)
    return tuple(dict.fromkeys(found for found in hashes if found is not None))


def _update(connection: Connection, entry: Entry, values: dict[str, Any]) -> None:
    connection.execute(update(known_pages).where(_is(entry)).values(**values))


def _is(entry: Entry) -> ColumnElement[bool]:
    return and_(
        known_pages.c.outlet_id == entry.outlet_id,
        known_pages.c.canonical_url == entry.canonical_url,
    )
