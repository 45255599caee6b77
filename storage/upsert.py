"""The INSERT that can say ON CONFLICT, in the dialect of a connection."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT with `on_conflict_do_nothing` and `on_conflict_do_update` at hand."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin such an INSERT for a dialect by name, for a statement that is built once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
