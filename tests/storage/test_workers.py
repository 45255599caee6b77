"""Heartbeats and adoption, the same on both databases."""

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.workers import Worker, all_workers, beat, claim_silent, leave

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _worker(name: str, at: datetime = NOON) -> Worker:
    return Worker(id=name, machine="m1", process=41, started_at=NOON, beat_at=at)


def _beat(database: Database, worker: Worker) -> bool:
    with database.write() as connection:
        return beat(connection, worker)


def _claim(database: Database, by: str, before: datetime) -> list[str]:
    with database.write() as connection:
        return claim_silent(connection, before=before, by=by)


def test_a_worker_that_beats_is_known_with_its_last_beat(database: Database) -> None:
    _beat(database, _worker("a"))
    _beat(database, _worker("a", NOON + timedelta(seconds=10)))
    with database.read() as connection:
        known = all_workers(connection)
    assert known == [_worker("a", NOON + timedelta(seconds=10))]


def test_only_a_silent_worker_is_claimed_and_only_once(database: Database) -> None:
    _beat(database, _worker("dead"))
    _beat(database, _worker("b", NOON + timedelta(minutes=1)))
    _beat(database, _worker("c", NOON + timedelta(minutes=1)))
    before = NOON + timedelta(seconds=20)
    assert _claim(database, "b", before) == ["dead"]
    assert _claim(database, "c", before) == []


def test_a_worker_never_claims_itself(database: Database) -> None:
    _beat(database, _worker("a"))
    assert _claim(database, "a", NOON + timedelta(hours=1)) == []


def test_a_worker_that_was_adopted_hears_so_once_when_it_comes_back(database: Database) -> None:
    _beat(database, _worker("a"))
    _claim(database, "b", NOON + timedelta(seconds=1))
    assert _beat(database, _worker("a", NOON + timedelta(minutes=5)))
    assert not _beat(database, _worker("a", NOON + timedelta(minutes=6)))


def test_a_worker_that_leaves_is_forgotten(database: Database) -> None:
    _beat(database, _worker("a"))
    with database.write() as connection:
        leave(connection, "a")
        leave(connection, "a")
        assert all_workers(connection) == []
