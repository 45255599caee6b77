"""`rasad worker`: visits and deliveries without pages, one of many on one PostgreSQL."""

import asyncio
import signal

import click

from service import logs
from service.cli.opening import bring_up_to_date, settings_of
from service.cli.run import lock_name, tell
from service.daemon import at_work
from service.errors import SettingsError
from service.folder import owned
from service.house import House, open_house
from service.notify import notifying


@click.command("worker")
@click.option("--id", "worker_id", help="A stable name for this worker (default: worker.id).")
@click.pass_context
def command(context: click.Context, worker_id: str | None) -> None:
    """Work beside other workers on one PostgreSQL, until SIGTERM; give each a stable id."""
    settings = settings_of(context)
    if settings.is_sqlite:
        raise SettingsError(
            "database_url: SQLite is for one process; name a PostgreSQL, or use `rasad run`"
        )
    if worker_id:
        worker = settings.worker.model_copy(update={"id": worker_id})
        settings = settings.model_copy(update={"worker": worker})
    logs.set_up(settings.log_format)
    with owned(settings.data_folder, lock_name(settings)):
        bring_up_to_date(settings)
        house = open_house(settings, reads_outlets=True)
        try:
            asyncio.run(_work(house))
        finally:
            house.close()


async def _work(house: House) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with at_work(house, tell), notifying():
        click.echo(f"worker {house.settings.worker.id} works; SIGTERM or Ctrl-C drains and stops")
        await stopped.wait()
