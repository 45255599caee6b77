"""`rasad archive`: move the archive from SQLite to PostgreSQL."""

import click
from rich.progress import Progress

from service.cli.auditing import Keep, into, name_target, recording
from service.cli.opening import settings_of
from service.cli.run import lock_name
from service.cli.screen import screen, table
from service.folder import owned
from storage.audit import Act, Outcome
from storage.database import Database
from storage.move import move


@click.group("archive")
def command() -> None:
    """Move the archive."""


@command.command("move")
@click.option("--to", "target_url", required=True, help="postgresql+psycopg://user@host/database")
@click.pass_context
def move_to(context: click.Context, target_url: str) -> None:
    """Copy every row to an empty PostgreSQL and count it there; stop the daemon first.

    A move that was stopped goes on where it was. The SQLite file stays as it is.
    """
    settings = settings_of(context)
    with owned(settings.data_folder, lock_name(settings)):
        source, target = Database.open(settings.archive_url), Database.open(target_url)
        try:
            name_target(context, target.url)
            with recording(context, _into_the_new(target)), Progress(transient=True) as progress:
                tasks = {}

                def told(name: str, done: int, total: int) -> None:
                    if name not in tasks:
                        tasks[name] = progress.add_task(name, total=total)
                    progress.update(tasks[name], completed=done, total=total)

                moved = move(source, target, progress=told)
        finally:
            source.close()
            target.close()
    rows = [(one.table, one.rows) for one in moved]
    screen().print(table("moved and counted", ("table", "rows"), rows))
    click.echo("now set database_url (or RASAD_DATABASE_URL) to the new one and start again")


def _into_the_new(target: Database) -> Keep:
    """Return what writes a move into the archive that lives on, once it is done.

    Neither the old archive nor half of the new one may change, or the move could not go on.
    """

    def keep(act: Act, named: str | None, outcome: Outcome) -> None:
        if outcome is Outcome.DONE:
            into(target)(act, named, outcome)

    return keep
