"""Run the migrations: the one file that imports Alembic, and only when there is one to run."""

from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.versions import MIGRATIONS

_NEWEST: Final = "head"


def upgrade(connection: Connection) -> None:
    """Bring the tables from whatever version they are at to the newest one."""
    command.upgrade(alembic_config(connection), _NEWEST)


def alembic_config(connection: Connection | None = None) -> Config:
    """Point Alembic at our migrations, and at the connection they are to run on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
