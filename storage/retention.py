"""Forget what an archive need not keep for ever: old visits and acts, dead addresses, old pages.

Articles, their texts and stories are never forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete

from storage.audit import forget_audit
from storage.database import Database
from storage.fingerprints import forget_fingerprints
from storage.kept_pages import forget_files
from storage.members import forget_sketches
from storage.pages import PageStore
from storage.schema.visits import health_changes, known_pages
from storage.visits import forget_visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each kind of record is kept.

    `comparisons` are the fingerprints and sketches a new article is compared by: nothing older than
    the window of two periods is ever asked for.
    """

    visits: timedelta = timedelta(days=90)
    health_changes: timedelta = timedelta(days=365)
    dead_addresses: timedelta = timedelta(days=180)
    pages: timedelta = timedelta(days=90)
    audit: timedelta = timedelta(days=400)
    comparisons: timedelta = timedelta(days=75)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much a round forgot."""

    visits: int = 0
    health_changes: int = 0
    dead_addresses: int = 0
    pages: int = 0
    audit: int = 0
    freed_bytes: int = 0


def forget_old(
    database: Database, store: PageStore | None, retention: Retention, *, now: datetime
) -> Forgotten:
    """Forget what is older than its time; `store` is None when no pages are kept. Repeatable.

    Each kind has a short transaction of its own, so that no writer waits for the whole.
    """
    with database.write() as connection:
        visits = forget_visits(connection, before=now - retention.visits)
    with database.write() as connection:
        changes = _forget_changes(connection, now - retention.health_changes)
    with database.write() as connection:
        addresses = _forget_addresses(connection, now - retention.dead_addresses)
    with database.write() as connection:
        acts = forget_audit(connection, before=now - retention.audit)
    with database.write() as connection:
        forget_fingerprints(connection, before=now - retention.comparisons)
        forget_sketches(connection, before=now - retention.comparisons)
    pages, freed = (
        (0, 0) if store is None else _forget_pages(database, store, now - retention.pages)
    )
    return Forgotten(
        visits=visits,
        health_changes=changes,
        dead_addresses=addresses,
        pages=pages,
        audit=acts,
        freed_bytes=freed,
    )


def _forget_changes(connection: Connection, before: datetime) -> int:
    old = health_changes.c.changed_at < before
    return connection.execute(delete(health_changes).where(old)).rowcount


def _forget_addresses(connection: Connection, before: datetime) -> int:
    """Forget addresses that never gave an article and are not waited for."""
    dead = and_(
        known_pages.c.article_id.is_(None),
        known_pages.c.due_at.is_(None),
        known_pages.c.found_at < before,
    )
    return connection.execute(delete(known_pages).where(dead)).rowcount


def _forget_pages(database: Database, store: PageStore, before: datetime) -> tuple[int, int]:
    """Forget the rows first: a kill in between leaves files that the next round finds again.

    Files that a dead writer left open are closed before, so that they grow old like the others.
    """
    store.repair()
    files = store.expired(before.date())
    with database.write() as connection:
        pages = forget_files(connection, files)
    return pages, store.delete(files)
