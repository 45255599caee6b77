"""The database: transactions, snapshots, threads, and errors in words."""

import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from storage.database import POOL_OVERFLOW, POOL_SIZE, Database
from storage.errors import (
    BusyError,
    CorruptError,
    UnreachableError,
    UnsupportedUrlError,
    UnusableFolderError,
)
from storage.schema.types import UtcDateTime

notes = Table(
    "notes", MetaData(), Column("id", Integer, primary_key=True), Column("noted_at", UtcDateTime)
)
NOON = datetime(2026, 3, 21, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def noted(database: Database) -> Database:
    with database.write() as connection:
        notes.create(connection)
    return database


def _count(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(select(notes.c.id)).all())


def test_what_a_transaction_wrote_stays(noted: Database) -> None:
    with noted.write() as connection:
        connection.execute(insert(notes).values(id=1))
    assert _count(noted) == 1


def test_an_exception_undoes_the_whole_transaction(noted: Database) -> None:
    def fail() -> None:
        with noted.write() as connection:
            connection.execute(insert(notes).values(id=1))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert _count(noted) == 0


def test_tables_made_in_a_failed_transaction_are_gone(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            notes.create(connection)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with database.write() as connection:
        notes.create(connection)


def test_a_reader_sees_one_snapshot(noted: Database) -> None:
    with noted.read() as reader:
        assert reader.execute(select(notes.c.id)).all() == []
        with noted.write() as writer:
            writer.execute(insert(notes).values(id=1))
        assert reader.execute(select(notes.c.id)).all() == []
    assert _count(noted) == 1


def test_a_reader_cannot_write(noted: Database) -> None:
    with pytest.raises(DBAPIError), noted.read() as connection:
        connection.execute(insert(notes).values(id=1))
    with noted.write() as connection:
        connection.execute(insert(notes).values(id=2))
    assert _count(noted) == 1


def test_threads_write_one_after_the_other_and_lose_nothing(noted: Database) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 25):
            with noted.write() as connection:
                connection.execute(insert(notes).values(id=number))

    threads = [threading.Thread(target=add, args=(start,)) for start in range(0, 150, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(noted) == 150


def test_times_come_back_aware_and_in_utc_whatever_zone_they_went_in(noted: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    with noted.write() as connection:
        connection.execute(insert(notes).values(id=1, noted_at=NOON.astimezone(tehran)))
        connection.execute(insert(notes).values(id=2, noted_at=None))
    with noted.read() as connection:
        read = connection.execute(select(notes.c.noted_at).order_by(notes.c.id)).scalars().all()
    assert read == [NOON, None]
    assert read[0] is not None
    assert read[0].tzinfo is UTC


def test_times_sort_and_compare_as_time_does(noted: Database) -> None:
    instants = [NOON + timedelta(microseconds=step) for step in (5, -5, 0, 1_000_000)]
    with noted.write() as connection:
        for number, instant in enumerate(instants):
            connection.execute(insert(notes).values(id=number, noted_at=instant))
    with noted.read() as connection:
        later = select(notes.c.noted_at).where(notes.c.noted_at > NOON)
        read = connection.execute(later.order_by(notes.c.noted_at)).scalars().all()
    assert read == [instants[0], instants[3]]


def test_a_naive_time_is_refused(noted: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"), noted.write() as connection:
        connection.execute(insert(notes).values(id=1, noted_at=NOON.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://localhost/rasad", "mysql"),
        ("sqlite://", "without a file"),
        ("sqlite:///:memory:", "without a file"),
        ("رصد", "no URL"),
    ],
)
def test_a_database_rasad_does_not_speak_is_refused_by_name(url: str, reason: str) -> None:
    with pytest.raises(UnsupportedUrlError, match=reason):
        Database.open(url)


def test_the_plain_postgresql_scheme_means_our_driver() -> None:
    database = Database.open("postgresql://rasad:secret@localhost/rasad")
    assert database.dialect == "postgresql"
    assert database.url == "postgresql+psycopg://rasad:***@localhost/rasad"
    assert database.file is None


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "archive.db"
    database = Database.open(f"sqlite:///{file}")
    with database.write() as connection:
        notes.create(connection)
    database.close()
    assert database.file == file
    assert file.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands here")
    with pytest.raises(UnusableFolderError, match="taken"):
        Database.open(f"sqlite:///{tmp_path / 'taken' / 'archive.db'}")


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}")
    with pytest.raises(UnusableFolderError, match="cannot be opened"), database.read():
        pass
    database.close()


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    file.write_bytes(b"this is not a database at all" * 100)
    database = Database.open(f"sqlite:///{file}")
    with pytest.raises(CorruptError, match="restore a backup"), database.read():
        pass
    database.close()


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    database = Database.open(f"postgresql+psycopg://rasad:secret@/rasad?host={tmp_path}")
    with pytest.raises(UnreachableError, match="does not answer") as caught, database.read():
        pass
    assert "secret" not in str(caught.value)
    assert caught.value.permanent is False


def test_a_writer_that_waits_too_long_is_told_so(database_url: str) -> None:
    holder = Database.open(database_url)
    waiter = Database.open(database_url, patience=timedelta(seconds=0.2))
    with holder.write() as held:
        notes.create(held)
        with pytest.raises(BusyError, match=r"0\.2 s"), waiter.write() as connection:
            notes.create(connection)
    holder.close()
    waiter.close()


def test_a_writer_that_stands_still_is_ended_and_the_others_go_on(empty_postgres_url: str) -> None:
    frozen = Database.open(empty_postgres_url, patience=timedelta(seconds=1))
    patient = Database.open(empty_postgres_url, patience=timedelta(seconds=10))
    with ExitStack() as unwinding:
        held = unwinding.enter_context(frozen.write())
        notes.create(held)
        with patient.write() as connection:
            notes.create(connection)
        with pytest.raises(BusyError, match="stood still"):
            unwinding.close()
    assert _count(patient) == 0
    frozen.close()
    patient.close()


def test_a_reader_may_stand_still_as_long_as_it_likes(empty_postgres_url: str) -> None:
    database = Database.open(empty_postgres_url, patience=timedelta(seconds=0.2))
    with database.read() as connection:
        before = connection.execute(text("SELECT now()")).scalar_one()
        time.sleep(0.5)
        assert connection.execute(text("SELECT now()")).scalar_one() == before
    database.close()


def test_writers_of_one_process_stand_in_line_no_longer_than_their_patience(
    sqlite_url: str,
) -> None:
    database = Database.open(sqlite_url, patience=timedelta(seconds=0.1))
    with database.write(), pytest.raises(BusyError):
        threading_write(database)
    database.close()


def test_more_transactions_than_connections_wait_their_patience_and_are_told(
    sqlite_url: str,
) -> None:
    database = Database.open(sqlite_url, patience=timedelta(seconds=0.1))
    with ExitStack() as held:
        for _ in range(POOL_SIZE + POOL_OVERFLOW):
            held.enter_context(database.read())
        with pytest.raises(BusyError):
            held.enter_context(database.read())
    with database.read() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


def test_what_is_not_expected_propagates_as_it_is(database: Database) -> None:
    with pytest.raises(DBAPIError, match="nowhere"), database.read() as connection:
        connection.execute(text("SELECT * FROM nowhere"))


def threading_write(database: Database) -> None:
    """Write from another thread and raise here what was raised there."""
    raised: list[BaseException] = []

    def write() -> None:
        try:
            with database.write() as connection:
                connection.execute(text("SELECT 1"))
        except BusyError as error:
            raised.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    for error in raised:
        raise error
