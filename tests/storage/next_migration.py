"""Draft the migration that leads from the last one to the tables declared, for a person to finish.

Run `python -m tests.storage.next_migration "why"` after changing a table of a released schema. The
draft adds only (expand); a column goes in a later release, when no running worker needs it any more
(contract).
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import Script

from storage.database import Database
from storage.migrate import migrate
from storage.upgrade import alembic_config
from storage.versions import newest_version
from tests.storage.first_migration import ONE_DATABASE_ONLY, render_item


def draft(message: str, *, folder: Path) -> Path | None:
    """Write the next migration beside the others; return where, or None when nothing changed."""
    database = Database.open(f"sqlite:///{folder / 'released.db'}")
    migrate(database)
    with database.write() as connection:
        config = alembic_config(connection)
        config.attributes["options"] = {
            "include_object": _is_compared,
            "render_item": render_item,
            "process_revision_directives": _drop_empty,
        }
        number = f"{int(newest_version()) + 1:04}"
        script = command.revision(config, message=message, autogenerate=True, rev_id=number)
    database.close()
    return Path(script.path) if isinstance(script, Script) else None


def _is_compared(_item: Any, name: str | None, *_more: Any) -> bool:
    return not str(name).startswith(ONE_DATABASE_ONLY)


def _drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(draft(sys.argv[1], folder=Path(scratch)) or "nothing has changed")
