"""Worker processes for tests, and what must hold when they are done."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from service.demo.report import Report, compare
from service.demo.stage import SETTINGS, Stage
from service.demo.watch import delivered, observe
from service.house import House
from storage.ledger import LedgerFilter, list_deliveries
from storage.workers import all_workers

#: Long, for nothing is timed here: a loaded machine may take its time.
PATIENCE_SECONDS = 200


@contextmanager
def working(setup: Stage, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `rasad worker` with a data folder of its own; end it in good order."""
    settings = str(setup.folder / SETTINGS)
    folder = setup.folder.parent / name
    command = [sys.executable, "-m", "service.cli.main", "--settings", settings]
    environment = os.environ | {
        "RASAD_DATA_FOLDER": str(folder),
        "RASAD_WORKER__HEARTBEAT_SECONDS": "1",
        "RASAD_WORKER__ADOPT_AFTER_SECONDS": "12",
    }
    worker = subprocess.Popen(
        [*command, "worker", "--id", name], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
            worker.wait(timeout=60)


def until_alive(house: House, names: set[str]) -> None:
    """Wait until every one of these workers has said that it lives."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        with house.database.read() as connection:
            if names <= {one.id for one in all_workers(connection)}:
                return
        time.sleep(0.2)
    raise AssertionError(f"not all of {names} came to life")


def until_it_happened(setup: Stage, house: House) -> Report:
    began = time.monotonic()
    while True:
        expected = setup.press.expected(setup.subscriptions)
        report = compare(expected, observe(house, setup.inbox, setup.receiver))
        if not report.misses or time.monotonic() - began > PATIENCE_SECONDS:
            return report
        time.sleep(0.5)


def assert_told_once(setup: Stage, house: House) -> None:
    with house.database.read() as connection:
        ledger = {one.id: one for one in list_deliveries(connection, LedgerFilter(), limit=5000)}
    arrived = delivered(setup.inbox, setup.receiver)
    assert arrived <= ledger.keys()
    told = [(ledger[one].recipient_id, ledger[one].subject) for one in arrived]
    assert len(told) == len(set(told))
