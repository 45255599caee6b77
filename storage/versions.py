"""Which schema an archive has, and which ones this release knows."""

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from storage.schema.everything import metadata

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def schema_version(connection: Connection) -> str | None:
    """Read which migration the tables are at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


@cache
def known_versions() -> tuple[str, ...]:
    """List the migrations this release knows, oldest first: a file's name begins with its id."""
    names = sorted(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return tuple(name.partition("_")[0] for name in names)


def missing_parts(connection: Connection) -> tuple[str, ...]:
    """Name tables and columns that an archive of the newest version lacks; none when it is ours.

    Until the first release its one migration was written anew, so that an archive of an early
    checkout calls itself up to date.
    """
    found = {
        name: {column["name"] for column in columns}
        for (_, name), columns in inspect(connection).get_multi_columns().items()
    }
    tables = sorted(metadata.tables.keys() - found.keys())
    columns = sorted(
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if column.name not in found.get(table.name, {column.name})
    )
    return (*tables, *columns)


def newest_version() -> str:
    """Name the newest migration of this release."""
    return known_versions()[-1]
