"""Kill the daemon again and again while it walks; nothing may be lost, doubled or get a second id.

    python -m tests.trials.walk_kills [--kills 100] [--seed 20261123] [--postgres]

The daemon is the whole one (`rasad run`) on the simulated press; SIGKILL falls at random instants
of its first seconds, as it takes up what the one before left. Half the kills fall in each of the
press's two acts; after each half it may finish, and what happened is compared with what must.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from service.cli.opening import bring_up_to_date
from service.demo.report import compare
from service.demo.stage import SETTINGS, Stage, stage, subscribe
from service.demo.watch import delivered, observe
from service.house import House, open_house
from storage.check import broken_invariants
from storage.ledger import LedgerFilter, list_deliveries
from tests.postgres import PostgresServer

PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the kills did: misses and broken rows in words; mails that arrived, and how many twice.

    `strangers` are messages that no row of the ledger knows, `second_ids` people who heard of a
    story under two ids.
    """

    kills: int
    misses: tuple[str, ...]
    broken: tuple[str, ...]
    arrived: int
    repeated: int
    strangers: int
    second_ids: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled or renamed."""
        return not (self.misses or self.broken or self.strangers or self.second_ids)


def run(folder: Path, *, kills: int, seed: int, database_url: str | None) -> Outcome:
    """Kill the daemon so often, let it finish, and return what happened."""
    chance = random.Random(seed)
    with stage(folder, port=0, database_url=database_url) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        misses: tuple[str, ...] = ()
        for act in range(2):
            if act:
                setup.advance()
            for _ in range(kills // 2):
                _run_and_kill(setup, chance)
            misses += _finish(house, setup)
        outcome = _outcome(house, setup, misses, kills)
        house.close()
        return outcome


def _daemon(setup: Stage) -> subprocess.Popen[bytes]:
    settings = str(setup.folder / SETTINGS)
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli.main", "--settings", settings, "run"],
        stdout=subprocess.PIPE,
    )


def _run_and_kill(setup: Stage, chance: random.Random) -> None:
    """Let it live until its pages answer and a little longer: then its work is in flight."""
    daemon = _daemon(setup)
    if chance.random() < 0.8:
        _wait_until_ready(daemon)
        time.sleep(chance.uniform(0, 2.5))
    else:
        time.sleep(chance.uniform(0.2, 2.0))
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.communicate()


def _wait_until_ready(daemon: subprocess.Popen[bytes]) -> None:
    """Read its first line, which names its pages: from then on SIGTERM stops in good order."""
    assert daemon.stdout is not None
    assert b"http://" in daemon.stdout.readline()


def _finish(house: House, setup: Stage) -> tuple[str, ...]:
    """Let the daemon work until this act has happened, then stop it; return what is missing."""
    daemon = _daemon(setup)
    _wait_until_ready(daemon)
    began = time.monotonic()
    misses = _misses(house, setup)
    while misses and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(0.5)
        misses = _misses(house, setup)
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=60)
    assert daemon.returncode == 0
    return misses


def _misses(house: House, setup: Stage) -> tuple[str, ...]:
    expected = setup.press.expected(setup.subscriptions)
    report = compare(expected, observe(house, setup.inbox, setup.receiver))
    return tuple(str(one) for one in report.misses)


def _outcome(house: House, setup: Stage, misses: tuple[str, ...], kills: int) -> Outcome:
    with house.database.read() as connection:
        ledger = {one.id: one for one in list_deliveries(connection, LedgerFilter(), limit=5000)}
        broken = tuple(one.what for one in broken_invariants(connection))
    arrived = delivered(setup.inbox, setup.receiver)
    known = arrived & ledger.keys()
    told = [(ledger[one].recipient_id, ledger[one].subject) for one in known]
    mails = [re.sub(r"[<>]", "", mail.message_id) for mail in setup.inbox.messages]
    events = [one.webhook_id for one in setup.receiver.events if one.refused is None]
    return Outcome(
        kills=kills,
        misses=misses,
        broken=broken,
        arrived=len(arrived),
        repeated=len(mails) - len(set(mails)) + len(events) - len(set(events)),
        strangers=len(arrived - ledger.keys()),
        second_ids=len(told) - len(set(told)),
    )


def main() -> None:
    """Run the trial as the command line wants it; exit 1 when something was lost or doubled."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--kills", type=int, default=100)
    reader.add_argument("--seed", type=int, default=20261123)
    reader.add_argument("--postgres", action="store_true", help="PostgreSQL instead of SQLite")
    wish = reader.parse_args()
    server = PostgresServer(fast=False) if wish.postgres else None
    try:
        if server is not None:
            server.start()
        url = None if server is None else server.create("kills")
        with tempfile.TemporaryDirectory(prefix="rasad-kills-", dir="/tmp") as folder:
            outcome = run(Path(folder) / "demo", kills=wish.kills, seed=wish.seed, database_url=url)
    finally:
        if server is not None:
            server.stop()
            server.remove()
    print(outcome)
    sys.exit(0 if outcome.is_clean else 1)


if __name__ == "__main__":
    main()
