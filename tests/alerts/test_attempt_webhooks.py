"""Webhooks through real receivers and the ledger: answers, schedules, suspension, secrets."""

import asyncio
import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from alerts.message import Ping
from alerts.retry import WEBHOOK
from alerts.settle import Again
from alerts.webhook import new_secret
from storage.database import Database
from storage.delivery import DeliveryKind, DeliveryState, Reason
from storage.recipients import rotate_secret
from storage.subscription import (
    SubscriptionState,
)
from storage.subscriptions import find_subscription
from tests.alerts.delivering import (
    SECRET,
    Clock,
    endpoint,
    health,
    owe_content,
    postman,
    run_due,
    run_until_quiet,
    stand,
)
from tests.alerts.news import NOW
from tests.alerts.playing_http import Answer, PlayingReceiver
from tests.alerts.playing_smtp import PlayingRelay


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
