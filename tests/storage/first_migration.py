"""Write the first migration anew from the tables declared; until the first release, never after.

Run `python -m tests.storage.first_migration` after changing a table. Once a release is out its
migrations are history, and a change is another file beside them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import CreateIndexOp, MigrateOperation, ModifyTableOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Index, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from storage.schema.everything import metadata
from storage.schema.types import UtcDateTime
from storage.versions import MIGRATIONS

#: What stands in one of the databases only: FTS5's own tables, and the GIN index.
ONE_DATABASE_ONLY = ("search_fts", "ix_search_documents_vector")

FIRST = MIGRATIONS / "versions" / "0001_first.py"

HEAD = '''"""The whole archive, as of the first release.

Written by `python -m tests.storage.first_migration`.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
'''


def first_migration() -> str:
    """The first migration's text, as the tables declared want it."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        tables = _tables(connection)
        metadata.create_all(connection)
        virtual = _virtual_tables(connection)
    engine.dispose()
    return HEAD + tables + _only("sqlite", virtual) + _only("postgresql", _postgresql_indexes())


def _tables(connection: Connection) -> str:
    context = MigrationContext.configure(connection)
    upgrade = produce_migrations(context, metadata).upgrade_ops
    assert upgrade is not None
    upgrade.ops = list(_portable(upgrade.ops))
    code = render_python_code(upgrade, render_item=render_item, migration_context=context)
    lines = (line for line in code.splitlines() if not line.lstrip().startswith("#"))
    return "".join(f"{line}\n" for line in lines if line.strip())


def _portable(operations: list[MigrateOperation]) -> Iterator[MigrateOperation]:
    """Leave out the indexes that only one of the databases has."""
    for operation in operations:
        if isinstance(operation, ModifyTableOps):
            operation.ops = list(_portable(operation.ops))
        if isinstance(operation, CreateIndexOp) and operation.index_name in _conditional():
            continue
        yield operation


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own type as the plain one it is: a migration outlives the code of its day."""
    is_ours = kind == "type" and isinstance(item, UtcDateTime)
    return "sa.DateTime(timezone=True)" if is_ours else False


def _conditional() -> dict[str | None, Index]:
    indexes = (index for table in metadata.sorted_tables for index in table.indexes)
    return {str(index.name): index for index in indexes if index._ddl_if is not None}


def _postgresql_indexes() -> list[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    return [str(CreateIndex(index).compile(dialect=dialect)) for index in _conditional().values()]


def _virtual_tables(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return list(rows.scalars())


def _only(dialect: str, statements: list[str]) -> str:
    if not statements:
        return ""
    lines = [f"        op.execute({' '.join(one.split())!r})\n" for one in statements]
    return f"    if op.get_bind().dialect.name == {dialect!r}:\n{''.join(lines)}"


def write() -> Path:
    """Write the file anew; return where it stands."""
    FIRST.write_text(first_migration(), encoding="utf-8")
    return FIRST


if __name__ == "__main__":
    print(f"written: {write()}")
