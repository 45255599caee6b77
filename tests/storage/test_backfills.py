"""How far a walk into the past has come, the same on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

from storage.backfills import Backfill, find_backfill, keep_backfill
from storage.database import Database

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WALK = Backfill(outlet_id="o", way_url="http://o.example/archive", since=date(2023, 3, 21))


def _find(database: Database, since: date = WALK.since) -> Backfill | None:
    with database.read() as connection:
        return find_backfill(connection, "o", WALK.way_url, since)


def test_a_walk_is_found_where_it_stood(database: Database) -> None:
    later = replace(WALK, cursor="p=4", steps=4, articles=31)
    for walk in (WALK, later, later):
        with database.write() as connection:
            keep_backfill(connection, walk, now=NOW)
    assert _find(database) == later


def test_another_day_is_another_walk(database: Database) -> None:
    with database.write() as connection:
        keep_backfill(connection, replace(WALK, is_done=True), now=NOW)
    assert _find(database, date(2022, 3, 21)) is None
    found = _find(database)
    assert found is not None
    assert found.is_done
