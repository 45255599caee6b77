"""Measure telling people: planning, the ledger, rendering, real SMTP and real HTTP on loopback."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from alerts.announce import Occasion, announce
from alerts.attempt import Postman
from alerts.digest import grouped
from alerts.message import Digest
from alerts.payload import body_of
from alerts.render import Envelope, render
from alerts.rounds import Round, Turn
from alerts.settle import Settlement
from storage.database import Database
from storage.delivery import MAIL_LANE, Claimed
from storage.ledger import due
from storage.migrate import migrate
from storage.subscription import Channel, NewRecipient, Preferences
from tests.alerts.delivering import Clock, postman
from tests.alerts.news import COPPER, NOW, SME, alert, article, facts
from tests.storage.ledger_examples import subscribe

ENVELOPE = Envelope(
    name="صبح مدیران", manage_url="https://a.ir/m/x", unsubscribe_url="https://a.ir/u/x"
)
BOTH = Preferences(rule_ids=("copper", "sme"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was done, how often, and how many a second."""

    name: str
    count: int
    per_second: float


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - every benchmark is called alike
    """Return the rows of the table; `quick` uses fewer subscribers and stories."""
    subscribers, stories = (50, 4) if quick else (1000, 20)
    rows = [*_rendering(50 if quick else 500)]
    with tempfile.TemporaryDirectory() as folder:
        database = _database(Path(folder))
        rows.append(_planning(database, subscribers, stories))
        rows.append(asyncio.run(_sending(database, 200 if quick else 2000)))
        rows.append(_digest(30 if quick else 60))
        database.close()
    with tempfile.TemporaryDirectory() as folder:
        database = _database(Path(folder))
        rows.append(asyncio.run(_posting(database, 100 if quick else 1000)))
        database.close()
    _print(rows)
    return rows


def _database(folder: Path) -> Database:
    database = Database.open(f"sqlite:///{folder / 'archive.db'}")
    migrate(database)
    return database


def _rendering(times: int) -> list[Row]:
    stories = [alert(number) for number in range(times + 1)]
    return [
        _measured("render an alert, HTML and text", times, lambda n: render(stories[n], ENVELOPE)),
        _measured("render it for its next reader", times, lambda _: render(stories[0], ENVELOPE)),
        _measured("build a webhook body", times, lambda n: body_of(stories[n], owed_at=NOW)),
    ]


def _digest(stories: int) -> Row:
    """Render bulletins that differ, so that none is remembered."""
    days = [
        Digest(
            rhythm="daily",
            from_at=NOW,
            until_at=NOW + timedelta(days=day),
            groups=grouped(alert(number) for number in range(stories)),
        )
        for day in range(6)
    ]
    name = f"render a bulletin of {stories} stories"
    return _measured(name, 5, lambda n: render(days[n], ENVELOPE))


def _measured(name: str, times: int, work: Callable[[int], object]) -> Row:
    work(0)
    began = time.perf_counter()
    for number in range(1, times + 1):
        work(number)
    return Row(name, times, times / (time.perf_counter() - began))


def _planning(database: Database, subscribers: int, stories: int) -> Row:
    """Let every story match for every subscriber: plan, compose, write the ledger."""
    with database.write() as connection:
        for number in range(subscribers):
            subscribe(connection, f"reader{number}", preferences=BOTH)
    began = time.perf_counter()
    for story in range(stories):
        with database.write() as connection:
            announce(connection, article(), [COPPER, SME], partial(facts, story), Occasion(now=NOW))
    owed = subscribers * stories
    return Row(
        f"plan and owe ({subscribers} subscribers a story)",
        owed,
        owed / (time.perf_counter() - began),
    )


async def _sending(database: Database, most: int) -> Row:
    """Claim, render, send by SMTP to a server in a process of its own, record."""
    async with AsyncExitStack() as stack:
        server, port = _server("smtp")
        stack.callback(server.wait)
        stack.callback(server.kill)
        carrier = await stack.enter_async_context(postman(database, Clock(), smtp_port=port))
        turn = Turn(lane=MAIL_LANE, name="bench", at_once=8, ahead=64)
        return await _round("send by SMTP, ledger included", carrier, turn, most)


async def _round(name: str, carrier: Postman, turn: Turn, most: int) -> Row:
    """Go a round as the daemon does, until it has sent `most`."""
    sent = 0

    def count(_claimed: Claimed, _settlement: Settlement) -> None:
        nonlocal sent
        sent += 1

    began = time.perf_counter()
    await Round(carrier, turn, listen=count, is_stopping=lambda: sent >= most).go()
    return Row(name, sent, sent / (time.perf_counter() - began))


async def _posting(database: Database, most: int) -> Row:
    """Post to two endpoints, one of which takes five seconds for each answer."""
    async with AsyncExitStack() as stack:
        server, port = _server("http")
        stack.callback(server.wait)
        stack.callback(server.kill)
        with database.write() as connection:
            for number in range(most):
                url = f"http://127.0.0.1:{port}/{'slow' if number == 0 else number}"
                hook = NewRecipient(
                    channel=Channel.WEBHOOK, address=url, secret="whsec_" + "QUJD" * 10
                )
                subscribe(connection, f"hook{number}", new=hook, preferences=BOTH)
            announce(connection, article(), [COPPER], partial(facts, 1), Occasion(now=NOW))
        carrier = await stack.enter_async_context(postman(database, Clock()))
        name = "post webhooks beside one slow endpoint"
        return await _carry(name, database, carrier, most - 1)


async def _carry(name: str, database: Database, carrier: Postman, most: int) -> Row:
    """Attempt up to `most` deliveries, sixteen at a time, and wait for those only."""
    with database.read() as connection:
        ready = [one.id for one in due(connection, NOW, most + 1)]
    slots = asyncio.Semaphore(16)

    async def one(identity: str) -> datetime:
        async with slots:
            await carrier.attempt(identity)
            return NOW

    began = time.perf_counter()
    waiting = {asyncio.create_task(one(identity)) for identity in ready}
    took = 0.0
    for done, finished in enumerate(asyncio.as_completed(waiting), start=1):
        await finished
        if done == most:
            took = time.perf_counter() - began
    return Row(name, most, most / took)


def _server(kind: str) -> tuple[subprocess.Popen[str], int]:
    """Start a server in a process of its own, so that it does not share our interpreter."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.delivery_servers", kind],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    return server, int(server.stdout.readline())


def _print(rows: list[Row]) -> None:
    print(f"{'telling people':52} {'count':>8} {'a second':>10}")
    for row in rows:
        print(f"{row.name:52} {row.count:8} {row.per_second:10.0f}")
