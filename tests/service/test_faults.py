"""A full disk, a lock held for long, a folder that is read-only: told, survived, over by itself."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from service.cli.opening import bring_up_to_date
from service.demo.stage import Stage, stage, subscribe
from service.house import House, open_house
from storage.articles import count_articles
from storage.check import Verdict, examine
from tests.service.faults import Running, daemon, no_room, read_only
from tests.service.workers import assert_told_once, until_it_happened

LOCKED_SECONDS = 33


@pytest.fixture
def played(tmp_path: Path) -> Iterator[tuple[Stage, House]]:
    """A demo on SQLite with subscribers, in which nothing has happened yet."""
    with stage(tmp_path / "demo", port=0) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        yield setup, house
        house.close()


def until_articles(house: House, count: int) -> None:
    """Wait until so much stands in the archive: the fault is to meet work in flight."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        with house.database.read() as connection:
            if count_articles(connection) >= count:
                return
        time.sleep(0.1)
    raise AssertionError(f"no {count} articles came in")


def assert_everything_happened(setup: Stage, house: House) -> None:
    """Nothing is lost, nothing doubled, nothing damaged."""
    assert until_it_happened(setup, house).misses == ()
    assert_told_once(setup, house)
    findings = examine(house.database, deep=True)
    assert [one for one in findings if one.verdict is Verdict.BAD] == []


def assert_alive(running: Running) -> None:
    assert running.health("/healthz") == (200, "")
    assert running.process.poll() is None


@pytest.mark.kill
def test_a_full_disk_is_told_and_over_when_there_is_room(played: tuple[Stage, House]) -> None:
    setup, house = played
    with daemon(setup) as running:
        until_articles(house, 3)
        with no_room(running, setup.settings.data_folder):
            reason = running.until(503, within_seconds=20)
            assert "make room" in reason
            time.sleep(5)
            assert_alive(running)
        running.until(200, within_seconds=20)
        assert_everything_happened(setup, house)


@pytest.mark.kill
def test_a_folder_that_turns_read_only_is_told_and_over_when_it_can_be_written(
    played: tuple[Stage, House],
) -> None:
    setup, house = played
    with daemon(setup) as running:
        until_articles(house, 3)
        with read_only(setup.settings.data_folder):
            reason = running.until(503, within_seconds=20)
            assert str(setup.settings.data_folder) in reason
            assert "write" in reason
            time.sleep(5)
            assert_alive(running)
        running.until(200, within_seconds=20)
        assert_everything_happened(setup, house)


@pytest.mark.kill
def test_an_archive_locked_for_long_is_told_and_over_when_it_is_free(
    played: tuple[Stage, House],
) -> None:
    setup, house = played
    assert house.database.file is not None
    with daemon(setup) as running:
        until_articles(house, 3)
        with closing(
            sqlite3.connect(house.database.file, timeout=30, isolation_level=None)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            reason = running.until(503, within_seconds=20)
            assert "another writer held the archive" in reason
            time.sleep(LOCKED_SECONDS)
            assert_alive(running)
            other.execute("ROLLBACK")
        running.until(200, within_seconds=20)
        assert_everything_happened(setup, house)


@pytest.mark.kill
def test_a_table_locked_for_long_on_postgresql_delays_and_loses_nothing(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    with stage(tmp_path / "demo", port=0, database_url=empty_postgres_url) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        with daemon(setup) as running:
            until_articles(house, 3)
            with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as other:
                other.execute("LOCK TABLE articles, alembic_version IN SHARE MODE")
                reason = running.until(503, within_seconds=20)
                assert "another writer held the archive" in reason
                time.sleep(LOCKED_SECONDS)
                assert_alive(running)
            running.until(200, within_seconds=20)
            assert_everything_happened(setup, house)
        house.close()
