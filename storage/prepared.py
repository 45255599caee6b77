"""Run a statement that is said for every article: compiled once, handed to the driver as it is."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import (
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    TextClause,
    TextualSelect,
    Update,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | Insert | Update | Delete | TextClause | TextualSelect
_Make = Callable[[Any], Any]
_Convert = Callable[[Any], Any] | None
_NOTHING: Final[Mapping[str, object]] = {}


class Prepared:
    """One statement in the forms of both databases; may be shared by threads.

    SQLAlchemy takes several times as long to begin a statement and wrap its result as SQLite takes
    to run it. Values and rows are converted by the same column types. A row is what `row` makes of
    its values in order, else a named tuple; `columns` are those an INSERT sets, else all.
    """

    def __init__(
        self,
        statement: Statement,
        *,
        postgresql: Statement | None = None,
        columns: Sequence[str] | None = None,
        row: _Make | None = None,
    ) -> None:
        other = statement if postgresql is None else postgresql
        self._statements = {"sqlite": statement, "postgresql": other}
        self._columns = columns
        self._row = row
        self._forms: dict[str, _Form] = {}

    def rows(
        self, connection: Connection, values: Mapping[str, object] = _NOTHING
    ) -> Sequence[Any]:
        """Run it in the connection's transaction; return what it selects or returns, if anything.

        Raises the driver's own errors, which `Database` maps like SQLAlchemy's.
        """
        form = self._forms.get(connection.dialect.name) or self._prepare(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(form.sql, form.parameters(values))
            return form.rows(cursor.fetchall()) if form.is_telling else ()
        finally:
            cursor.close()

    def first(self, connection: Connection, values: Mapping[str, object] = _NOTHING) -> Any:  # noqa: ANN401  # a row
        """Run it and return the first row, or None."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def _prepare(self, dialect: Dialect) -> "_Form":
        statement = self._statements[dialect.name]
        compiled = statement.compile(dialect=dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  # no DDL
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        told = () if isinstance(statement, TextClause) else tuple(statement.exported_columns)
        decoders = [_decoder(column.type, dialect) for column in told]
        form = _Form(
            sql=str(compiled),
            is_positional=compiled.positional,
            is_telling=bool(told),
            encode=tuple(
                (name, _encoder(compiled.binds[name].type, dialect)) for name in names or ()
            ),
            decode=tuple((place, one) for place, one in enumerate(decoders) if one is not None),
            row=self._row or _named([str(column.key) for column in told]),
        )
        self._forms[dialect.name] = form
        return form


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send the prepared statements said inside without waiting for each one's answer.

    PostgreSQL then answers only where rows are asked for, and at the end. An error shows at the
    next answer and ends the transaction, as it would have at once. Statements that SQLAlchemy runs
    itself may write inside, but not read. SQLite has nobody to wait for.
    """
    driver: Any = connection.connection.driver_connection
    with driver.pipeline() if hasattr(driver, "pipeline") else nullcontext():
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A statement as one driver takes it, and how its values and rows are converted."""

    sql: str
    is_positional: bool
    is_telling: bool
    encode: tuple[tuple[str, _Convert], ...]
    decode: tuple[tuple[int, _Make], ...]
    row: _Make

    def parameters(self, values: Mapping[str, object]) -> Any:  # noqa: ANN401  # as the driver wants
        pairs = (
            (name, values[name] if convert is None else convert(values[name]))
            for name, convert in self.encode
        )
        return [value for _, value in pairs] if self.is_positional else dict(pairs)

    def rows(self, raw: Sequence[Any]) -> Sequence[Any]:
        make = self.row
        if not self.decode:
            return [make(one) for one in raw]
        return [make(self._decoded(one)) for one in raw]

    def _decoded(self, raw: Sequence[Any]) -> list[Any]:
        values = list(raw)
        for place, convert in self.decode:
            values[place] = convert(values[place])
        return values


def _named(columns: Sequence[str]) -> _Make:
    row: Any = namedtuple("Row", columns)  # type: ignore[misc]  # named at run time  # noqa: PYI024
    return cast("_Make", row._make)  # public, in spite of its name


def _encoder(type_: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _decoder(type_: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
