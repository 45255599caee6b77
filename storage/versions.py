"""Which schema an archive has, and which ones this release knows."""

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

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


def newest_version() -> str:
    """Name the newest migration of this release."""
    return known_versions()[-1]
