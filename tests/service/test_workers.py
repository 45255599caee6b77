"""Several workers on one PostgreSQL: everything happens once, and a dead worker's work goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.cli.opening import bring_up_to_date
from service.demo.report import Report, compare
from service.demo.stage import SETTINGS, Stage, stage, subscribe
from service.demo.traffic import overlaps
from service.demo.watch import delivered, observe
from service.house import House, open_house
from storage.ledger import LedgerFilter, list_deliveries
from storage.outlet_states import enrol

PATIENCE_SECONDS = 120


@contextmanager
def _worker(setup: Stage, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `rasad worker` with a data folder of its own; end it in good order."""
    settings = str(setup.folder / SETTINGS)
    folder = setup.folder.parent / name
    command = [sys.executable, "-m", "service.cli.main", "--settings", settings]
    environment = os.environ | {
        "RASAD_DATA_FOLDER": str(folder),
        "RASAD_WORKER__HEARTBEAT_SECONDS": "1",
        "RASAD_WORKER__ADOPT_AFTER_SECONDS": "5",
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


@pytest.fixture
def shared(tmp_path: Path, empty_postgres_url: str) -> Iterator[tuple[Stage, House]]:
    """A press, and an archive on PostgreSQL that several workers share."""
    with stage(tmp_path / "demo", port=0, database_url=empty_postgres_url) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        with house.database.write() as connection:
            enrol(connection, house.outlets.keys(), now=house.clock())
        yield setup, house
        house.close()


def _until_it_happened(setup: Stage, house: House) -> Report:
    began = time.monotonic()
    while True:
        expected = setup.press.expected(setup.subscriptions)
        report = compare(expected, observe(house, setup.inbox, setup.receiver))
        if not report.misses or time.monotonic() - began > PATIENCE_SECONDS:
            return report
        time.sleep(0.5)


def _assert_told_once(setup: Stage, house: House) -> None:
    with house.database.read() as connection:
        ledger = {one.id: one for one in list_deliveries(connection, LedgerFilter(), limit=5000)}
    arrived = delivered(setup.inbox, setup.receiver)
    assert arrived <= ledger.keys()
    told = [(ledger[one].recipient_id, ledger[one].subject) for one in arrived]
    assert len(told) == len(set(told))


@pytest.mark.kill
def test_three_workers_share_the_work_and_do_everything_once(shared: tuple[Stage, House]) -> None:
    setup, house = shared
    with _worker(setup, "w1"), _worker(setup, "w2"), _worker(setup, "w3"):
        report = _until_it_happened(setup, house)
    assert report.misses == ()
    assert overlaps(setup.press.asked) == ()
    mails = [mail.message_id for mail in setup.inbox.messages]
    assert len(mails) == len(set(mails))
    _assert_told_once(setup, house)


@pytest.mark.kill
def test_the_work_of_a_killed_worker_is_adopted(shared: tuple[Stage, House]) -> None:
    setup, house = shared
    with _worker(setup, "w1") as first:
        time.sleep(4)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        with _worker(setup, "w2"):
            report = _until_it_happened(setup, house)
    assert report.misses == ()
    _assert_told_once(setup, house)


@pytest.mark.kill
def test_a_worker_that_was_paused_does_no_harm_when_it_comes_back(
    shared: tuple[Stage, House],
) -> None:
    setup, house = shared
    with _worker(setup, "w1") as first:
        time.sleep(4)
        first.send_signal(signal.SIGSTOP)
        with _worker(setup, "w2"):
            report = _until_it_happened(setup, house)
            assert report.misses == ()
            first.send_signal(signal.SIGCONT)
            time.sleep(5)
            assert _until_it_happened(setup, house).misses == ()
    _assert_told_once(setup, house)
