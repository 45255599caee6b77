"""The tables: made once, by one process, never by guess."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage.database import Database
from storage.errors import MissingSchemaError, NewerSchemaError
from storage.migrate import migrate, require_schema
from storage.schema.everything import metadata
from storage.upgrade import alembic_config
from storage.versions import known_versions, newest_version, schema_version
from tests.storage.first_migration import ONE_DATABASE_ONLY


def test_the_migrated_database_equals_the_tables_declared(database: Database) -> None:
    with database.read() as connection:
        opts = {"compare_type": True, "include_object": _is_portable}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def _is_portable(_item: object, name: str | None, *_more: object) -> bool:
    return not str(name).startswith(ONE_DATABASE_ONLY)


@pytest.fixture
def declared(database: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The tables declared, made without any migration on the same kind of database."""
    if database.dialect == "sqlite":
        declared = Database.open(f"sqlite:///{request.getfixturevalue('tmp_path') / 'declared.db'}")
    else:
        declared = Database.open(request.getfixturevalue("empty_postgres_url"))
    with declared.write() as connection:
        metadata.create_all(connection)
    yield declared
    declared.close()


def test_the_migrations_make_exactly_the_tables_declared(
    database: Database, declared: Database
) -> None:
    """When this fails after a change of a table: `python -m tests.storage.first_migration`."""
    assert _definitions(database) == _definitions(declared)


_TABLES = """
SELECT type, name, sql FROM sqlite_master
WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'
"""
_COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'alembic_version'
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
"""
_INDEXES = """
SELECT tablename, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
#: What each database tells of its tables, columns, constraints and indexes.
_CATALOGUES = {"sqlite": (_TABLES,), "postgresql": (_COLUMNS, _CONSTRAINTS, _INDEXES)}


def _definitions(database: Database) -> set[tuple[object, ...]]:
    with database.read() as connection:
        rows = [
            tuple(_words(str(value)) for value in row)
            for query in _CATALOGUES[database.dialect]
            for row in connection.exec_driver_sql(query)
        ]
    assert len(rows) > 50
    return set(rows)


def _words(definition: str) -> str:
    """The words of a definition; SQLite keeps it as it was written, in whatever order."""
    return " ".join(sorted(definition.replace(",", " ").split()))


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


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ("DROP TABLE audit", "audit"),
        ("ALTER TABLE audit RENAME TO early", "audit"),
        (
            "ALTER TABLE outlet_states RENAME COLUMN reason_data TO health_reason",
            "outlet_states.reason_data",
        ),
    ],
)
def test_an_archive_of_before_the_first_release_is_refused_by_name(
    database: Database, change: str, lacking: str
) -> None:
    with database.write() as connection:
        connection.execute(text(change))
    for open_it in (migrate, require_schema):
        with pytest.raises(MissingSchemaError, match=rf"first release and lacks {lacking};"):
            open_it(database)


def test_the_versions_known_are_those_of_the_migrations_in_their_order() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert known_versions() == tuple(reversed(revisions))
    assert newest_version() == scripts.get_current_head()
