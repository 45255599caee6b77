"""Deliveries through real servers and the ledger, with a clock turned by hand."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.message import Change, ChangeKind, Confirmation
from alerts.retry import EMAIL
from alerts.settle import Again, Done, GivenUp
from storage.claims import LEASE, claim
from storage.database import Database
from storage.delivery import DeliveryKind, DeliveryState, Reason, update_subject
from storage.ledger import LedgerFilter, list_deliveries
from storage.subscription import (
    Channel,
    NewRecipient,
    Preferences,
    SubscriptionState,
)
from tests.alerts.delivering import (
    Clock,
    endpoint,
    health,
    owe_content,
    postman,
    reader,
    run_due,
    run_until_quiet,
    stand,
)
from tests.alerts.news import NOW, alert
from tests.alerts.playing_http import PlayingReceiver
from tests.alerts.playing_smtp import Play, PlayingRelay
from tests.storage.ledger_examples import subscribe


def test_a_mail_is_sent_recorded_and_never_again(database: Database) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        identity = owe_content(database, subscription)
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            assert isinstance(await carrier.attempt(identity), Done)
            assert await carrier.attempt(identity) is None
            [mail] = relay.inbox
        row = stand(database, identity)
        assert row.state is DeliveryState.SENT
        assert row.receipt == "SMTP OK queued as 1"
        assert mail["Message-ID"] == f"<{identity}@rasad.example.ir>"
        assert mail["To"] == "sara@example.ir"
        assert "unsubscribe" not in mail["List-Unsubscribe"]
        assert mail["List-Unsubscribe"].startswith("<https://rasad.example.ir/u/u.sub_sara.")
        assert mail["List-Unsubscribe"].endswith("?lang=fa>")

    asyncio.run(go())


@pytest.mark.parametrize(
    ("play", "stored"),
    [
        (Play(rcpt="421 4.3.2 closing"), 1),
        (Play(data="451 4.3.0 later"), 1),
        (Play(drops=True), 2),
        (Play(hangs=True), 1),
    ],
    ids=["421", "451", "dropped after data", "hangs"],
)
def test_a_temporary_failure_is_tried_again_on_schedule_with_one_message_id(
    database: Database, play: Play, stored: int
) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        identity = owe_content(database, subscription)
        relay = PlayingRelay().script(play)
        async with (
            relay,
            postman(
                database, clock, smtp_port=relay.port, time_limit=timedelta(seconds=1)
            ) as carrier,
        ):
            first, second = await run_until_quiet(database, carrier, clock)
            assert second - first == pytest.approx(EMAIL.delays[0], rel=0.1)
        assert len(relay.inbox) == stored
        assert {mail["Message-ID"] for mail in relay.inbox} == {f"<{identity}@rasad.example.ir>"}
        assert stand(database, identity).state is DeliveryState.SENT
        assert health(database, subscription).failing_since_at is None

    asyncio.run(go())


def test_a_greylisting_relay_is_waited_out(database: Database) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        identity = owe_content(database, subscription)
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            while not relay.inbox:
                waited = clock.now - NOW
                if waited < timedelta(minutes=5):
                    relay.script(Play(rcpt="450 4.2.0 greylisted for five minutes"))
                await run_due(database, carrier, clock)
                row = stand(database, identity)
                clock.now = row.next_attempt_at or clock.now
            assert relay.attempts == 3
            assert clock.now - NOW < timedelta(minutes=10)

    asyncio.run(go())


def test_a_bounce_is_dead_at_once_and_the_third_suspends_the_address(database: Database) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        relay = PlayingRelay().script(*[Play(rcpt="550 5.1.1 unknown")] * 3)
        async with relay, postman(database, clock, smtp_port=relay.port) as carrier:
            dead = [owe_content(database, subscription, subject=f"story:{n}") for n in range(3)]
            for identity in dead:
                assert isinstance(await carrier.attempt(identity), GivenUp)
            fourth = owe_content(database, subscription, subject="story:4")
            assert await carrier.attempt(fourth) is None
        assert all(stand(database, one).state is DeliveryState.DEAD for one in dead)
        assert "550" in (stand(database, dead[0]).last_error or "")
        assert stand(database, fourth).reason is Reason.DISABLED
        assert "3 messages in a row" in (health(database, subscription).disabled_reason or "")
        assert relay.inbox == []

    asyncio.run(go())


def test_a_success_between_two_bounces_forgives_them(database: Database) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        bounce = Play(rcpt="550 5.1.1 unknown")
        relay = PlayingRelay().script(bounce, bounce, Play(), bounce, bounce)
        async with relay, postman(database, clock, smtp_port=relay.port) as carrier:
            for number in range(5):
                await carrier.attempt(
                    owe_content(database, subscription, subject=f"story:{number}")
                )
        assert health(database, subscription).disabled_at is None

    asyncio.run(go())


def test_a_worker_that_died_between_sending_and_recording_repeats_the_same_id(
    database: Database,
) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        identity = owe_content(database, subscription)
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            with database.write() as connection:
                assert claim(connection, identity, clock.now)
            assert await run_due(database, carrier, clock) == []
            clock.turn(LEASE)
            await run_due(database, carrier, clock)
        assert [mail["Message-ID"] for mail in relay.inbox] == [f"<{identity}@rasad.example.ir>"]

    asyncio.run(go())


def test_a_content_nobody_can_read_fails_on_schedule_and_does_not_spin(
    database: Database,
) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        # A confirmation cannot be put into a webhook: the message cannot be made.
        async with PlayingReceiver() as receiver, postman(database, clock) as carrier:
            hook = endpoint(database, receiver)
            identity = owe_content(database, hook, Confirmation(), subject="c")
            settled = await carrier.attempt(identity)
        assert isinstance(settled, Again)
        assert "could not be made" in settled.error
        assert receiver.got == []
        assert subscription.id == "sub_sara"

    asyncio.run(go())


def test_an_update_answers_the_storys_mail_in_the_same_thread(database: Database) -> None:
    changed = replace(alert(), change=Change(kind=ChangeKind.FIGURES, before="۱۲", after="۱۴"))

    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            await carrier.attempt(owe_content(database, subscription, subject="story:1"))
            subject = update_subject(1)
            await carrier.attempt(owe_content(database, subscription, changed, subject=subject))
        first, update = relay.inbox
        assert update["In-Reply-To"] == first["Message-ID"]
        assert update["References"].split() == [first["References"], first["Message-ID"]]
        assert update["Subject"] == f"Re: {first['Subject']}"

    asyncio.run(go())


def test_a_confirmation_carries_its_link_and_no_way_to_change_a_subscription(
    database: Database,
) -> None:
    async def go() -> None:
        clock = Clock()
        with database.write() as connection:
            pending = subscribe(
                connection,
                state=SubscriptionState.PENDING,
                preferences=Preferences(rule_ids=("copper",), language="en"),
            )
        identity = owe_content(
            database, pending, Confirmation(), subject="confirm", kind=DeliveryKind.CONFIRMATION
        )
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            await carrier.attempt(identity)
        [mail] = relay.inbox
        body = mail.get_body(("plain",))
        assert body is not None
        assert "https://rasad.example.ir/c/c.sub_sara." in body.get_content()
        assert "?lang=en" in body.get_content()
        assert "/m/" not in body.get_content()
        assert mail["List-Unsubscribe"] is None

    asyncio.run(go())


def test_nothing_leaves_unsigned_or_by_a_channel_that_is_not_there(database: Database) -> None:
    async def go() -> None:
        clock = Clock()
        async with PlayingReceiver() as receiver, postman(database, clock) as carrier:
            bare = NewRecipient(channel=Channel.WEBHOOK, address=receiver.url)
            with database.write() as connection:
                unsigned = subscribe(connection, "bare", new=bare)
            first = await carrier.attempt(owe_content(database, unsigned))
            channels = replace(carrier.channels, mail=None, posts=None)
            closed = replace(carrier, channels=channels)
            second = await closed.attempt(owe_content(database, unsigned, subject="story:2"))
            third = await closed.attempt(owe_content(database, reader(database)))
        assert receiver.got == []
        said = [one.error for one in (first, second, third) if isinstance(one, Again)]
        assert [error.split(";")[0] for error in said] == [
            "the endpoint has no signing secret",
            "webhooks are switched off in the settings",
            "no mail relay is configured",
        ]

    asyncio.run(go())


def test_what_is_owed_stands_in_the_ledger_until_somebody_answers(database: Database) -> None:
    async def go() -> None:
        clock, subscription = Clock(), reader(database)
        owe_content(database, subscription)
        async with postman(database, clock) as carrier:  # nothing listens on the relay's port
            [settled] = await run_due(database, carrier, clock)
        assert isinstance(settled, Again)
        with database.read() as connection:
            failed = list_deliveries(connection, LedgerFilter(state=DeliveryState.FAILED))
        assert [one.attempts for one in failed] == [1]

    asyncio.run(go())
