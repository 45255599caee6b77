"""Fill every table of an archive with rows of every type, whatever tables there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    select,
)

from storage.schema.everything import metadata
from storage.schema.search import search_documents
from storage.schema.types import UtcDateTime
from tests.storage.articles import NOON

ROWS = 5


def fill_empty_tables(connection: Connection) -> None:
    """Give each table that is empty some rows that refer to rows of the others."""
    for table in metadata.sorted_tables:
        is_empty = connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        if is_empty and table is not search_documents:
            rows = [_row(connection, table, number) for number in range(1, ROWS + 1)]
            connection.execute(insert(table), rows)


def _row(connection: Connection, table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(connection, column, number) for column in table.c}


def _value(connection: Connection, column: Column[Any], number: int) -> Any:
    for reference in column.foreign_keys:
        there = connection.execute(select(reference.column).distinct().limit(ROWS)).scalars().all()
        return there[number % len(there)] if there else None
    kind = next(kind for kind in _VALUES if isinstance(column.type, kind))
    if kind is String and not (column.primary_key or column.unique):
        return f"ن\x00\t\\N\n{number}"
    return _VALUES[kind](number)


#: A value of every type from a number; the first type that fits counts.
_VALUES: dict[type, Callable[[int], Any]] = {
    UtcDateTime: lambda number: NOON + timedelta(hours=number, microseconds=7),
    Date: lambda number: NOON.date() + timedelta(days=number),
    JSON: lambda number: {"نام": ["مس", number, None]},
    Boolean: lambda number: number % 2 == 0,
    Float: lambda number: number / 3,
    Integer: lambda number: number,
    LargeBinary: lambda number: bytes([0, number, 255]),
    String: lambda number: f"ن{number}",
}
