"""Move a whole SQLite archive into an empty PostgreSQL database: in batches, resumable, counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, func, select, text

from storage.copying import copy_batch, copy_references, reset_numbering
from storage.database import Database
from storage.errors import MoveError
from storage.migrate import migrate, require_schema
from storage.move_progress import Standing, begin, end, fingerprint, stand, standing
from storage.reindexing import index_batch
from storage.schema.everything import metadata
from storage.schema.search import search_documents
from storage.schema.workers import workers

BATCH_ROWS: Final = 1000

#: Which workers live is true of the old place only.
_LEFT_BEHIND: Final = frozenset({workers.name})

#: How far one table is: its name, rows copied, rows in all.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One table moved: as many rows stand in the target as in the source."""

    table: str
    rows: int


def move(
    source: Database, target: Database, *, progress: Progress, batch_rows: int = BATCH_ROWS
) -> tuple[Moved, ...]:
    """Copy every row of a SQLite archive into PostgreSQL; the source is only read.

    Nothing may write to the source meanwhile. Broken off at any instant, the same call goes on
    where it stood. Raises MoveError when the target holds something else, when the source changed
    since a broken move, or when the counts differ in the end.
    """
    _require_dialects(source, target)
    require_schema(source)
    migrate(target)
    with source.read() as old:
        _begin(source, target, fingerprint(old))
        for table in _tables():
            _move_table(old, target, table, progress, batch_rows)
        with target.write() as new:
            copy_references(old, new, metadata)
            reset_numbering(new, metadata)
        moved = _counted(old, target)
    with target.write() as new:
        end(new)
        new.execute(text("ANALYZE"))
    return moved


def _require_dialects(source: Database, target: Database) -> None:
    if source.dialect != "sqlite" or target.dialect != "postgresql":
        raise MoveError(
            f"an archive moves from SQLite to PostgreSQL, not from {source.url} to {target.url}"
        )


def _begin(source: Database, target: Database, mark: str) -> None:
    """Begin in an empty target, or go on in one that this very source was being moved to."""
    with target.write() as new:
        begun = begin(new, mark)
        if begun is None:
            _require_empty(target, new)
        elif begun != mark:
            raise MoveError(
                f"{source.url} has changed since its move to {target.url} began; stop Rasad, empty "
                "that database (drop and create it) and move again"
            )


def _require_empty(target: Database, new: Connection) -> None:
    filled = [table.name for table in metadata.sorted_tables if count_rows(new, table)]
    if filled:
        raise MoveError(
            f"{target.url} is not empty (rows in {', '.join(filled)}); name an empty database"
        )


def _tables() -> Iterator[Table]:
    """List the tables in the order their references allow, the search index last."""
    for table in metadata.sorted_tables:
        if table.name not in _LEFT_BEHIND and table is not search_documents:
            yield table
    yield search_documents


def _move_table(
    old: Connection, target: Database, table: Table, progress: Progress, batch_rows: int
) -> None:
    """Copy a table batch by batch; each is committed together with how far it brought us."""
    step = index_batch if table is search_documents else copy_batch
    total = count_rows(old, table)
    with target.read() as new:
        at = standing(new, table.name)
    progress(table.name, at.copied, total)
    while at.copied < total:
        with target.write() as new:
            last_key, copied = step(old, new, table, at.last_key, batch_rows)
            if not copied:
                return
            at = Standing(last_key=last_key, copied=at.copied + copied)
            stand(new, table.name, at)
        progress(table.name, at.copied, total)


def _counted(old: Connection, target: Database) -> tuple[Moved, ...]:
    with target.read() as new:
        counts = [
            (table.name, count_rows(old, table), count_rows(new, table)) for table in _tables()
        ]
    wrong = [f"{name} {there} of {here}" for name, here, there in counts if here != there]
    if wrong:
        raise MoveError(
            f"the rows do not add up in {target.url}: {', '.join(wrong)}; empty that database "
            "(drop and create it) and move again"
        )
    return tuple(Moved(table=name, rows=there) for name, _, there in counts)


def count_rows(connection: Connection, table: Table) -> int:
    """Count the rows of a table."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
