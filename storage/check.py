"""Examine an archive for the doctor: whole, of this release, writable, with room to grow."""

import errno
import os
import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from storage.database import Database
from storage.errors import FullError, SchemaError, StorageError, UnusableFolderError
from storage.migrate import require_schema
from storage.versions import newest_version

#: Below this much room writing stops soon; below the larger one somebody should act.
ROOM_NEEDED_BYTES: Final = 200 * 1024 * 1024
ROOM_WANTED_BYTES: Final = 2 * 1024 * 1024 * 1024

#: A write-ahead log of this size was not taken in for long: some reader never ends.
LOG_MAX_BYTES: Final = 512 * 1024 * 1024

#: What a system says when there is no room: none at all, over a quota, over a process's limit.
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

#: A larger SQLite file is read through only when asked for: a disk reads some 200 MB a second.
QUICK_MAX_BYTES: Final = 1024 * 1024 * 1024


class Verdict(StrEnum):
    """How a matter stands."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One matter examined: what it is, how it stands, and in words what was seen and what to do."""

    what: str
    verdict: Verdict
    detail: str


#: Sentences that must hold, each with the query that counts where it does not.
_INVARIANTS: Final = {
    "every article has a story": (
        "SELECT count(*) FROM articles WHERE NOT EXISTS "
        "(SELECT 1 FROM story_members WHERE story_members.article_id = articles.id)"
    ),
    "every article has the text it shows": (
        "SELECT count(*) FROM articles WHERE NOT EXISTS "
        "(SELECT 1 FROM revisions WHERE revisions.article_id = articles.id "
        "AND revisions.content_hash = articles.content_hash)"
    ),
    "every article's text was shown at some time": (
        "SELECT count(*) FROM articles WHERE NOT EXISTS "
        "(SELECT 1 FROM showings WHERE showings.article_id = articles.id "
        "AND showings.content_hash = articles.content_hash)"
    ),
    "every living story has its original among its members": (
        "SELECT count(*) FROM stories WHERE merged_into IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM story_members WHERE story_members.story_id = stories.id "
        "AND story_members.article_id = stories.original_article_id)"
    ),
    "no article belongs to a story that was taken in": (
        "SELECT count(*) FROM story_members JOIN stories ON stories.id = story_members.story_id "
        "WHERE stories.merged_into IS NOT NULL"
    ),
    "every article of a story can be searched": (
        "SELECT count(*) FROM story_members WHERE NOT EXISTS "
        "(SELECT 1 FROM search_documents "
        "WHERE search_documents.article_id = story_members.article_id)"
    ),
}


def examine(
    database: Database, *, deep: bool = False, quick_max_bytes: int = QUICK_MAX_BYTES
) -> tuple[Finding, ...]:
    """Examine an archive without changing it.

    A SQLite file is read through up to `quick_max_bytes`, a larger one only when `deep`; `deep`
    compares every index with its table besides. A database that does not answer is a finding too,
    and ends the examination.
    """
    if database.file is not None and not database.file.exists():
        detail = f"{database.file} is not there yet; `rasad migrate` or the first start makes it"
        return (Finding(what="schema", verdict=Verdict.BAD, detail=detail),)
    schema = _schema(database)
    if schema.verdict is Verdict.BAD:
        return (schema,)
    try:
        return (schema, *_contents(database, deep=deep, quick_max_bytes=quick_max_bytes))
    except StorageError as error:
        return (schema, Finding(what="integrity", verdict=Verdict.BAD, detail=str(error)))


def examine_folder(folder: Path) -> tuple[Finding, ...]:
    """Examine the folder that holds the data: whether it can be written, and its room."""
    return (_writable(folder), _room(folder))


