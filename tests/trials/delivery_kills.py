"""Kill the daemon again and again while it sends; nothing may be missing or get a second id.

Usage: python -m tests.trials.delivery_kills [--subscribers 1000] [--stories 200] [--kills 50]
       [--minutes 30] [--database URL]

The archive is a new SQLite one by default; give PostgreSQL a database of its own.

Every story matches for every subscriber. The daemon is the whole one (`rasad run`, `rasad worker`),
the relay a real SMTP server on loopback; the kills (SIGKILL) fall at random over the whole run.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select

from alerts.announce import Occasion, announce
from alerts.attempt import utc_now
from storage.database import Database
from storage.delivery import DeliveryState, delivery_id, story_subject
from storage.ledger import count_by_state
from storage.migrate import migrate
from storage.schema.deliveries import deliveries
from storage.subscription import Channel
from tests.alerts.news import COPPER, article, facts
from tests.storage.ledger_examples import subscribe

SETTINGS = """
{database}
data_folder = "data"
[crawl]
shipped_catalogue = false
[web]
port = 0
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "Rasad <rasad@example.ir>"
messages_per_minute = 1000000
connections = {connections}
[alerts]
tick_seconds = 0.2
"""
CONNECTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the trial is; `patience_seconds` bounds the whole of it."""

    subscribers: int = 1000
    stories: int = 200
    kills: int = 50
    patience_seconds: float = 1800
    seed: int = 1

    @property
    def owed(self) -> int:
        """How many messages are owed."""
        return self.subscribers * self.stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was seen. `mid_work` counts kills that hit a daemon with messages left to send.

    `lost` are messages that the ledger calls sent though they never arrived: they tell what
    `missing` cannot when time was up before everything was sent.
    """

    owed: int
    arrived: int
    missing: int
    lost: int
    strangers: int
    second_ids: int
    mid_work: int
    seconds: float
    states: dict[str, int]

    @property
    def repeated(self) -> int:
        """Mails that came again under their own id: their acknowledgement was lost in a kill."""
        return self.arrived - (self.owed - self.missing)


def run(folder: Path, size: Size, database_url: str | None = None) -> Result:
    """Owe everything, send it under kills, and count what arrived."""
    url = database_url or f"sqlite:///{folder / 'data' / 'rasad.sqlite'}"
    database = Database.open(url)
    migrate(database)
    owed = owe_everything(database, size)
    with ExitStack() as stack:
        stack.callback(database.close)
        book = folder / "arrived.txt"
        port = stack.enter_context(relay(book))
        line = "" if database_url is None else f'database_url = "{database_url}"'
        settings = folder / "rasad.toml"
        settings.write_text(
            SETTINGS.format(database=line, port=port, connections=CONNECTIONS), encoding="utf-8"
        )
        command = "run" if database_url is None else "worker"
        began = time.monotonic()
        trial = Trial([command], settings, book, size, began + size.patience_seconds)
        mid_work = trial.kill_and_finish(database)
        seconds = time.monotonic() - began
        with database.read() as connection:
            counted = count_by_state(connection)
            is_sent = deliveries.c.state == DeliveryState.SENT.value
            sent = set(connection.execute(select(deliveries.c.id).where(is_sent)).scalars())
    arrived = Counter(tuple(line.split()) for line in book.read_text("utf-8").splitlines())
    ids = {one.strip("<>").partition("@")[0] for one, _, _ in arrived}
    told = Counter((reader, thread) for _, reader, thread in arrived)
    return Result(
        owed=len(owed),
        arrived=arrived.total(),
        missing=len(owed - ids),
        lost=len(sent - ids),
        strangers=len(ids - owed),
        second_ids=sum(count > 1 for count in told.values()),
        mid_work=mid_work,
        seconds=seconds,
        states={state.value: count for (state, _), count in counted.items()},
    )


def owe_everything(database: Database, size: Size) -> set[str]:
    """Let every story match for every subscriber; return the ids of all deliveries."""
    now = utc_now()
    with database.write() as connection:
        readers = [subscribe(connection, f"reader{n}").id for n in range(size.subscribers)]
    for story in range(size.stories):
        with database.write() as connection:
            fresh = article(published_at=now)
            announce(connection, fresh, [COPPER], partial(facts, story), Occasion(now=now))
    return {
        delivery_id(reader, story_subject(story), Channel.EMAIL)
        for reader in readers
        for story in range(size.stories)
    }


@contextmanager
def relay(book: Path) -> Iterator[int]:
    """Run the relay; yield its port."""
    book.touch()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.trials.relay", str(book)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


class Trial:
    """One daemon after another, each killed but the last."""

    def __init__(
        self, command: list[str], settings: Path, book: Path, size: Size, ends_at: float
    ) -> None:
        self._command = [
            sys.executable, "-m", "service.cli.main", "--settings", str(settings), *command
        ]  # fmt: skip
        self._book = book
        self._size = size
        self._ends_at = ends_at
        self._read = 0
        self._lines = 0

    def kill_and_finish(self, database: Database) -> int:
        """Kill at random instants, spread over all that is owed; let the last daemon finish."""
        dice = random.Random(self._size.seed)
        marks = sorted(dice.sample(range(self._size.owed), self._size.kills))
        mid_work = 0
        for mark in marks:
            if self._is_time_up():
                break
            with self._daemon() as daemon:
                fresh = self._arrived() + 1
                self._until(lambda mark=mark, fresh=fresh: self._arrived() >= max(mark, fresh))
                time.sleep(dice.uniform(0, 0.1))
                daemon.kill()
                daemon.wait()
            mid_work += self._arrived() < self._size.owed
        if self._is_time_up():
            return mid_work
        with self._daemon() as daemon:
            self._until(lambda: not _is_open(database))
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(60) == 0
        return mid_work

    @contextmanager
    def _daemon(self) -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen(self._command, stdout=subprocess.DEVNULL) as daemon:
            try:
                yield daemon
            finally:
                if daemon.poll() is None:
                    daemon.kill()

    def _until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, or the time of the trial is up."""
        while not is_so() and not self._is_time_up():
            time.sleep(0.05)

    def _is_time_up(self) -> bool:
        return time.monotonic() > self._ends_at

    def _arrived(self) -> int:
        """Count the lines of the book, reading on from where it was read before."""
        with self._book.open("rb") as file:
            file.seek(self._read)
            more = file.read()
        self._read += len(more)
        self._lines += more.count(b"\n")
        return self._lines


def _is_open(database: Database) -> bool:
    with database.read() as connection:
        return any(state is not DeliveryState.SENT for state, _ in count_by_state(connection))


def main() -> None:
    """Read the size, run the trial, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("subscribers", "stories", "kills", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size(), name))
    parser.add_argument("--minutes", type=float, default=30, help="the bound of the whole trial")
    parser.add_argument("--database", help="a PostgreSQL database of its own")
    asked = parser.parse_args()
    size = Size(
        subscribers=asked.subscribers,
        stories=asked.stories,
        kills=asked.kills,
        seed=asked.seed,
        patience_seconds=asked.minutes * 60,
    )
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), size, asked.database)
    print(f"{result.owed} owed, {result.mid_work} of {size.kills} kills hit a sending daemon")
    print(f"{result.arrived} arrived in {result.seconds:.0f} s: {result.repeated} of them again")
    print(f"{result.missing} missing, {result.lost} lost, {result.strangers} unknown")
    print(f"{result.second_ids} stories told under a second id")
    print(f"the ledger: {result.states}")


if __name__ == "__main__":
    main()
