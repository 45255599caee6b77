"""Open the archive's database, SQLite or PostgreSQL, and hand out its transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, Self

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.driver_errors import Place, busy_error, expected_error
from storage.errors import BusyError, UnsupportedUrlError, UnusableFolderError

#: How long a writer waits for its turn. Longer than any transaction of ours by far; a lock held
#: for 30 s by something else (a backup tool, a stuck shell) is then told, not waited out for ever.
PATIENCE: Final = timedelta(seconds=30)

#: Connections kept and lent beyond that: the workers' threads plus the web's. A server takes a
#: hundred by default, for all workers and the engine together; who finds none free waits his turn.
#: PostgreSQL's writers have as many of their own, but wait for one another anyway: few beyond.
POOL_SIZE: Final = 6
POOL_OVERFLOW: Final = 10
_WRITERS_OVERFLOW: Final = 2

#: Under this name a pooled connection remembers what it was last used for.
_WRITES: Final = "rasad_writes"

DialectName = Literal["sqlite", "postgresql"]


class Database:
    """The archive's database; safe to use from several threads.

    `read()` is one consistent snapshot that refuses writes, `write()` one transaction that commits
    at its end and rolls back on any exception. On SQLite writers stand in line (BEGIN IMMEDIATE);
    a thread must not open `write()` inside its own `write()`.
    """

    def __init__(self, readers: Engine, writers: Engine, *, patience: timedelta = PATIENCE) -> None:
        self._readers = readers
        self._writers = writers
        self._place = Place(url=self.url, file=self.file, patience=patience)
        self._driver_error = writers.dialect.loaded_dbapi.Error
        self._line = threading.Lock() if self.dialect == "sqlite" else None

    @classmethod
    def open(cls, url: str, *, patience: timedelta = PATIENCE, makes_folder: bool = True) -> Self:
        """Open a database by its URL, without touching it yet; only its folder is made.

        `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql+psycopg://…`. Raises
        UnsupportedUrlError or UnusableFolderError; a server that does not answer is noticed by the
        first transaction (UnreachableError).
        """
        parsed = _parse(url)
        if parsed.get_backend_name() == "postgresql":
            readers, writers = (
                _postgresql_readers(parsed, patience),
                _postgresql_writers(parsed, patience),
            )
        else:
            if makes_folder:
                _require_folder(Path(str(parsed.database)))
            engine = _sqlite_engine(parsed, patience)
            readers = engine.execution_options(rasad_writes=False)
            writers = engine.execution_options(rasad_writes=True)
        return cls(readers, writers, patience=patience)

    @property
    def dialect(self) -> DialectName:
        """Which of the two databases this is."""
        return "sqlite" if self._writers.dialect.name == "sqlite" else "postgresql"

    @property
    def url(self) -> str:
        """The URL with its password hidden, for messages."""
        return self._writers.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite archive; None on PostgreSQL."""
        return Path(str(self._writers.url.database)) if self.dialect == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot: what others commit meanwhile stays unseen, and a write raises."""
        with self._told(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception."""
        with self._told(), self._turn(), self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every idle connection; the database can be used again afterwards."""
        self._readers.dispose()
        self._writers.dispose()

    def _turn(self) -> AbstractContextManager[object]:
        return nullcontext() if self._line is None else self._wait_in_line(self._line)

    @contextmanager
    def _wait_in_line(self, line: threading.Lock) -> Iterator[None]:
        if not line.acquire(timeout=self._place.patience.total_seconds()):
            raise self._busy()
        try:
            yield
        finally:
            line.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Map what the drivers raise to our tree; anything not expected propagates as it is."""
        try:
            yield
        except PoolTimeoutError as error:
            raise self._busy() from error
        except (DBAPIError, self._driver_error) as error:
            expected = expected_error(error, self._place)
            if expected is None:
                raise
            raise expected from error

    def _busy(self) -> BusyError:
        return busy_error(self._place)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
        raise UnsupportedUrlError(_unsupported("which is no URL")) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UnsupportedUrlError(_unsupported(f"a {backend!r} database"))
    if not parsed.database or parsed.database == ":memory:":
        raise UnsupportedUrlError(_unsupported("a SQLite database without a file"))
    return parsed


def _unsupported(what: str) -> str:
    return (
        f"database_url names {what}; use sqlite:///path/to/archive.db "
        "or postgresql+psycopg://user:password@host/database"
    )


def _require_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFolderError(
            f"the folder {file.parent} of the archive cannot be made ({error.strerror}); "
            "make it, or name another folder"
        ) from error


def _sqlite_engine(url: URL, patience: timedelta) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": patience.total_seconds(), "check_same_thread": False},
        hide_parameters=True,  # an error is logged; what was bound may be a secret
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=patience.total_seconds(),
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite forgets between connections.

    WAL lets readers read while one writes; with it synchronous=NORMAL survives the kill of the
    process, and a power cut costs the last commits but never the file (sqlite.org/pragma.html).
    """
    connection.isolation_level = None  # transactions are begun by us, see _begin_sqlite
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -16384",  # 16 MB, for each connection of the pool
        "temp_store = MEMORY",
        "wal_autocheckpoint = 4000",  # an article touches 60 pages, mostly the same ones
        "journal_size_limit = 67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Begin as a writer at once, or as a reader that cannot write.

    A deferred transaction that turns from reading to writing fails at once whatever the timeout.
    Spoken to the driver itself: this is said for every article.
    """
    held = connection.connection
    raw = held.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101  # the engine is SQLite's
    writes = bool(connection.get_execution_options().get("rasad_writes"))
    if held.info.get(_WRITES) is not writes:
        raw.execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        held.info[_WRITES] = writes
    raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_readers(url: URL, patience: timedelta) -> Engine:
    """Open read-only snapshots; one may stand still as long as whoever reads it takes."""
    engine = _postgresql_engine(url, patience, POOL_OVERFLOW)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _postgresql_writers(url: URL, patience: timedelta) -> Engine:
    """Open transactions that the server ends when they stand still.

    A worker that is frozen inside one (a paused machine, a stopped process) holds the lock on
    stories: without this all others would wait until it thaws. Half the patience, so that they
    never see it.
    """
    idle = {"idle_in_transaction_session_timeout": _milliseconds(patience / 2)}
    return _postgresql_engine(url, patience, _WRITERS_OVERFLOW, **idle)


def _postgresql_engine(url: URL, patience: timedelta, overflow: int, **settings: int) -> Engine:
    settings |= {"lock_timeout": _milliseconds(patience)}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return create_engine(
        url,
        connect_args={
            "connect_timeout": 10,
            "application_name": "rasad",
            "options": f"-c timezone=UTC {options}",
        },
        pool_pre_ping=True,
        hide_parameters=True,  # an error is logged; what was bound may be a secret
        pool_size=POOL_SIZE,
        max_overflow=overflow,
        pool_timeout=patience.total_seconds(),
    )


def _milliseconds(span: timedelta) -> int:
    return max(int(span / timedelta(milliseconds=1)), 1)
