"""A round through a lane: what it takes, what it leaves, and what a killed one finds again."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from alerts.attempt import Attempted, Postman
from alerts.rounds import Round, Turn
from alerts.settle import Done, Settlement
from storage.database import Database
from storage.delivery import MAIL_LANE, Claimed, DeliveryState
from storage.errors import BusyError, CorruptError
from storage.ledger import count_by_state, lanes
from storage.recipients import disable_recipient
from storage.subscription import Channel, NewRecipient
from tests.alerts.delivering import Clock, owe_content, postman, stand
from tests.alerts.news import NOW
from tests.alerts.playing_smtp import Play, PlayingRelay
from tests.storage.ledger_examples import subscribe

MAIL = Turn(lane=MAIL_LANE, name="turn-1", at_once=3, ahead=5)


def owe_mails(database: Database, count: int, name: str = "sara") -> list[str]:
    """Owe one reader some stories."""
    with database.write() as connection:
        reader = subscribe(connection, name)
    return [
        owe_content(database, reader, subject=f"story:{number}") for number in range(1, count + 1)
    ]


async def go(
    carrier: Postman,
    turn: Turn = MAIL,
    *,
    told: list[Settlement] | None = None,
    stops: bool = False,
) -> Counter[str]:
    def listen(_claimed: Claimed, settlement: Settlement) -> None:
        if told is not None:
            told.append(settlement)

    return await Round(carrier, turn, listen=listen, is_stopping=lambda: stops).go()


def test_a_round_sends_everything_that_is_due_in_its_lane(database: Database) -> None:
    owed = owe_mails(database, 12)
    relay, told = PlayingRelay(), list[Settlement]()

    async def scenario() -> Counter[str]:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            return await go(carrier, told=told)

    assert asyncio.run(scenario()) == {"Done": 12}
    assert {type(one) for one in told} == {Done}
    arrived = [mail["Message-ID"].strip("<>").partition("@")[0] for mail in relay.inbox]
    assert sorted(arrived) == sorted(owed)
    assert relay.connections <= MAIL.at_once


def test_a_refusal_of_one_mail_leaves_the_others_their_way(database: Database) -> None:
    owe_mails(database, 6)
    relay = PlayingRelay()
    relay.plays.extend([Play(rcpt="451 later"), Play(rcpt="550 no such mailbox")])

    async def scenario() -> Counter[str]:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            return await go(carrier)

    assert asyncio.run(scenario()) == {"Done": 4, "Again": 1, "GivenUp": 1}
    with database.read() as connection:
        states = count_by_state(connection)
    assert states == {
        (DeliveryState.SENT, None): 4,
        (DeliveryState.FAILED, None): 1,
        (DeliveryState.DEAD, None): 1,
    }


def test_a_round_gone_again_after_a_kill_begins_with_what_it_had_in_hand(
    database: Database,
) -> None:
    owed = owe_mails(database, 4)
    relay = PlayingRelay()

    async def scenario() -> tuple[Counter[str], Counter[str]]:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            assert len(await carrier.take(MAIL_LANE, 3, claimant="turn-0")) == 3  # and was killed
            other = await go(carrier)
            return other, await go(carrier, Turn(lane=MAIL_LANE, name="turn-0"))

    other, again = asyncio.run(scenario())
    assert (other["Done"], again["Done"]) == (1, 3)
    assert len(relay.inbox) == len(owed)


def test_a_round_that_is_stopped_leaves_nothing_in_hand(database: Database) -> None:
    owed = owe_mails(database, 3)

    async def scenario() -> Counter[str]:
        async with postman(database, Clock()) as carrier:
            await carrier.take(MAIL_LANE, 3, claimant=MAIL.name)
            return await go(carrier, stops=True)

    assert asyncio.run(scenario()) == {}
    rows = [stand(database, one) for one in owed]
    assert {(row.state, row.attempts, row.next_attempt_at) for row in rows} == {
        (DeliveryState.OWED, 1, NOW)  # the one attempt may have been made before the kill
    }


def test_a_round_whose_time_is_up_takes_nothing_more(database: Database) -> None:
    owe_mails(database, 9)
    relay = PlayingRelay()
    over = Turn(lane=MAIL_LANE, name="turn-1", ahead=5, limit=timedelta(0))

    async def scenario() -> Counter[str]:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            return await go(carrier, over)

    assert asyncio.run(scenario()) == {}


def test_what_waits_too_long_in_hand_is_given_back_before_its_lease_ends(
    database: Database,
) -> None:
    owe_mails(database, 5)
    clock, relay = Clock(), PlayingRelay()

    async def scenario() -> Counter[str]:
        async with relay, postman(database, clock, smtp_port=relay.port) as carrier:
            slow = Round(
                carrier,
                Turn(lane=MAIL_LANE, name="turn-1", ahead=5),
                listen=lambda _claimed, _settlement: None,
                is_stopping=lambda: bool(clock.turn(timedelta(minutes=1))),
            )
            return await slow.go()

    count = asyncio.run(scenario())
    assert 0 < count["Done"] < 5
    with database.read() as connection:
        states = count_by_state(connection)
    assert states[DeliveryState.OWED, None] == 5 - count["Done"]


def test_a_disabled_reader_at_the_head_of_the_lane_holds_up_nobody(database: Database) -> None:
    owe_mails(database, 8, "gone")
    owe_mails(database, 2, "sara")
    relay = PlayingRelay()
    with database.write() as connection:
        gone = subscribe(connection, "gone").recipient
        disable_recipient(connection, gone.id, "bounces", now=NOW)

    async def scenario() -> Counter[str]:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            return await go(carrier)

    assert asyncio.run(scenario()) == {"Done": 2}


class Away(Postman):
    """A postman whose archive is away for a while, or for good."""

    __slots__ = ("failures",)
    failures: list[Exception]

    async def settle(self, attempted: Sequence[Attempted]) -> tuple[Settlement, ...]:
        if self.failures:
            raise self.failures.pop()
        return await super().settle(attempted)


def away(carrier: Postman, *failures: Exception) -> Away:
    made = Away(database=carrier.database, channels=carrier.channels, clock=carrier.clock)
    object.__setattr__(made, "failures", list(failures))
    return made


def test_what_was_sent_is_written_down_when_the_archive_is_back(database: Database) -> None:
    owe_mails(database, 3)
    relay = PlayingRelay()

    async def scenario() -> Counter[str]:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            return await go(away(carrier, BusyError("another writer")))

    assert asyncio.run(scenario()) == {"Done": 3}
    assert len(relay.inbox) == 3


def test_an_archive_that_is_broken_ends_the_round(database: Database) -> None:
    owe_mails(database, 3)
    relay = PlayingRelay()

    async def scenario() -> None:
        async with relay, postman(database, Clock(), smtp_port=relay.port) as carrier:
            await go(away(carrier, CorruptError("not an archive")))

    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(scenario())
    assert raised.group_contains(CorruptError)


def test_all_mail_is_one_lane_and_every_endpoint_one_of_its_own(database: Database) -> None:
    owe_mails(database, 2, "sara")
    owe_mails(database, 2, "reza")
    with database.write() as connection:
        hooks = [
            subscribe(
                connection,
                f"hook{number}",
                new=NewRecipient(channel=Channel.WEBHOOK, address=f"https://{number}.example.ir"),
            )
            for number in (1, 2)
        ]
    for hook in hooks:
        owe_content(database, hook, subject="story:1")
        owe_content(database, hook, subject="story:2")
    with database.read() as connection:
        found = [first.lane for first in lanes(connection, NOW)]
        assert lanes(connection, NOW - timedelta(minutes=1)) == ()
    assert sorted(found) == sorted([MAIL_LANE, *(hook.recipient.id for hook in hooks)])
