"""Copy a whole archive file consistently while it is in use, and put a copy back."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.database import Database
from storage.errors import BackupError
from storage.versions import known_versions, newest_version

#: Pages copied between two calls of `progress` (4 MB).
STEP_PAGES: Final = 1024

#: How much is done: pages copied, pages in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One finished copy of an archive."""

    file: Path
    size_bytes: int
    schema: str


def back_up(database: Database, to: Path, *, progress: Progress | None = None) -> Backup:
    """Copy the archive as of this instant to a new file, readers and writers undisturbed.

    The copy appears under its name only when it is whole and was checked. Raises BackupError; a
    PostgreSQL archive is backed up by its own tools, and the error says how.
    """
    source = _require_file(database)
    _require_new(to)
    with _partial(to) as partial:
        _copy(source, partial, progress or _silent)
        schema = inspect_backup(partial)
    return Backup(file=to, size_bytes=to.stat().st_size, schema=schema)


def restore(backup: Path, to: Path) -> Backup:
    """Put a checked backup where no archive stands yet. Raises BackupError."""
    _require_new(to)
    with _partial(to) as partial:
        _read_copy(backup, partial)
        schema = inspect_backup(partial)
    return Backup(file=to, size_bytes=to.stat().st_size, schema=schema)


def inspect_backup(file: Path) -> str:
    """Check that a file is a whole archive this release can read; return its schema's version."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            faults = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
            row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no archive of Rasad ({error}); name another file") from error
    if faults != ["ok"]:
        raise BackupError(f"{file} is damaged ({'; '.join(faults)}); use another backup")
    if row is None or row[0] not in known_versions():
        raise BackupError(
            f"{file} has schema {row[0] if row else 'none'}, this release of Rasad knows up to "
            f"{newest_version()}; install the release that wrote it"
        )
    return str(row[0])


def _require_file(database: Database) -> Path:
    if database.file is None:
        raise BackupError(
            f"{database.url} is a PostgreSQL archive; back it up with its own tools: "
            "pg_dump --format=custom --file=rasad.dump DATABASE_URL (restore: pg_restore)"
        )
    if not database.file.exists():
        raise BackupError(f"there is no archive at {database.file}; nothing to back up")
    return database.file


def _require_new(to: Path) -> None:
    if to.exists():
        raise BackupError(f"{to} exists already; name a new file, nothing is overwritten")
    if not to.parent.is_dir():
        raise BackupError(f"the folder {to.parent} does not exist; make it, or name another")


@contextmanager
def _partial(to: Path) -> Iterator[Path]:
    """Give a name to write under; at the end the file takes its real name, or is gone."""
    partial = to.with_name(f"{to.name}.partial")
    _clear(partial)  # a killed backup may have left one
    try:
        yield partial
        _flush(partial)
        partial.rename(to)
        _flush(to.parent)
    except OSError as error:
        raise BackupError(f"{to} cannot be written ({error.strerror}); name another") from error
    finally:
        _clear(partial)


def _clear(partial: Path) -> None:
    for left in (partial, Path(f"{partial}-wal"), Path(f"{partial}-shm")):
        with suppress(OSError):
            left.unlink()


def _copy(source: Path, partial: Path, progress: Progress) -> None:
    """Copy page by page inside one read transaction.

    Without that transaction SQLite would begin anew whenever another connection writes, and under
    load never end (sqlite.org/c3ref/backup_finish.html).
    """

    def tell(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
            live.isolation_level = None
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()
            live.backup(copy, pages=STEP_PAGES, progress=tell)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    except sqlite3.Error as error:
        raise BackupError(
            f"{source} could not be copied to {partial} ({error}); check the disk's room"
        ) from error


def _read_copy(backup: Path, partial: Path) -> None:
    if not backup.is_file():
        raise BackupError(f"there is no backup at {backup}")
    shutil.copyfile(backup, partial)


def _flush(path: Path) -> None:
    """Bring a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""
