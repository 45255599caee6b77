"""Open the house for one command: settings read, archive brought up to date, closed after."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.cli.auditing import Keep, into, recording
from service.folder import prepare
from service.house import House, open_house
from service.settings import Settings, load_settings
from storage.audit import Act, Outcome
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate


def settings_of(context: click.Context) -> Settings:
    """Read the settings that `--settings` or the environment name."""
    file: Path | None = context.find_root().obj
    return load_settings(file)


@contextmanager
def opened(context: click.Context) -> Iterator[House]:
    """Open the house beside a daemon that may be running; the archive is created when new.

    What the command changes is written into the audit log when the block ends.
    """
    settings = settings_of(context)
    prepare(settings.data_folder)
    bring_up_to_date(settings)
    house = open_house(settings)
    try:
        with recording(context, into(house.database)):
            yield house
    finally:
        house.database.close()


def into_archive_if_there(context: click.Context) -> Keep:
    """Return what writes acts into the archive, and says so when it is away.

    For what must be done all the same: somebody shut out, an archive brought back to work.
    """

    def keep(act: Act, target: str | None, outcome: Outcome) -> None:
        settings = settings_of(context)
        try:
            bring_up_to_date(settings)
            database = Database.open(settings.archive_url)
            try:
                into(database)(act, target, outcome)
            finally:
                database.close()
        except StorageError as error:
            click.echo(f"not in the audit log: {error}", err=True)

    return keep


def bring_up_to_date(settings: Settings) -> str:
    """Create or upgrade the archive's tables; return the schema's version."""
    database = Database.open(settings.archive_url)
    try:
        return migrate(database)
    finally:
        database.close()
