"""Moving an archive to PostgreSQL: every row, once, also when broken off, and it goes on there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select, text

from storage.archive import archive
from storage.articles import Outcome, get_article
from storage.check import broken_invariants
from storage.codec import storable
from storage.database import Database
from storage.errors import MissingSchemaError, MoveError
from storage.migrate import migrate
from storage.move import Progress, move
from storage.query_parser import parse
from storage.schema.articles import articles
from storage.schema.everything import metadata
from storage.search import search
from tests.storage.archiving import ROLES, run
from tests.storage.articles import NOON, article, report
from tests.storage.filling import fill_empty_tables

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LEFT_BEHIND = {"workers", "search_documents"}


class BrokenOffError(Exception):
    """The move was stopped from outside."""


@pytest.fixture
def source(sqlite_url: str) -> Iterator[Database]:
    run(sqlite_url)
    database = Database.open(sqlite_url)
    with database.write() as connection:
        fill_empty_tables(connection)
        connection.execute(text("UPDATE stories SET merged_into = 2 WHERE id = 1"))
    yield database
    database.close()


@pytest.fixture
def target(empty_postgres_url: str) -> Iterator[Database]:
    database = Database.open(empty_postgres_url)
    yield database
    database.close()


def _silent(_table: str, _done: int, _of: int) -> None:
    """Hear the progress and say nothing."""


def _rows(connection: Connection, table: Table) -> list[Any]:
    found = connection.execute(select(table))
    return sorted(
        [tuple(storable(one) if isinstance(one, str) else one for one in row) for row in found],
        key=str,
    )


def _require_equal(source: Database, target: Database) -> None:
    with source.read() as old, target.read() as new:
        for table in metadata.sorted_tables:
            if table.name not in LEFT_BEHIND:
                assert _rows(old, table), f"{table.name} is empty and proves nothing"
                assert _rows(new, table) == _rows(old, table)


def test_every_row_of_every_table_arrives_as_it_was(source: Database, target: Database) -> None:
    moved = move(source, target, progress=_silent, batch_rows=7)
    _require_equal(source, target)
    with source.read() as old:
        counts = {
            table.name: old.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    assert {one.table: one.rows for one in moved} == {
        name: count for name, count in counts.items() if name != "workers"
    }


def test_a_search_finds_the_same_articles_in_the_same_order(
    source: Database, target: Database
) -> None:
    move(source, target, progress=_silent)
    for words in ("سیرجان", "role:local شهرک", '"وام سرمایه" AND NOT بم'):
        found = [_found(database, words) for database in (source, target)]
        assert found[0] == found[1] != []


def _found(database: Database, words: str) -> list[int]:
    with database.read() as connection:
        page = search(connection, parse(words, now=NOW), limit=50)
        return [hit.article_id for hit in page.hits]


def test_the_archive_goes_on_in_its_new_place(source: Database, target: Database) -> None:
    move(source, target, progress=_silent)
    with target.write() as connection:
        added = archive(connection, article(777), roles=ROLES, now=NOW)
        again = archive(connection, report("sobh", minutes=-9999), roles=ROLES, now=NOW)
        last = connection.execute(select(func.max(articles.c.id))).scalar_one()
    assert added.outcome is again.outcome is Outcome.NEW
    assert last == again.article_id == added.article_id + 1


def test_a_move_broken_off_anywhere_goes_on_where_it_stood(
    source: Database, target: Database
) -> None:
    told: list[tuple[str, int]] = []

    def stop_sometimes(table: str, done: int, _of: int) -> None:
        if (table, done) not in told:
            told.append((table, done))
            if len(told) % 9 == 0:
                raise BrokenOffError

    attempts = 0
    while not _moves(source, target, stop_sometimes):
        attempts += 1
    assert attempts > 5
    _require_equal(source, target)
    grown = [done for table, done in told if table == "fingerprints"]
    assert grown == sorted(grown)
    with target.read() as connection:
        assert "move_progress" not in _table_names(connection)


def _moves(source: Database, target: Database, progress: Progress) -> bool:
    try:
        move(source, target, progress=progress, batch_rows=10)
    except BrokenOffError:
        return False
    return True


def _table_names(connection: Connection) -> set[str]:
    return set(connection.execute(text("SELECT tablename FROM pg_tables")).scalars())


def test_a_source_that_changed_since_is_not_mixed_in(source: Database, target: Database) -> None:
    def stop(table: str, done: int, _of: int) -> None:
        if table == "revisions" and done:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        move(source, target, progress=stop, batch_rows=10)
    with source.write() as connection:
        archive(connection, article(888), roles=ROLES, now=NOON)
    with pytest.raises(MoveError, match="has changed since"):
        move(source, target, progress=_silent)


def test_a_target_that_holds_something_is_left_alone(source: Database, target: Database) -> None:
    migrate(target)
    with target.write() as connection:
        kept = archive(connection, article(), roles=ROLES, now=NOW)
    with pytest.raises(MoveError, match=r"not empty \(rows in articles"):
        move(source, target, progress=_silent)
    with target.read() as connection:
        assert get_article(connection, kept.article_id).article == article()


def test_rows_that_do_not_add_up_are_told(source: Database, target: Database) -> None:
    def lose_some(table: str, done: int, of: int) -> None:
        if table == "visits" and done == of:
            with target.write() as connection:
                connection.execute(text("DELETE FROM health_changes"))

    with pytest.raises(MoveError, match="health_changes 0 of"):
        move(source, target, progress=lose_some)


def test_only_a_migrated_sqlite_archive_moves_and_only_to_postgresql(
    source: Database, target: Database, sqlite_url: str
) -> None:
    with pytest.raises(MoveError, match="from SQLite to PostgreSQL"):
        move(target, source, progress=_silent)
    with pytest.raises(MoveError, match="from SQLite to PostgreSQL"):
        move(source, Database.open(sqlite_url), progress=_silent)
    empty = Database.open(sqlite_url.replace("archive.db", "never.db"))
    with pytest.raises(MissingSchemaError):
        move(empty, target, progress=_silent)
    empty.close()


def test_the_moved_archive_is_whole(sqlite_url: str, target: Database) -> None:
    run(sqlite_url)
    source = Database.open(sqlite_url)
    move(source, target, progress=_silent)
    with target.read() as connection:
        assert broken_invariants(connection) == ()
    source.close()
