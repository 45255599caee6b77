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


def tables_missing(connection: Connection) -> tuple[str, ...]:
    """Name the declared tables that a database of the newest version lacks; none when it is ours.

    Until the first release its one migration was written anew, so that an archive of an early
    checkout calls itself up to date.
    """
    return tuple(sorted(metadata.tables.keys() - set(inspect(connection).get_table_names())))


def newest_version() -> str:
    """Name the newest migration of this release."""
    return known_versions()[-1]
