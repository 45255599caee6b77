"""Bring the archive's tables to this release, whatever they were before."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database
from storage.errors import MissingSchemaError, NewerSchemaError

MIGRATIONS: Final = Path(__file__).parent / "migrations"

#: The key of PostgreSQL's advisory lock that two starting processes meet at ("rasad" in ASCII).
MIGRATION_LOCK: Final = 0x7261736164


def migrate(database: Database) -> str:
    """Create or upgrade the tables in one transaction; return the schema's version.

    Repeatable, and safe when several processes start at once: the second waits and then finds
    nothing to do. Raises NewerSchemaError when a later release has written the archive.
    """
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        found = schema_version(connection)
        _refuse_newer(database, found)
        if found != newest_version():
            command.upgrade(alembic_config(connection), "head")
    return newest_version()


def require_schema(database: Database) -> None:
    """Raise NewerSchemaError or MissingSchemaError unless the tables are this release's."""
    with database.read() as connection:
        found = schema_version(connection)
    _refuse_newer(database, found)
    if found != newest_version():
        raise MissingSchemaError(
            f"the archive {database.url} has schema {found or 'none'}, this release needs "
            f"{newest_version()}; run `rasad migrate`"
        )


def schema_version(connection: Connection) -> str | None:
    """Read which migration the tables are at; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    """Name the newest migration of this release."""
    head = _scripts().get_current_head()
    assert head is not None  # noqa: S101  # versions/ ships with the package and is never empty
    return head


def known_versions() -> tuple[str, ...]:
    """List the migrations this release knows, oldest first."""
    return tuple(reversed([script.revision for script in _scripts().walk_revisions()]))


def _refuse_newer(database: Database, found: str | None) -> None:
    if found is None or found in known_versions():
        return
    raise NewerSchemaError(
        f"the archive {database.url} has schema {found}, this release of Rasad knows up to "
        f"{newest_version()}; install the release that wrote it, or restore an older backup"
    )


def alembic_config(connection: Connection | None = None) -> Config:
    """Point Alembic at our migrations, and at the connection they are to run on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())
