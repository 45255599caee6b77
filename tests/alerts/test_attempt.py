"""Deliveries through real servers and the ledger, with a clock turned by hand."""

import asyncio
import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from alerts.message import Change, ChangeKind, Confirmation, Ping
from alerts.retry import EMAIL, WEBHOOK
from alerts.settle import Again, Done, GivenUp
from alerts.webhook import new_secret
from storage.claims import LEASE, claim
from storage.database import Database
from storage.delivery import DeliveryKind, DeliveryState, Reason, update_subject
from storage.ledger import LedgerFilter, list_deliveries
from storage.recipients import find_recipient, rotate_secret
from storage.subscription import (
    Channel,
    NewRecipient,
    Preferences,
    Recipient,
    Subscription,
    SubscriptionState,
)
from storage.subscriptions import find_subscription
from tests.alerts.delivering import Clock, owe_content, postman, run_due, run_until_quiet, stand
from tests.alerts.news import NOW, alert
from tests.alerts.playing_http import Answer, PlayingReceiver
from tests.alerts.playing_smtp import Play, PlayingRelay
from tests.storage.ledger_examples import subscribe

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="


def reader(database: Database, name: str = "sara") -> Subscription:
    with database.write() as connection:
        return subscribe(connection, name)


def endpoint(
    database: Database,
    receiver: PlayingReceiver,
    *,
    state: SubscriptionState = SubscriptionState.ACTIVE,
) -> Subscription:
    new = NewRecipient(
        channel=Channel.WEBHOOK,
        address=receiver.url,
        owner_email="owner@example.com",
        secret=SECRET,
    )
    with database.write() as connection:
        return subscribe(connection, "hook", new=new, state=state)


def health(database: Database, subscription: Subscription) -> Recipient:
    with database.read() as connection:
        found = find_recipient(connection, subscription.recipient.id)
    assert found is not None
    return found


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


def test_an_endpoint_that_fails_is_tried_on_the_schedule_and_then_dead(
    database: Database,
) -> None:
    async def go() -> None:
        clock = Clock()
        receiver = PlayingReceiver().script(*[Answer(status=500)] * 20)
        async with receiver, postman(database, clock) as carrier:
            subscription = endpoint(database, receiver)
            identity = owe_content(database, subscription)
            times = await run_until_quiet(database, carrier, clock)
        pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
        for pause, planned in zip(pauses, WEBHOOK.delays, strict=True):
            assert 0.9 * planned <= pause <= 1.1 * planned
        assert {got.headers["webhook-id"] for got in receiver.got} == {identity}
        assert len({got.body for got in receiver.got}) == 1
        assert len(receiver.got) == 10
        assert stand(database, identity).state is DeliveryState.DEAD

    asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "state", "asked"),
    [
        (Answer(status=200), DeliveryState.SENT, None),
        (Answer(status=204), DeliveryState.SENT, None),
        (Answer(status=301, headers=(("location", "/x"),)), DeliveryState.FAILED, None),
        (Answer(status=400), DeliveryState.FAILED, None),
        (Answer(status=410), DeliveryState.DEAD, None),
        (
            Answer(status=429, headers=(("retry-after", "3600"),)),
            DeliveryState.FAILED,
            timedelta(hours=1),
        ),
        (Answer(status=500), DeliveryState.FAILED, None),
        (Answer(resets=True), DeliveryState.FAILED, None),
        (Answer(pause_seconds=3), DeliveryState.FAILED, None),
        (Answer(drips=True), DeliveryState.FAILED, None),
    ],
    ids=["200", "204", "301", "400", "410", "429", "500", "reset", "time-out", "drip"],
)
def test_every_answer_of_a_receiver_stands_in_the_ledger(
    database: Database, answer: Answer, state: DeliveryState, asked: timedelta | None
) -> None:
    async def go() -> None:
        clock = Clock()
        async with (
            PlayingReceiver().script(answer) as receiver,
            postman(database, clock, time_limit=timedelta(seconds=0.5)) as carrier,
        ):
            identity = owe_content(database, endpoint(database, receiver))
            settled = await carrier.attempt(identity)
        row = stand(database, identity)
        assert row.state is state
        if isinstance(settled, Again):
            pause = settled.next_attempt_at - NOW
            assert pause == (asked or pytest.approx(WEBHOOK.delays[0], rel=0.1))
            assert row.next_attempt_at == settled.next_attempt_at

    asyncio.run(go())


