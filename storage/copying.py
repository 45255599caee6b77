"""Copy rows of one table from SQLite to PostgreSQL, in the order of their keys."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Dialect,
    MetaData,
    Select,
    Table,
    bindparam,
    func,
    select,
    tuple_,
    update,
)

from storage.codec import storable
from storage.schema.types import UtcDateTime

#: A key as JSON keeps it.
Key = list[Any]


def copy_batch(
    old: Connection, new: Connection, table: Table, after: Key | None, limit: int
) -> tuple[Key | None, int]:
    """Copy the next rows after a key; return the last one's key and how many there were.

    References of a table to itself are left out, because their row may come later
    (`copy_references`).
    """
    rows = old.execute(next_rows(table, after, limit)).all()
    if not rows:
        return after, 0
    columns = [column for column in table.c if not _is_own_reference(column)]
    places = [list(table.c).index(column) for column in columns]
    _copy_in(new, table, columns, [[row[place] for place in places] for row in rows])
    return key_of(table, rows[-1]), len(rows)


def next_rows(table: Table, after: Key | None, limit: int) -> Select[Any]:
    """Select the rows after a key, in the order of the keys."""
    keys = list(table.primary_key.columns)
    statement = select(table).order_by(*keys).limit(limit)
    if after is None:
        return statement
    values = [
        bindparam(None, _from_json(value, key), key.type)
        for value, key in zip(after, keys, strict=True)
    ]
    return statement.where(tuple_(*keys) > tuple_(*values))


def key_of(table: Table, row: Sequence[Any]) -> Key:
    """Take a row's key in the form JSON keeps."""
    columns = list(table.c)
    values = [row[columns.index(key)] for key in table.primary_key.columns]
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def copy_references(old: Connection, new: Connection, metadata: MetaData) -> None:
    """Fill in the references of tables to themselves, once all their rows stand."""
    for table in metadata.sorted_tables:
        for column in table.c:
            if _is_own_reference(column):
                _copy_references(old, new, table, column)


def reset_numbering(new: Connection, metadata: MetaData) -> None:
    """Let the next row of each numbered table take the number after the last one copied."""
    for table in metadata.sorted_tables:
        numbered = table.autoincrement_column
        if numbered is not None:
            last = new.execute(select(func.max(numbered))).scalar_one()
            sequence = func.pg_get_serial_sequence(table.name, numbered.name)
            new.execute(select(func.setval(sequence, last or 1, last is not None)))


def _copy_in(
    new: Connection, table: Table, columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]
) -> None:
    """Send rows by COPY, which is ten times as fast as INSERT."""
    prepare = [_preparer(column, new.dialect) for column in columns]
    names = ", ".join(new.dialect.identifier_preparer.format_column(column) for column in columns)
    name = new.dialect.identifier_preparer.format_table(table)
    driver = new.connection.driver_connection
    assert driver is not None  # noqa: S101  # it is open
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([ready(value) for ready, value in zip(prepare, row, strict=True)])


def _preparer(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    process = column.type.dialect_impl(dialect).bind_processor(dialect)

    def prepare(value: Any) -> Any:  # noqa: ANN401  # whatever the column holds
        sent = value if process is None else process(value)
        return storable(sent) if isinstance(sent, str) else sent

    return prepare


def _copy_references(old: Connection, new: Connection, table: Table, column: Column[Any]) -> None:
    (key,) = table.primary_key.columns
    rows = old.execute(select(key, column).where(column.is_not(None)))
    for row_key, reference in rows:
        new.execute(update(table).where(key == row_key).values({column: reference}))


def _is_own_reference(column: Column[Any]) -> bool:
    return any(reference.column.table is column.table for reference in column.foreign_keys)


def _from_json(value: Any, column: Column[Any]) -> Any:  # noqa: ANN401  # whatever a key holds
    match column.type:
        case UtcDateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case _:
            return value
