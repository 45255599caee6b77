"""A worker killed at random instants loses no message and sends none under a second id."""

import asyncio
import random
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from alerts.announce import Occasion, announce
from alerts.attempt import utc_now
from storage.database import Database
from storage.delivery import DeliveryState
from storage.ledger import count_by_state, list_deliveries
from tests.alerts.news import COPPER, article, facts
from tests.alerts.playing_smtp import PlayingRelay
from tests.storage.ledger_examples import subscribe

SUBSCRIBERS = 100
STORIES = 20
KILLS = 25  # on each database


def owe_everything(database: Database) -> set[str]:
    """Let every story match for every subscriber; return the ids of all deliveries."""
    now = utc_now()
    with database.write() as connection:
        for number in range(SUBSCRIBERS):
            subscribe(connection, f"reader{number}")
    for story in range(STORIES):
        with database.write() as connection:
            fresh = article(published_at=now)
            announce(connection, fresh, [COPPER], partial(facts, story), Occasion(now=now))
    with database.read() as connection:
        rows = list_deliveries(connection, limit=SUBSCRIBERS * STORIES + 1)
    return {row.id for row in rows}


async def start(url: str, port: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.alerts.sending_worker",
        url,
        str(port),
        cwd=Path(__file__).parents[2],
    )


async def kill_and_finish(url: str, relay: PlayingRelay, dice: random.Random) -> int:
    """Kill the worker KILLS times while it sends, then let one finish; return kills mid-work."""
    mid_work = 0
    for _ in range(KILLS):
        worker = await start(url, relay.port)
        before = len(relay.inbox)
        while len(relay.inbox) == before and worker.returncode is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(dice.uniform(0, 0.15))
        if worker.returncode is None:
            worker.kill()
            mid_work += 1
        await worker.wait()
    last = await start(url, relay.port)
    assert await asyncio.wait_for(last.wait(), 240) == 0
    return mid_work


@pytest.mark.kill
@pytest.mark.timeout(600)
def test_kills_at_random_instants_lose_nothing_and_no_message_gets_a_second_id(
    database: Database, database_url: str
) -> None:
    owed = owe_everything(database)
    assert len(owed) == SUBSCRIBERS * STORIES
    relay = PlayingRelay()

    async def go() -> int:
        async with relay:
            return await kill_and_finish(database_url, relay, random.Random(database.url))

    mid_work = asyncio.run(go())
    arrived = Counter(mail["Message-ID"].strip("<>").split("@")[0] for mail in relay.inbox)
    with database.read() as connection:
        states = count_by_state(connection)
    print(f"{mid_work} kills while sending, {len(relay.inbox)} mails for {len(owed)} owed")
    assert set(arrived) == owed
    assert states == {(DeliveryState.SENT, None): len(owed)}
    assert mid_work >= KILLS // 2
    said = {
        (reader, mail["References"])
        for reader, mail in zip(relay.recipients, relay.inbox, strict=True)
    }
    assert len(said) == len(owed), "somebody was told a story under two ids"
