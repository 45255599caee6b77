"""Keep where a move stands, in the target beside the rows themselves; gone when it is done."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, func, inspect, select

from storage.schema.everything import metadata
from storage.schema.types import UtcDateTime
from storage.upsert import insert_into

_table: Final = Table(
    "move_progress",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("copied", BigInteger, nullable=False),
)

#: The row that names the source by its fingerprint.
_SOURCE: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far one table is: the key of the last row copied (None: none yet), and how many."""

    last_key: list[Any] | None = None
    copied: int = 0


def begin(connection: Connection, mark: str) -> str | None:
    """Note which source is being moved here; return the mark of a move begun before, if any."""
    if inspect(connection).has_table(_table.name):
        found = select(_table.c.mark).where(_table.c.name == _SOURCE)
        return str(connection.execute(found).scalar_one())
    _table.create(connection)
    connection.execute(_table.insert().values(name=_SOURCE, mark=mark, copied=0))
    return None


def standing(connection: Connection, name: str) -> Standing:
    """Return how far a table is."""
    row = connection.execute(select(_table).where(_table.c.name == name)).one_or_none()
    return Standing() if row is None else Standing(last_key=json.loads(row.mark), copied=row.copied)


def stand(connection: Connection, name: str, at: Standing) -> None:
    """Note how far a table is, in the transaction that brought it there."""
    values = {"mark": json.dumps(at.last_key), "copied": at.copied}
    row = insert_into(connection, _table).values(name=name, **values)
    connection.execute(row.on_conflict_do_update(index_elements=[_table.c.name], set_=values))


def end(connection: Connection) -> None:
    """Forget the move, which is done."""
    _table.drop(connection)


def fingerprint(connection: Connection) -> str:
    """Tell one state of an archive from another: every table's rows and its latest instants."""
    seen = {table.name: _latest(connection, table) for table in metadata.sorted_tables}
    return hashlib.sha256(json.dumps(seen, default=str).encode()).hexdigest()


def _latest(connection: Connection, table: Table) -> list[Any]:
    times = [func.max(column) for column in table.c if isinstance(column.type, UtcDateTime)]
    row = connection.execute(select(func.count(), *times).select_from(table)).one()
    return list(row)