def test_gone_disables_the_endpoint_and_its_owner_is_told_by_mail(database: Database) -> None:
    async def go() -> None:
        clock = Clock()
        async with (
            PlayingReceiver().script(Answer(status=410)) as receiver,
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            subscription = endpoint(database, receiver)
            await carrier.attempt(owe_content(database, subscription))
            later = owe_content(database, subscription, subject="story:2")
            await run_until_quiet(database, carrier, clock)
        assert len(receiver.got) == 1
        assert stand(database, later).reason is Reason.DISABLED
        assert "gone" in (health(database, subscription).disabled_reason or "")
        assert relay.recipients == ["owner@example.com"]
        [mail] = relay.inbox
        text = mail.get_body(("plain",))
        assert text is not None
        assert "secret-path" not in text.get_content()

    asyncio.run(go())


def test_five_days_of_failures_over_many_stories_disable_the_endpoint_once(
    database: Database,
) -> None:
    async def go() -> None:
        clock = Clock()
        receiver = PlayingReceiver().script(*[Answer(status=503)] * 200)
        async with (
            receiver,
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            subscription = endpoint(database, receiver)
            for day in range(6):
                clock.now = NOW + timedelta(days=day)
                owe_content(database, subscription, subject=f"story:{day}")
                await run_due(database, carrier, clock)
            disabled_at = health(database, subscription).disabled_at
            await run_due(database, carrier, clock)
        assert disabled_at == NOW + timedelta(days=5)
        assert relay.recipients == ["owner@example.com"]

    asyncio.run(go())


def test_a_ping_that_is_answered_verifies_the_endpoint_and_starts_the_subscription(
    database: Database,
) -> None:
    async def go() -> None:
        clock = Clock()
        async with PlayingReceiver() as receiver, postman(database, clock) as carrier:
            pending = endpoint(database, receiver, state=SubscriptionState.PENDING)
            identity = owe_content(
                database, pending, Ping(), subject="ping:1", kind=DeliveryKind.PING
            )
            await carrier.attempt(identity)
        with database.read() as connection:
            found = find_subscription(connection, pending.id)
        assert found is not None
        assert found.state is SubscriptionState.ACTIVE
        assert found.recipient.verified_at == NOW
        assert json.loads(receiver.got[0].body)["type"] == "ping"

    asyncio.run(go())


def test_a_rotated_secret_signs_beside_the_old_one_until_its_time_is_over(
    database: Database,
) -> None:
    fresh = new_secret()

    async def go() -> None:
        clock = Clock(now=datetime.now(UTC))
        async with PlayingReceiver() as receiver, postman(database, clock) as carrier:
            subscription = endpoint(database, receiver)
            with database.write() as connection:
                overlap = timedelta(minutes=2)
                rotate_secret(
                    connection, subscription.recipient.id, fresh, now=clock.now, overlap=overlap
                )
            await carrier.attempt(owe_content(database, subscription, now=clock.now))
            clock.turn(timedelta(minutes=3))
            await carrier.attempt(
                owe_content(database, subscription, subject="story:2", now=clock.now)
            )
        during, after = receiver.got
        for secret in (fresh, SECRET):
            Webhook(secret).verify(during.body, during.headers)
        Webhook(fresh).verify(after.body, after.headers)
        assert len(during.headers["webhook-signature"].split()) == 2
        assert len(after.headers["webhook-signature"].split()) == 1

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
