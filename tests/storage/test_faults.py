"""Faults of disk and server: told in words, nothing damaged, and over when the fault is over."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.articles import count_articles, keep_article
from storage.check import Verdict, examine
from storage.database import Database
from storage.errors import FullError, StorageError, UnreachableError, UnusableFolderError
from storage.migrate import migrate
from tests.postgres import PostgresServer
from tests.storage.articles import article, paragraph

NOBODY = 65534


def _keep(database: Database, number: int, size: int = 1) -> None:
    with database.write() as connection:
        keep_article(connection, article(number, blocks=paragraph("مس " * size)))


def _count(database: Database) -> int:
    with database.read() as connection:
        return count_articles(connection)


def _keep_without_room(database: Database) -> None:
    """Write more than the file may grow by."""
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 10}")
        try:
            keep_article(connection, article(2, blocks=paragraph("مس " * 100_000)))
        finally:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000000")


def test_a_full_disk_is_told_and_costs_only_the_transaction(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    _keep(database, 1)
    with pytest.raises(FullError, match="make room") as caught:
        _keep_without_room(database)
    assert not caught.value.permanent
    assert _count(database) == 1
    _keep(database, 2, size=100_000)
    assert _count(database) == 2
    integrity = {one.what: one.verdict for one in examine(database, deep=True)}["integrity"]
    assert integrity is Verdict.GOOD
    database.close()


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder that everybody may read and only its owner may write."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def _without_the_right_to_write(folder: Path) -> Iterator[None]:
    """Take the right away: by the mode, and as root (whom no mode binds) by being nobody."""
    folder.chmod(0o555)
    for file in folder.iterdir():
        file.chmod(0o444)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)
        for file in folder.iterdir():
            file.chmod(0o644)


def test_a_folder_that_became_read_only_is_told_and_over_when_it_is_over(guarded: Path) -> None:
    database = Database.open(f"sqlite:///{guarded / 'archive.db'}")
    migrate(database)
    _keep(database, 1)
    database.close()
    with (
        _without_the_right_to_write(guarded),
        pytest.raises(UnusableFolderError, match=str(guarded)),
    ):
        _keep(database, 2)
    database.close()
    _keep(database, 2)
    assert _count(database) == 2
    database.close()


def test_a_folder_that_refuses_the_first_file_is_named(guarded: Path) -> None:
    with _without_the_right_to_write(guarded):
        database = Database.open(f"sqlite:///{guarded / 'archive.db'}")
        with pytest.raises(UnusableFolderError, match="this user may write"):
            migrate(database)
    database.close()


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server of the test's own, to be killed, that keeps what it committed."""
    server = PostgresServer(fast=False)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        server.remove()


def test_a_server_that_crashes_is_told_and_used_again_when_it_is_back(
    own_server: PostgresServer,
) -> None:
    database = Database.open(own_server.create("rasad"))
    migrate(database)
    _keep(database, 1)
    with pytest.raises(UnreachableError, match="does not answer"):
        _crash_in_the_middle(database, own_server)
    with pytest.raises(StorageError) as caught:
        _keep(database, 2)
    assert not caught.value.permanent
    own_server.start()
    _keep(database, 2)
    assert _count(database) == 2
    database.close()


def _crash_in_the_middle(database: Database, server: PostgresServer) -> None:
    with database.write() as connection:
        keep_article(connection, article(2))
        server.kill()
        keep_article(connection, article(3))
