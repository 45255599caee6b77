"""Bring the archive's tables to this release, whatever they were before."""

from typing import Final

from sqlalchemy import text

from storage.database import Database
from storage.errors import MissingSchemaError, NewerSchemaError
from storage.versions import known_versions, missing_parts, newest_version, schema_version

#: The key of PostgreSQL's advisory lock that two starting processes meet at ("rasad" in ASCII).
MIGRATION_LOCK: Final = 0x7261736164


def migrate(database: Database) -> str:
    """Create or upgrade the tables in one transaction; return the schema's version.

    Repeatable, and safe when several processes start at once: the second waits and then finds
    nothing to do. Raises NewerSchemaError when a later release has written the archive, and
    MissingSchemaError when it was made before the first release.
    """
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        found = schema_version(connection)
        _refuse_newer(database, found)
        if found == newest_version():
            _refuse_early(database, missing_parts(connection))
        else:
            # Alembic is 7 MB that a daemon whose tables are up to date never needs
            from storage.upgrade import upgrade  # noqa: PLC0415

            upgrade(connection)
    return newest_version()


def require_schema(database: Database) -> None:
    """Raise NewerSchemaError or MissingSchemaError unless the tables are this release's."""
    with database.read() as connection:
        found = schema_version(connection)
        missing = missing_parts(connection) if found == newest_version() else ()
    _refuse_newer(database, found)
    _refuse_early(database, missing)
    if found != newest_version():
        raise MissingSchemaError(
            f"the archive {database.url} has schema {found or 'none'}, this release needs "
            f"{newest_version()}; run `rasad migrate`"
        )


def _refuse_early(database: Database, missing: tuple[str, ...]) -> None:
    if missing:
        raise MissingSchemaError(
            f"the archive {database.url} was made by Rasad before its first release and lacks "
            f"{', '.join(missing)}; move it away and begin anew, or take its articles along: "
            "`rasad export` with the checkout that made it, then `rasad import`"
        )


def _refuse_newer(database: Database, found: str | None) -> None:
    if found is None or found in known_versions():
        return
    raise NewerSchemaError(
        f"the archive {database.url} has schema {found}, this release of Rasad knows up to "
        f"{newest_version()}; install the release that wrote it, or restore an older backup"
    )
