"""Subscriptions and recipients: kept as chosen, changed, ended; health and secrets."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from storage.database import Database
from storage.recipients import (
    disable_recipient,
    enable_recipient,
    find_recipient,
    keep_recipient,
    mark_verified,
    note_failure,
    note_success,
    recipient_id,
    rotate_secret,
)
from storage.subscription import (
    Channel,
    NewRecipient,
    NewSubscription,
    Preferences,
    QuietHours,
    Rhythm,
    SubscriptionState,
)
from storage.subscriptions import (
    add_subscription,
    change_preferences,
    confirm_subscription,
    find_subscription,
    list_subscriptions,
    mark_digested,
    mark_ended,
    pause_subscription,
    subscriptions_after,
    subscriptions_following,
    subscriptions_watching_outlets,
)
from tests.storage.ledger_examples import NOW, subscribe

EVERYTHING = Preferences(
    name="صبح مدیران",
    rule_ids=("copper", "sme"),
    rhythm=Rhythm.DAILY,
    language="en",
    minimum_score=0.25,
    cap_per_hour=6,
    quiet=QuietHours(from_minute=22 * 60, until_minute=7 * 60),
    bulletin_minute=8 * 60 + 30,
    working_days_only=True,
    outlets_included=frozenset({"farda", "nazir"}),
    outlets_excluded=frozenset({"ghatreh"}),
    watches_outlets=True,
    paused_until_at=NOW + timedelta(days=2),
)
HOOK = NewRecipient(
    channel=Channel.WEBHOOK,
    address="https://hooks.example.com/a",
    owner_email="owner@example.com",
    secret="whsec_first",
)


def test_every_preference_comes_back_as_chosen(database: Database) -> None:
    with database.write() as connection:
        added = subscribe(connection, preferences=EVERYTHING)
    with database.read() as connection:
        assert find_subscription(connection, added.id) == added
        assert find_subscription(connection, "sub_none") is None
    assert added.preferences == EVERYTHING
    assert added.confirmed_at == NOW


def test_adding_twice_keeps_the_first(database: Database) -> None:
    with database.write() as connection:
        first = subscribe(connection)
        again = subscribe(connection, preferences=EVERYTHING)
    assert again == first


def test_an_address_is_one_recipient_however_often_it_is_kept(database: Database) -> None:
    with database.write() as connection:
        first = keep_recipient(connection, HOOK, now=NOW)
        again = keep_recipient(connection, replace(HOOK, secret="whsec_other"), now=NOW)
        mail = keep_recipient(connection, replace(HOOK, channel=Channel.EMAIL), now=NOW)
    assert first == again
    assert mail.id != first.id == recipient_id(HOOK.channel, HOOK.address)
    assert "whsec_first" not in repr(first)


def test_followers_are_found_by_any_of_their_rules_and_only_while_active(
    database: Database,
) -> None:
    with database.write() as connection:
        both = subscribe(connection, "both", preferences=Preferences(rule_ids=("copper", "sme")))
        one = subscribe(connection, "one", preferences=Preferences(rule_ids=("sme",)))
        subscribe(connection, "pending", state=SubscriptionState.PENDING)
        ended = subscribe(connection, "ended")
        mark_ended(connection, ended.id, now=NOW)

        def following(*rules: str) -> list[str]:
            return [found.id for found in subscriptions_following(connection, rules)]

        assert following("copper") == [both.id]
        assert sorted(following("copper", "sme")) == sorted([both.id, one.id])
        assert following("football") == []
        assert following() == []


def test_lists_filter_by_state_channel_and_address(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, "sara")
        subscribe(connection, "reza", state=SubscriptionState.PENDING)
        subscribe(connection, "hook", new=HOOK)
        assert len(list_subscriptions(connection)) == 3
        pending = list_subscriptions(connection, state=SubscriptionState.PENDING)
        assert [one.id for one in pending] == ["sub_reza"]
        hooks = list_subscriptions(connection, channel=Channel.WEBHOOK)
        assert [one.id for one in hooks] == ["sub_hook"]
        assert len(list_subscriptions(connection, address="sara@example.ir")) == 1


def test_pages_of_a_narrowed_list_lose_nobody_who_began_in_the_same_instant(
    database: Database,
) -> None:
    with database.write() as connection:
        names = [f"reader_{number}" for number in range(5)]
        made = [subscribe(connection, name) for name in names]
        subscribe(connection, "hook", new=HOOK)
        mark_ended(connection, made[1].id, now=NOW)
        turn = partial(
            subscriptions_after,
            connection,
            limit=2,
            state=SubscriptionState.ACTIVE,
            address_part="READER_",
        )
        first = turn(None)
        second = turn(first[-1])
        third = turn(second[-1])
        assert subscriptions_after(connection, None, limit=9, address_part="reader%") == ()
    left = [made[0].id, *(one.id for one in made[2:])]
    assert [[one.id for one in page] for page in (first, second, third)] == [
        left[:2],
        left[2:],
        [],
    ]


def test_a_change_replaces_preferences_and_rules(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        changed = change_preferences(connection, subscription.id, EVERYTHING)
        assert changed is not None
        assert changed.preferences == EVERYTHING
        assert change_preferences(connection, "sub_none", EVERYTHING) is None
        resumed = pause_subscription(connection, subscription.id, until=None)
        assert resumed is not None
        assert resumed.preferences == replace(EVERYTHING, paused_until_at=None)
        assert pause_subscription(connection, "sub_none", until=None) is None


def test_confirming_makes_a_pending_subscription_active_once(database: Database) -> None:
    with database.write() as connection:
        pending = subscribe(connection, state=SubscriptionState.PENDING)
        assert confirm_subscription(connection, pending.id, now=NOW)
        assert not confirm_subscription(connection, pending.id, now=NOW)
        found = find_subscription(connection, pending.id)
    assert found is not None
    assert found.state is SubscriptionState.ACTIVE


def test_an_ended_subscription_cannot_be_confirmed_again(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        assert mark_ended(connection, subscription.id, now=NOW)
        assert not mark_ended(connection, subscription.id, now=NOW)
        assert not confirm_subscription(connection, subscription.id, now=NOW)


def test_watchers_of_outlets_are_found(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, "sara")
        watcher = subscribe(connection, "reza", preferences=EVERYTHING)
        assert [one.id for one in subscriptions_watching_outlets(connection)] == [watcher.id]


def test_the_last_digest_is_remembered(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        mark_digested(connection, subscription.id, until=NOW)
        found = find_subscription(connection, subscription.id)
    assert found is not None
    assert found.digested_until_at == NOW


def test_failures_add_up_and_a_success_forgets_them(database: Database) -> None:
    day = timedelta(days=1)
    with database.write() as connection:
        kept = keep_recipient(connection, HOOK, now=NOW)
        note_failure(connection, kept.id, now=NOW, permanent=False)
        after = note_failure(connection, kept.id, now=NOW + day, permanent=True)
        assert after is not None
        assert (after.permanent_failures, after.failing_since_at) == (1, NOW)
        note_success(connection, kept.id)
        forgotten = find_recipient(connection, kept.id)
        assert forgotten == kept
        assert note_failure(connection, "rcp_none", now=NOW, permanent=True) is None


def test_a_recipient_is_disabled_once_and_enabled_with_a_clean_slate(database: Database) -> None:
    with database.write() as connection:
        kept = keep_recipient(connection, HOOK, now=NOW)
        note_failure(connection, kept.id, now=NOW, permanent=True)
        assert disable_recipient(connection, kept.id, "r" * 900, now=NOW)
        assert not disable_recipient(connection, kept.id, "again", now=NOW)
        disabled = find_recipient(connection, kept.id)
        assert disabled is not None
        assert disabled.disabled_reason == "r" * 500
        assert enable_recipient(connection, kept.id)
        assert not enable_recipient(connection, kept.id)
        assert find_recipient(connection, kept.id) == kept


def test_verification_is_dated_by_the_first_answer(database: Database) -> None:
    with database.write() as connection:
        kept = keep_recipient(connection, HOOK, now=NOW)
        mark_verified(connection, kept.id, now=NOW)
        mark_verified(connection, kept.id, now=NOW + timedelta(days=1))
        found = find_recipient(connection, kept.id)
    assert found is not None
    assert found.verified_at == NOW


def test_rotation_keeps_the_old_secret_for_a_while(database: Database) -> None:
    with database.write() as connection:
        kept = keep_recipient(connection, HOOK, now=NOW)
        overlap = timedelta(days=1)
        assert rotate_secret(connection, kept.id, "whsec_new", now=NOW, overlap=overlap)
        found = find_recipient(connection, kept.id)
        mail = keep_recipient(
            connection, NewRecipient(channel=Channel.EMAIL, address="a@b.ir"), now=NOW
        )
        assert not rotate_secret(connection, mail.id, "whsec_x", now=NOW, overlap=overlap)
    assert found is not None
    assert (found.secret, found.previous_secret) == ("whsec_new", "whsec_first")
    assert found.previous_secret_until_at == NOW + overlap


@pytest.mark.parametrize("state", list(SubscriptionState))
def test_a_subscription_is_added_in_the_state_asked_for(
    database: Database, state: SubscriptionState
) -> None:
    with database.write() as connection:
        kept = keep_recipient(connection, HOOK, now=NOW)
        new = NewSubscription(
            id="sub_1", recipient_id=kept.id, preferences=Preferences(), state=state
        )
        added = add_subscription(connection, new, now=NOW)
    assert added.state is state
    assert (added.confirmed_at is not None) == (state is SubscriptionState.ACTIVE)
