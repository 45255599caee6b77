"""`rasad backfill`: read an outlet's past into the archive, with a progress bar; never alerts."""

import asyncio
from datetime import date
from typing import Final

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from persian.calendar import TEHRAN
from persian.dates import parse_date
from service.backfilling import Walked, backfill
from service.cli.auditing import fail, into, recording
from service.cli.opening import bring_up_to_date, settings_of
from service.cli.run import lock_name
from service.cli.screen import screen
from service.errors import SettingsError
from service.folder import owned
from service.house import House, open_house, reaching

#: The exit code of a command that was ended by Ctrl-C.
INTERRUPTED: Final = 130


@click.command("backfill")
@click.argument("outlet_id", metavar="OUTLET")
@click.option("--since", required=True, help="A Jalali or ISO day, such as 1402-01-01.")
@click.pass_context
def command(context: click.Context, outlet_id: str, since: str) -> int:
    """Walk OUTLET's archive or sitemaps backwards. A walk that was stopped goes on where it was."""
    settings = settings_of(context)
    with owned(settings.data_folder, lock_name(settings)):
        bring_up_to_date(settings)
        house = open_house(settings, reads_outlets=True)
        try:
            with recording(context, into(house.database)):
                last = asyncio.run(_walk(house, outlet_id, _day(house, since)))
                return 0 if last is not None and _told(last) else fail(context)
        except KeyboardInterrupt:
            click.echo("stopped; the same command goes on where it was")
            return INTERRUPTED
        finally:
            house.close()


def _told(last: Walked) -> bool:
    """Say how far the walk came; return whether it is done."""
    state = "done" if last.walk.is_done else "stopped; the same command goes on"
    click.echo(
        f"{state}: {last.walk.articles} articles from {last.walk.steps} addresses, "
        f"{last.failed} pages failed"
    )
    if last.failure:
        click.echo(f"last failure: {last.failure.detail}")
    return last.walk.is_done


def _day(house: House, text: str) -> date:
    found = parse_date(text, now=house.clock())
    if found is None:
        raise SettingsError(f"--since: {text!r} is no day; write 1402-01-01 or 2023-03-21")
    return found.at.astimezone(TEHRAN).date()


async def _walk(house: House, outlet_id: str, since: date) -> Walked | None:
    outlet = house.outlet(outlet_id)
    last: Walked | None = None
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    console = screen()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(outlet.name, total=1.0)
        async with reaching(house) as reach:
            async for last in backfill(house, reach, outlet, since=since):
                told = f"{outlet.name}: {last.walk.articles} articles"
                progress.update(task, completed=last.progress, description=told)
    return last