def require_writable(database: Database, folder: Path) -> None:
    """Raise the error that says why nothing can be kept now; what is tried changes nothing.

    The disk of the folder is tried as well as the database: a log that has room left hides a full
    disk for a while, and PostgreSQL stands elsewhere.
    """
    require_schema(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    error = _try_to_write(folder)
    if error is not None:
        kind = FullError if error.errno in NO_ROOM else UnusableFolderError
        raise kind(_refused(folder, error))


def broken_invariants(connection: Connection) -> tuple[Finding, ...]:
    """List the sentences that do not hold of the archive's rows; none when it is whole."""
    counted = {
        what: connection.execute(text(query)).scalar_one() for what, query in _INVARIANTS.items()
    }
    return tuple(
        Finding(
            what=what,
            verdict=Verdict.BAD,
            detail=f"does not hold for {count} rows; restore a backup and report this",
        )
        for what, count in counted.items()
        if count
    )


def _contents(database: Database, *, deep: bool, quick_max_bytes: int) -> tuple[Finding, ...]:
    size = 0 if database.file is None else database.file.stat().st_size
    with database.read() as connection:
        if deep or size <= quick_max_bytes:
            integrity = _integrity(database, connection, deep=deep)
        else:
            detail = f"{_megabytes(size)} were not read through; `rasad doctor --deep` does"
            integrity = _good("integrity", detail)
        if integrity.verdict is Verdict.BAD:
            return (integrity,)
        broken = broken_invariants(connection)
    rows = broken or (_good("rows", f"{len(_INVARIANTS)} sentences hold of every row"),)
    log = () if database.file is None else (_log(database.file),)
    return (integrity, *rows, *log)


def _schema(database: Database) -> Finding:
    try:
        require_schema(database)
    except SchemaError as error:
        return Finding(what="schema", verdict=Verdict.BAD, detail=str(error))
    except StorageError as error:
        return Finding(what="database", verdict=Verdict.BAD, detail=str(error))
    return _good("schema", f"version {newest_version()}, the one of this release")


def _integrity(database: Database, connection: Connection, *, deep: bool) -> Finding:
    faults = (
        _sqlite_faults(connection, deep=deep)
        if database.dialect == "sqlite"
        else _postgresql_faults(connection)
    )
    if faults:
        detail = f"{'; '.join(faults)}; stop Rasad and restore a backup"
        return Finding(what="integrity", verdict=Verdict.BAD, detail=detail)
    return _good("integrity", "every page read" if deep else "no fault found")


def _sqlite_faults(connection: Connection, *, deep: bool) -> list[str]:
    pragma = "integrity_check(5)" if deep else "quick_check(5)"
    told = connection.exec_driver_sql(f"PRAGMA {pragma}").scalars().all()
    if list(told) != ["ok"]:
        return [str(fault) for fault in told]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [f"a row of {row[0]} refers to none of {row[2]}" for row in orphans[:5]]


def _postgresql_faults(connection: Connection) -> list[str]:
    """PostgreSQL watches its pages itself (checksums); what it tells of is an index gone bad."""
    query = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    names = connection.execute(text(query)).scalars().all()
    return [f"the index {name} is not valid (REINDEX INDEX {name})" for name in names]


def _log(file: Path) -> Finding:
    log = file.with_name(f"{file.name}-wal")
    size = log.stat().st_size if log.exists() else 0
    if size > LOG_MAX_BYTES:
        detail = f"{log} has {_megabytes(size)}: a reader has not ended for long; restart Rasad"
        return Finding(what="write-ahead log", verdict=Verdict.WARNING, detail=detail)
    return _good("write-ahead log", _megabytes(size))


def _writable(folder: Path) -> Finding:
    error = _try_to_write(folder)
    if error is not None:
        return Finding(what="folder", verdict=Verdict.BAD, detail=_refused(folder, error))
    return _good("folder", f"{folder} can be written")


def _try_to_write(folder: Path) -> OSError | None:
    """Try it, with the disk: permission bits say nothing about a read-only or full one."""
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"rasad" * 1000)
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        return error
    return None


def _refused(folder: Path, error: OSError) -> str:
    remedy = "make room" if error.errno in NO_ROOM else "give this user write access to it"
    return f"{folder} cannot be written ({error.strerror}); {remedy}"


def _room(folder: Path) -> Finding:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        detail = f"{folder} cannot be examined ({error.strerror})"
        return Finding(what="room", verdict=Verdict.BAD, detail=detail)
    return judge_room(folder, free)


def judge_room(folder: Path, free_bytes: int) -> Finding:
    """Say whether so much room on the disk is enough (pure)."""
    seen = f"{_megabytes(free_bytes)} free at {folder}"
    if free_bytes < ROOM_NEEDED_BYTES:
        return Finding(what="room", verdict=Verdict.BAD, detail=f"{seen}; make room now")
    if free_bytes < ROOM_WANTED_BYTES:
        return Finding(what="room", verdict=Verdict.WARNING, detail=f"{seen}; make room soon")
    return _good("room", seen)


def _good(what: str, detail: str) -> Finding:
    return Finding(what=what, verdict=Verdict.GOOD, detail=detail)


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:,.0f} MB"
