"""`rasad migrate`: create or upgrade the archive's tables."""

import click

from service.cli.auditing import name_target, recording
from service.cli.opening import bring_up_to_date, into_archive_if_there, settings_of
from service.folder import prepare


@click.command("migrate")
@click.pass_context
def command(context: click.Context) -> None:
    """Create or upgrade the archive's tables; safe to repeat, and while others start."""
    settings = settings_of(context)
    prepare(settings.data_folder)
    version = bring_up_to_date(settings)
    # An archive that cannot be brought up to date cannot hold a log of it either.
    with recording(context, into_archive_if_there(context)):
        name_target(context, version)
    click.echo(f"the archive is at schema {version}")
