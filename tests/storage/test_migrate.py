"""The tables: made once, by one process, never by guess."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage.database import Database
from storage.errors import MissingSchemaError, NewerSchemaError
from storage.migrate import known_versions, migrate, newest_version, require_schema, schema_version
from storage.schema.everything import metadata


def test_the_migrated_database_equals_the_tables_declared(database: Database) -> None:
    with database.read() as connection:
        opts = {"compare_type": True, "include_object": _is_portable}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def _is_portable(_item: object, name: str | None, *_more: object) -> bool:
    """Leave out what only one of the databases has: FTS5's own tables, and the GIN index."""
    return not str(name).startswith(("search_fts", "ix_search_documents_vector"))


def test_migrating_twice_is_migrating_once(empty_database_url: str) -> None:
    database = Database.open(empty_database_url)
    assert migrate(database) == migrate(database) == newest_version()
    require_schema(database)
    database.close()


def test_several_processes_that_start_at_once_end_with_one_schema(empty_database_url: str) -> None:
    databases = [Database.open(empty_database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(migrate, databases)) == {newest_version()}
    with databases[0].read() as connection:
        assert schema_version(connection) == newest_version()
        assert "articles" in inspect(connection).get_table_names()
    for database in databases:
        database.close()


def test_an_archive_of_a_later_release_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match=f"9999.*{newest_version()}.*install"):
        migrate(database)
    with pytest.raises(NewerSchemaError):
        require_schema(database)
    with database.read() as connection:
        assert schema_version(connection) == "9999"


def test_an_empty_database_is_told_apart_from_a_migrated_one(empty_database_url: str) -> None:
    database = Database.open(empty_database_url)
    with pytest.raises(MissingSchemaError, match="rasad migrate"):
        require_schema(database)
    with database.read() as connection:
        assert schema_version(connection) is None
    database.close()


def test_the_newest_version_is_the_last_one_known() -> None:
    assert known_versions()[-1] == newest_version()
