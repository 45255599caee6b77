"""Name the expected failures of SQLite's and PostgreSQL's drivers in our own tree of errors."""

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from storage.errors import (
    BusyError,
    CorruptError,
    FullError,
    StorageError,
    UnreachableError,
    UnusableFolderError,
)

#: Conditions of PostgreSQL (its manual, appendix A) and what they are to us.
_DISK_FULL: Final = "53100"
_WAITED_IN_VAIN: Final = frozenset({"55P03", "40P01"})  # lock_not_available, deadlock_detected

#: The classes psycopg raises for a refused, lost or shut-down connection.
_UNREACHABLE: Final = frozenset(
    {
        "OperationalError",
        "AdminShutdown",
        "CrashShutdown",
        "CannotConnectNow",
        "ConnectionTimeout",
        "ConnectionFailure",
        "ConnectionException",
        "SqlclientUnableToEstablishSqlconnection",
        "TooManyConnections",
        "IdleSessionTimeout",
    }
)
#: The server ended a transaction that stood still (`storage.database` asks it to).
_STOOD_STILL: Final = "25P03"  # idle_in_transaction_session_timeout


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which database an error is about: its URL without the password, its file if it has one."""

    url: str
    file: Path | None
    patience: timedelta


def expected_error(error: Exception, place: Place) -> StorageError | None:
    """Turn a driver's error, wrapped by SQLAlchemy or not, into ours.

    None for a surprise, which is to propagate as it is.
    """
    raised = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(raised, sqlite3.Error):
        return _of_sqlite(raised, place)
    return _of_postgresql(raised, place)


def busy_error(place: Place) -> BusyError:
    """Say that somebody else held the archive for too long."""
    return BusyError(
        f"another writer held the archive {place.url} for more than "
        f"{place.patience.total_seconds():g} s; find what holds it, or try again later"
    )


def _of_sqlite(error: sqlite3.Error, place: Place) -> StorageError | None:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the primary code of an extended one
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy_error(place)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return FullError(
                f"the disk of the archive {place.file} is full or refuses ({error}); make room on "
                "it, or look at its quota and its health"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return CorruptError(
                f"{place.file} is damaged or no archive ({error}); restore a backup of it"
            )
        case sqlite3.SQLITE_CANTOPEN:
            return _unusable(error, place)
        case sqlite3.SQLITE_READONLY if place.file is None or not _is_writable(place.file):
            return _unusable(error, place)
        case _:  # a write inside `read()` is read-only too: a bug of ours, to be seen as one
            return None


def _unusable(error: sqlite3.Error, place: Place) -> UnusableFolderError:
    return UnusableFolderError(
        f"the archive {place.file} cannot be opened ({error}); check that its folder exists and "
        "that this user may write to it"
    )


def _is_writable(file: Path) -> bool:
    """Try it: permission bits say nothing about a read-only mount."""
    try:
        with file.open("r+b"):
            return True
    except OSError:
        return False


def _of_postgresql(error: BaseException | None, place: Place) -> StorageError | None:
    state = getattr(error, "sqlstate", None)
    if state == _DISK_FULL:
        return FullError(f"the disk of the server {place.url} is full; make room on it")
    if state == _STOOD_STILL:
        return BusyError(
            f"a transaction on {place.url} stood still so long that the server ended it: this "
            "machine was paused or is overloaded; nothing of it was kept, try again"
        )
    if state in _WAITED_IN_VAIN:
        return busy_error(place)
    if type(error).__name__ in _UNREACHABLE:
        first_line = str(error).strip().partition("\n")[0]
        return UnreachableError(
            f"the database {place.url} does not answer ({first_line}); "
            "check that the server runs and that the URL is right"
        )
    return None
