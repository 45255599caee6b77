"""The daemon killed at ten random instants of a demo: nothing lost, nothing twice, no second id."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.cli.opening import bring_up_to_date
from service.demo.report import Report, compare
from service.demo.stage import SETTINGS, Stage, stage, subscribe
from service.demo.watch import delivered, observe
from service.house import House, open_house
from storage.ledger import LedgerFilter, list_deliveries

KILLS = 10
PATIENCE_SECONDS = 90


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("empty_postgres_url"))


def _daemon(setup: Stage) -> subprocess.Popen[bytes]:
    settings = str(setup.folder / SETTINGS)
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli.main", "--settings", settings, "run"],
        stdout=subprocess.PIPE,
    )


def _wait_until_ready(daemon: subprocess.Popen[bytes]) -> None:
    """Read its first line, which names its pages: from then on SIGTERM stops in good order."""
    assert daemon.stdout is not None
    assert b"http://" in daemon.stdout.readline()


def _compare(house: House, setup: Stage) -> Report:
    expected = setup.press.expected(setup.subscriptions)
    return compare(expected, observe(house, setup.inbox, setup.receiver))


def _run_and_kill(setup: Stage, chance: random.Random) -> None:
    daemon = _daemon(setup)
    time.sleep(chance.uniform(0.8, 3.5))
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.communicate()


def _finish(house: House, setup: Stage) -> Report:
    """Let the daemon work until this act has happened, then stop it in good order."""
    daemon = _daemon(setup)
    _wait_until_ready(daemon)
    began = time.monotonic()
    report = _compare(house, setup)
    while report.misses and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(0.3)
        report = _compare(house, setup)
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=40)
    assert daemon.returncode == 0
    return report


@pytest.mark.kill
@pytest.mark.timeout(400)
def test_ten_kills_lose_nothing_and_send_no_second_id(
    tmp_path: Path, database_url: str | None
) -> None:
    chance = random.Random(20261123)
    with stage(tmp_path / "demo", port=0, database_url=database_url) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        for _ in range(KILLS // 2):
            _run_and_kill(setup, chance)
        assert _finish(house, setup).misses == ()
        setup.advance()
        for _ in range(KILLS // 2):
            _run_and_kill(setup, chance)
        report = _finish(house, setup)
        assert report.misses == ()
        _assert_one_id_each(house, setup)
        house.database.close()


def _assert_one_id_each(house: House, setup: Stage) -> None:
    """Every message that arrived is a row of the ledger, and nobody heard of a story by two ids."""
    with house.database.read() as connection:
        ledger = {one.id: one for one in list_deliveries(connection, LedgerFilter(), limit=5000)}
    arrived = delivered(setup.inbox, setup.receiver)
    assert arrived <= ledger.keys()
    told = [(ledger[one].recipient_id, ledger[one].subject) for one in arrived]
    assert len(told) == len(set(told))
    ids = [re.sub(r"[<>]", "", mail.message_id) for mail in setup.inbox.messages]
    assert all(one.startswith("dlv_") for one in ids)
