"""A relay and receivers that misbehave at random: what is stored is what was owed."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from alerts.webhook import new_secret
from storage.database import Database
from storage.delivery import DeliveryState
from storage.ledger import LedgerFilter, count_by_state, list_deliveries
from storage.subscription import Channel, NewRecipient
from tests.alerts.delivering import Clock, owe_content, postman, run_until_quiet
from tests.alerts.playing_http import Answer, PlayingReceiver
from tests.alerts.playing_smtp import ACCEPT, Play, PlayingRelay
from tests.storage.ledger_examples import subscribe

OWED = 80
BOUNCE = Play(rcpt="550 5.1.1 unknown")
DROP = Play(drops=True)
MAIL_PLAYS = (
    ACCEPT,
    BOUNCE,
    DROP,
    Play(rcpt="421 4.3.2 closing"),
    Play(rcpt="450 4.2.0 greylisted"),
    Play(data="451 4.3.0 later"),
    Play(data="452 4.2.2 mailbox full"),
)
ANSWERS = (
    Answer(status=200),
    Answer(status=204),
    Answer(status=500),
    Answer(status=429, headers=(("retry-after", "60"),)),
    Answer(resets=True),
    Answer(status=302, headers=(("location", "/x"),)),
)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


def owe_all(database: Database, receiver: PlayingReceiver | None = None) -> set[str]:
    """Owe one story to each of many recipients."""
    owed = set()
    for number in range(OWED):
        new = (
            None
            if receiver is None
            else NewRecipient(
                channel=Channel.WEBHOOK,
                address=f"{receiver.url}&n={number}",
                secret=new_secret(),
            )
        )
        with database.write() as connection:
            subscription = subscribe(connection, f"reader{number}", new=new)
        owed.add(owe_content(database, subscription))
    return owed


def test_a_bad_day_of_the_relay_loses_nothing_and_doubles_only_lost_acknowledgements(
    database: Database,
) -> None:
    dice = random.Random(7)
    plays = [dice.choice(MAIL_PLAYS) for _ in range(OWED * 2)]
    relay = PlayingRelay().script(*plays)
    owed = owe_all(database)
    clock = Clock()

    async def go() -> None:
        async with relay, postman(database, clock, smtp_port=relay.port) as carrier:
            await run_until_quiet(database, carrier, clock, most=400)

    asyncio.run(go())
    played = plays[: len(plays) - len(relay.plays)]
    arrived = Counter(str(mail["Message-ID"]).strip("<>").split("@")[0] for mail in relay.inbox)
    bounced = played.count(BOUNCE)
    with database.read() as connection:
        states = count_by_state(connection)
    assert states == {
        (DeliveryState.SENT, None): OWED - bounced,
        (DeliveryState.DEAD, None): bounced,
    }
    assert set(arrived) <= owed
    assert len(relay.inbox) == OWED - bounced + played.count(DROP)
    with database.read() as connection:
        sent = list_deliveries(connection, LedgerFilter(state=DeliveryState.SENT), limit=OWED)
    assert {row.id for row in sent} <= set(arrived)


def test_a_bad_day_of_receivers_loses_nothing(database: Database) -> None:
    dice = random.Random(8)
    clock = Clock()
    receiver = PlayingReceiver().script(*(dice.choice(ANSWERS) for _ in range(OWED * 2)))

    async def go() -> set[str]:
        async with receiver, postman(database, clock, time_limit=timedelta(seconds=5)) as carrier:
            owed = owe_all(database, receiver)
            await run_until_quiet(database, carrier, clock, most=400)
        return owed

    owed = asyncio.run(go())
    with database.read() as connection:
        assert count_by_state(connection) == {(DeliveryState.SENT, None): OWED}
    assert {got.headers["webhook-id"] for got in receiver.got} == owed
    by_id = Counter((got.headers["webhook-id"], got.body) for got in receiver.got)
    assert len(by_id) == OWED, "a repeat says the same bytes"
