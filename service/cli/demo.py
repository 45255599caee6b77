"""`rasad demo`: the whole walk against the press on loopback, told live, compared at the end."""

import asyncio
import shutil
import signal
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import click

from service import logs
from service.cli.demo_table import final_tables
from service.cli.opening import bring_up_to_date
from service.cli.screen import screen
from service.daemon import at_work
from service.demo.report import Report, compare
from service.demo.stage import Stage, clear, stage, subscribe
from service.demo.watch import observe
from service.errors import DemoFailedError
from service.folder import owned
from service.house import House, open_house
from service.reports import DeliveryReport, VisitReport
from service.settings import Settings
from service.web.app import create_app
from service.web.server import at_address, serving, take_address

LOOK_EVERY: Final = 0.5
#: The press has two acts: what is there at first, then corrections and late originals.
ACTS: Final = 2


@click.command("demo")
@click.option(
    "--once", is_flag=True, help="Exit after the table, non-zero when anything is missing."
)
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-data")
)
@click.option("--resume", is_flag=True, help="Go on with the demo in the folder.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option("--database-url", help="PostgreSQL instead of SQLite.")
@click.option(
    "--seconds",
    type=click.IntRange(10, 900),
    default=60,
    show_default=True,
    help="At most this long for each of the two acts.",
)
@click.option("--seed", type=click.Path(path_type=Path, exists=True), help="A repost to serve too.")
def command(
    *,
    once: bool,
    folder: Path,
    resume: bool,
    port: int,
    database_url: str | None,
    seconds: int,
    seed: Path | None,
) -> None:
    """Run crawl, dedupe, archive, alerts and pages on a simulated press, with real servers."""
    logs.set_up("console")
    beside = folder.with_name(f".{folder.name}-lock")
    try:
        with owned(beside):
            if not resume:
                clear(folder)
            _demonstrate(
                folder, port=port, seed=seed, database_url=database_url, once=once, seconds=seconds
            )
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _demonstrate(
    folder: Path,
    *,
    port: int,
    seed: Path | None,
    database_url: str | None,
    once: bool,
    seconds: int,
) -> None:
    with (
        owned(folder),
        stage(folder, port=port, seed=seed, database_url=database_url, is_busy=True) as setup,
        closing(take_address(setup.settings.web)) as taken,
    ):
        bring_up_to_date(setup.settings)
        house = open_house(_reachable(setup, taken), reads_outlets=True)
        try:
            subscribe(house, setup)
            asyncio.run(_show(house, setup, taken, once=once, seconds=seconds))
        finally:
            house.close()


def _reachable(setup: Stage, taken: socket.socket) -> Settings:
    """Return the settings with the address taken as the public one: the demo's hub reaches it."""
    settings = at_address(setup.settings, taken)
    web = settings.web.model_copy(update={"public_url": settings.public_url})
    return settings.model_copy(update={"web": web})


async def _show(
    house: House, setup: Stage, taken: socket.socket, *, once: bool, seconds: int
) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    teller = Teller()
    async with (
        serving(create_app(house), taken) as url,
        at_work(house, teller.tell, drain_seconds=5),
    ):
        click.echo(f"{len(house.outlets)} simulated outlets, 4 subscribers; the pages: {url}")
        report = await _play(house, setup, stopped, seconds=seconds)
        final_tables(house, setup, report, first_alert=teller.first_alert)
        if once:
            _judge(report)
            return
        click.echo(f"\nThe daemon goes on: pages {url}, API {url}/api/v1/stories; Ctrl-C stops.")
        click.echo(f"Ask it: rasad --settings {setup.folder}/rasad.toml search 'مس NEAR/5 صادرات'")
        await stopped.wait()


async def _play(house: House, setup: Stage, stopped: asyncio.Event, *, seconds: int) -> Report:
    """Play every act until all that must happen in it has happened, or its time is over."""
    report = await _play_act(house, setup, stopped, seconds=seconds)
    while setup.press.act < ACTS and not stopped.is_set():
        click.echo("— the second act: corrections, completions, late originals")
        await asyncio.to_thread(setup.advance)
        report = await _play_act(house, setup, stopped, seconds=seconds)
    return report


async def _play_act(house: House, setup: Stage, stopped: asyncio.Event, *, seconds: int) -> Report:
    deadline = time.monotonic() + seconds
    while True:
        report = await asyncio.to_thread(_compare, house, setup)
        if not report.misses or time.monotonic() > deadline or stopped.is_set():
            return report
        await asyncio.sleep(LOOK_EVERY)


def _compare(house: House, setup: Stage) -> Report:
    expected = setup.press.expected(setup.subscriptions)
    return compare(expected, observe(house, setup.inbox, setup.receiver))


def _judge(report: Report) -> None:
    if report.misses:
        raise DemoFailedError(f"{len(report.misses)} things did not happen as they must (above)")


class Teller:
    """Tells the walk live, and remembers how long the first alert took."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._screen = screen()
        self._failures: dict[str, str | None] = {}
        self.first_alert: float | None = None

    def tell(self, report: VisitReport | DeliveryReport) -> None:
        """Print one line; a visit that found nothing, or failed as before, is not worth one."""
        seconds = time.monotonic() - self._began
        if isinstance(report, DeliveryReport):
            if self.first_alert is None and report.state == "sent":
                self.first_alert = seconds
        elif not self._is_news(report):
            return
        self._screen.print(f"{seconds:6.1f} s  {report.line()}", markup=False, soft_wrap=True)

    def _is_news(self, report: VisitReport) -> bool:
        before = self._failures.get(report.outlet_id)
        self._failures[report.outlet_id] = report.failure
        return bool(report.found or report.read) or report.failure not in {None, before}
