"""`rasad backup`: a consistent copy of a SQLite archive, while the daemon works."""

from pathlib import Path

import click
from rich.progress import Progress

from service.cli.opening import settings_of
from storage.backup import back_up
from storage.database import Database


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def command(context: click.Context, target: Path) -> None:
    """Copy the archive to TARGET, checked, under load. On PostgreSQL use pg_dump."""
    database = Database.open(settings_of(context).archive_url)
    try:
        with Progress(transient=True) as progress:
            task = progress.add_task("pages copied", total=None)
            made = back_up(
                database,
                target,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    finally:
        database.close()
    click.echo(f"{made.file}: {made.size_bytes / 1e6:.1f} MB, schema {made.schema}")
