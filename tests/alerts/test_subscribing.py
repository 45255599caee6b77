"""The life of a subscription: asked, confirmed, ended, enabled again."""

import asyncio
import re
from datetime import timedelta
from functools import partial

import pytest

from alerts.announce import Occasion, announce
from alerts.errors import BadSubscriptionError
from alerts.subscribing import (
    QUESTIONS_PER_DAY,
    Subscribed,
    Wish,
    confirm,
    enable,
    ping,
    renew_secret,
    subscribe,
    unsubscribe,
)
from alerts.tokens import Purpose
from alerts.webhook import is_secret
from storage.database import Database
from storage.delivery import DeliveryKind, DeliveryState
from storage.ledger import find_delivery, list_deliveries
from storage.recipients import disable_recipient, find_recipient
from storage.subscription import Channel, Preferences, SubscriptionState
from storage.subscriptions import find_subscription
from tests.alerts.delivering import LINKS, Clock, owe_content, postman, run_due
from tests.alerts.news import COPPER, NAMES, NOW, article, facts
from tests.alerts.playing_smtp import PlayingRelay

COPPER_ONLY = Preferences(rule_ids=("copper",))


def wish(database: Database, **changes: object) -> Subscribed:
    fields: dict[str, object] = {
        "channel": Channel.EMAIL,
        "address": "sara@example.ir",
        "preferences": COPPER_ONLY,
        "rule_names": (NAMES["copper"],),
    }
    with database.write() as connection:
        return subscribe(connection, Wish(**(fields | changes)), now=NOW)  # type: ignore[arg-type]


def hear(database: Database, story_id: int = 7) -> int:
    with database.write() as connection:
        told = announce(
            connection, article(), [COPPER], partial(facts, story_id), Occasion(now=NOW)
        )
    return len(told)


def test_nobody_is_told_anything_before_the_link_in_the_mail_was_used(database: Database) -> None:
    async def go() -> None:
        clock, made = Clock(), wish(database)
        assert made.subscription.state is SubscriptionState.PENDING
        assert hear(database) == 0
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            await run_due(database, carrier, clock)
        body = relay.inbox[0].get_body(("plain",))
        assert body is not None
        token = re.search(r"https://rasad\.example\.ir/c/([^\s?]+)", body.get_content())
        assert token is not None
        grant = LINKS.key.read(token[1], Purpose.CONFIRM, now=NOW)
        with database.write() as connection:
            started = confirm(connection, grant.subscription_id, now=NOW)
            again = confirm(connection, grant.subscription_id, now=NOW)
        assert started == again
        assert started.state is SubscriptionState.ACTIVE
        assert started.recipient.verified_at == NOW
        assert hear(database) == 1

    asyncio.run(go())


def test_a_webhook_is_asked_by_a_ping_and_its_secret_shown_once(database: Database) -> None:
    url = "https://hooks.example.com/a"
    first = wish(database, channel=Channel.WEBHOOK, address=url)
    assert first.secret is not None
    assert is_secret(first.secret)
    with database.read() as connection:
        asked = find_delivery(connection, first.question or "")
    assert asked is not None
    assert asked.kind is DeliveryKind.PING
    second = wish(database, channel=Channel.WEBHOOK, address=url)
    assert second.secret is None
    assert second.subscription.recipient.secret == first.secret


def test_an_operator_may_vouch_for_an_address(database: Database) -> None:
    made = wish(database, is_vouched_for=True)
    assert made.question is None
    assert made.subscription.state is SubscriptionState.ACTIVE


def test_strangers_cannot_flood_an_address_with_questions(database: Database) -> None:
    for _ in range(QUESTIONS_PER_DAY):
        wish(database)
    with pytest.raises(BadSubscriptionError, match="several times today"):
        wish(database)
    wish(database, address="reza@example.ir")
    with database.write() as connection:
        tomorrow = NOW + timedelta(days=1, minutes=1)
        asked = Wish(channel=Channel.EMAIL, address="sara@example.ir", preferences=COPPER_ONLY)
        subscribe(connection, asked, now=tomorrow)


def test_asking_again_with_the_same_id_is_one_subscription_and_one_question(
    database: Database,
) -> None:
    made = [wish(database, subscription_id="sub_form1") for _ in range(5)]
    assert len({one.subscription.id for one in made}) == 1
    assert len({one.question for one in made}) == 1
    with database.read() as connection:
        assert len(list_deliveries(connection)) == 1


def test_unsubscribing_skips_what_was_owed_and_cannot_be_undone_by_an_old_link(
    database: Database,
) -> None:
    made = wish(database, is_vouched_for=True)
    identity = owe_content(database, made.subscription)
    with database.write() as connection:
        assert unsubscribe(connection, made.subscription.id, now=NOW)
        assert not unsubscribe(connection, made.subscription.id, now=NOW)
        row = find_delivery(connection, identity)
        with pytest.raises(BadSubscriptionError, match="subscribe anew"):
            confirm(connection, made.subscription.id, now=NOW)
        with pytest.raises(BadSubscriptionError):
            confirm(connection, "sub_unknown", now=NOW)
    assert row is not None
    assert row.state is DeliveryState.SKIPPED
    assert hear(database) == 0


def test_a_disabled_recipient_is_enabled_and_gets_what_was_held(database: Database) -> None:
    made = wish(database, is_vouched_for=True)
    recipient_id = made.subscription.recipient.id

    async def go() -> None:
        clock = Clock()
        identity = owe_content(database, made.subscription)
        with database.write() as connection:
            disable_recipient(connection, recipient_id, "bounced", now=NOW)
        async with (
            PlayingRelay() as relay,
            postman(database, clock, smtp_port=relay.port) as carrier,
        ):
            await run_due(database, carrier, clock)
            assert relay.inbox == []
            with database.write() as connection:
                standing = find_subscription(connection, made.subscription.id)
                assert standing is not None
                assert enable(connection, standing, now=NOW) == 1
            await run_due(database, carrier, clock)
        assert [mail["Message-ID"] for mail in relay.inbox] == [f"<{identity}@rasad.example.ir>"]

    asyncio.run(go())


def test_a_new_secret_signs_beside_the_old_one(database: Database) -> None:
    made = wish(database, channel=Channel.WEBHOOK, address="https://hooks.example.com/a")
    with database.write() as connection:
        fresh = renew_secret(connection, made.subscription, now=NOW)
        found = find_recipient(connection, made.subscription.recipient.id)
    assert found is not None
    assert (found.secret, found.previous_secret) == (fresh, made.secret)


def test_a_mail_subscription_has_no_secret(database: Database) -> None:
    made = wish(database)
    with database.write() as connection, pytest.raises(BadSubscriptionError, match="by mail"):
        renew_secret(connection, made.subscription, now=NOW)


def test_a_test_event_can_be_asked_for_again(database: Database) -> None:
    made = wish(database, channel=Channel.WEBHOOK, address="https://hooks.example.com/a")
    with database.write() as connection:
        first = ping(connection, made.subscription, "1", now=NOW)
        assert ping(connection, made.subscription, "1", now=NOW) == first
        assert ping(connection, made.subscription, "2", now=NOW) != first
