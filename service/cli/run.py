"""`rasad run`: the daemon, with the pages and the API, until it is told to stop."""

import asyncio
import signal
import socket
import sys
from contextlib import closing

import click

from service import logs
from service.cli.opening import bring_up_to_date, settings_of
from service.daemon import at_work
from service.folder import owned
from service.house import House, open_house
from service.notify import notifying
from service.reports import DeliveryReport, VisitReport
from service.settings import Settings
from service.web.app import create_app
from service.web.server import at_address, serving, take_address


@click.command("run")
@click.pass_context
def command(context: click.Context) -> None:
    """Start the daemon: it visits the outlets, alerts, and serves the pages until Ctrl-C."""
    settings = settings_of(context)
    logs.set_up(settings.log_format)
    with (
        owned(settings.data_folder, lock_name(settings)),
        closing(take_address(settings.web)) as taken,
    ):
        bring_up_to_date(settings)
        house = open_house(at_address(settings, taken), reads_outlets=True)
        try:
            asyncio.run(run(house, taken))
        finally:
            house.close()


def lock_name(settings: Settings) -> str:
    """Return what is locked: the folder on SQLite, on PostgreSQL this worker's id in it."""
    return "rasad" if settings.is_sqlite else f"worker-{settings.worker.id}"


async def run(house: House, taken: socket.socket) -> None:
    """Work, and serve on the address taken, until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    async with at_work(house, tell), serving(create_app(house), taken) as url, notifying():
        click.echo(f"{len(house.outlets)} outlets; the pages: {url}; Ctrl-C stops")
        await stopped.wait()
        click.echo("stopping: what runs may end, the rest resumes at the next start")


def tell(report: VisitReport | DeliveryReport) -> None:
    """Print a live line on a terminal; say nothing into a file."""
    if sys.stdout.isatty():
        click.echo(report.line())
