"""The ledger: owing is idempotent, claiming is exclusive, nothing is lost or said twice."""

import threading
from dataclasses import replace

import pytest

from storage.claims import LEASE, claim
from storage.database import Database
from storage.deliveries import (
    hold,
    keep_content,
    owe,
    record_dead,
    record_failed,
    record_sent,
    release_disabled,
    replace_content,
    retry,
    skip_open,
)
from storage.delivery import (
    Delivery,
    DeliveryState,
    Reason,
    delivery_id,
    story_subject,
    update_subject,
)
from storage.ledger import content_of, due, find_delivery, next_due_at
from storage.recipients import disable_recipient
from storage.subscription import Channel, Preferences, Subscription
from storage.subscriptions import mark_ended, pause_subscription
from tests.storage.ledger_examples import MINUTE, NOW, owe_story, story_delivery, subscribe


def stand(database: Database, identity: str) -> Delivery:
    with database.read() as connection:
        found = find_delivery(connection, identity)
    assert found is not None
    return found


@pytest.fixture
def subscription(database: Database) -> Subscription:
    with database.write() as connection:
        return subscribe(connection)


@pytest.fixture
def owed(database: Database, subscription: Subscription) -> str:
    with database.write() as connection:
        return owe_story(connection, subscription)


def test_the_id_follows_from_the_natural_key_alone() -> None:
    same = delivery_id("sub_a", story_subject(7), Channel.EMAIL)
    assert same == delivery_id("sub_a", "story:7", Channel.EMAIL)
    others = {
        delivery_id("sub_b", "story:7", Channel.EMAIL),
        delivery_id("sub_a", "story:8", Channel.EMAIL),
        delivery_id("sub_a", "story:7", Channel.WEBHOOK),
        delivery_id("sub_a", update_subject(7), Channel.EMAIL),
    }
    assert len(others | {same}) == 5
    assert same.startswith("dlv_")
    assert len(same) == 30
    assert same.isascii()


def test_owing_the_same_thing_twice_is_one_row(
    database: Database, subscription: Subscription
) -> None:
    with database.write() as connection:
        new = story_delivery(connection, subscription)
        assert owe(connection, [new], now=NOW) == (new.id,)
        assert owe(connection, [new], now=NOW + MINUTE) == ()
        other = replace(new, state=DeliveryState.HELD, reason=Reason.CAP)
        assert owe(connection, [other], now=NOW + MINUTE) == ()
    row = stand(database, new.id)
    assert (row.state, row.owed_at) == (DeliveryState.OWED, NOW)


def test_owing_many_returns_only_the_new_ones(
    database: Database, subscription: Subscription
) -> None:
    with database.write() as connection:
        first = [story_delivery(connection, subscription, n) for n in range(1, 31)]
        owe(connection, first[:10], now=NOW)
        written = owe(connection, first, now=NOW)
    assert set(written) == {delivery.id for delivery in first[10:]}


def test_owing_nothing_writes_nothing(database: Database) -> None:
    with database.write() as connection:
        assert owe(connection, [], now=NOW) == ()


def test_equal_contents_are_kept_once(database: Database) -> None:
    with database.write() as connection:
        one = keep_content(connection, {"b": [1, "متن"], "a": None}, now=NOW)
        two = keep_content(connection, {"a": None, "b": [1, "متن"]}, now=NOW)
        other = keep_content(connection, {"a": 1}, now=NOW)
        assert one == two != other
        assert content_of(connection, one) == {"a": None, "b": [1, "متن"]}
        with pytest.raises(LookupError):
            content_of(connection, "none")


def test_a_claim_is_given_to_one_only(database: Database, owed: str) -> None:
    with database.write() as connection:
        claimed = claim(connection, owed, NOW)
        assert claim(connection, owed, NOW) is None
    assert claimed is not None
    assert claimed.delivery.state is DeliveryState.SENDING
    assert claimed.delivery.attempts == 1
    assert claimed.recipient.address == "sara@example.ir"
    assert claimed.subscription.id == "sub_sara"
    assert claimed.content == {"kind": "ping", "note": "1"}


def test_of_many_workers_at_once_exactly_one_gets_the_claim(database: Database, owed: str) -> None:
    won: list[bool] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        with database.write() as connection:
            won.append(claim(connection, owed, NOW) is not None)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(won) == [False] * 7 + [True]


def test_a_dead_workers_claim_is_due_again_when_the_lease_has_run_out(
    database: Database, owed: str
) -> None:
    with database.write() as connection:
        claim(connection, owed, NOW)
        assert due(connection, NOW + LEASE - MINUTE, 10) == ()
        late = NOW + LEASE
        assert [one.id for one in due(connection, late, 10)] == [owed]
        again = claim(connection, owed, late)
    assert again is not None
    assert again.delivery.attempts == 2


def test_a_recovered_workflow_takes_its_own_claim_up_at_once(database: Database, owed: str) -> None:
    with database.write() as connection:
        assert claim(connection, owed, NOW, claimant="delivery-1")
        assert claim(connection, owed, NOW, claimant="delivery-2") is None
        again = claim(connection, owed, NOW, claimant="delivery-1")
    assert again is not None
    assert again.delivery.attempts == 2


def test_a_sent_delivery_keeps_its_receipt_and_is_never_due(database: Database, owed: str) -> None:
    with database.write() as connection:
        claim(connection, owed, NOW)
        assert record_sent(connection, owed, now=NOW + MINUTE, receipt="250 queued as 7")
        assert not record_sent(connection, owed, now=NOW + MINUTE, receipt="again")
        assert claim(connection, owed, NOW + LEASE) is None
        assert next_due_at(connection) is None
    row = stand(database, owed)
    assert (row.state, row.receipt, row.sent_at) == (
        DeliveryState.SENT,
        "250 queued as 7",
        NOW + MINUTE,
    )


def test_a_failed_delivery_is_due_at_its_next_attempt(database: Database, owed: str) -> None:
    again_at = NOW + 5 * MINUTE
    with database.write() as connection:
        claim(connection, owed, NOW)
        record_failed(connection, owed, now=NOW, error="451 later", next_attempt_at=again_at)
        assert due(connection, again_at - MINUTE, 10) == ()
        assert next_due_at(connection) == again_at
        assert claim(connection, owed, again_at) is not None
    row = stand(database, owed)
    assert row.last_error == "451 later"
    assert row.first_attempt_at == NOW


def test_a_dead_delivery_lies_still_until_a_person_retries_it(
    database: Database, owed: str
) -> None:
    with database.write() as connection:
        claim(connection, owed, NOW)
        record_dead(connection, owed, now=NOW, error="550 no such user")
        assert due(connection, NOW + LEASE, 10) == ()
        assert retry(connection, owed, now=NOW + MINUTE)
        assert [one.id for one in due(connection, NOW + MINUTE, 10)] == [owed]
        assert not retry(connection, "dlv_unknown", now=NOW)
    assert stand(database, owed).attempts == 0


def test_a_delivery_in_a_workers_hand_is_not_retried_under_it(
    database: Database, owed: str
) -> None:
    with database.write() as connection:
        claim(connection, owed, NOW)
        assert not retry(connection, owed, now=NOW)
        assert claim(connection, owed, NOW) is None


def test_a_sent_delivery_can_be_replayed_and_keeps_its_id(database: Database, owed: str) -> None:
    with database.write() as connection:
        claim(connection, owed, NOW)
        record_sent(connection, owed, now=NOW, receipt="HTTP 200")
        assert retry(connection, owed, now=NOW + MINUTE)
        again = claim(connection, owed, NOW + MINUTE)
    assert again is not None
    assert again.delivery.id == owed


def test_a_lost_acknowledgement_is_recorded_though_the_lease_passed_on(
    database: Database, owed: str
) -> None:
    with database.write() as connection:
        claim(connection, owed, NOW)
        claim(connection, owed, NOW + LEASE)
        assert record_sent(connection, owed, now=NOW + LEASE, receipt="first worker")
        assert not record_failed(
            connection, owed, now=NOW + LEASE, error="late", next_attempt_at=NOW + 2 * LEASE
        )
    assert stand(database, owed).state is DeliveryState.SENT


def test_a_disabled_recipient_gets_nothing_until_it_is_enabled(
    database: Database, subscription: Subscription, owed: str
) -> None:
    with database.write() as connection:
        disable_recipient(connection, subscription.recipient.id, "gone", now=NOW)
        assert claim(connection, owed, NOW) is None
    assert stand(database, owed).reason is Reason.DISABLED
    with database.write() as connection:
        assert release_disabled(connection, subscription.recipient.id, now=NOW) == 1
    assert stand(database, owed).state is DeliveryState.OWED


def test_an_ended_subscription_is_owed_nothing_more(
    database: Database, subscription: Subscription, owed: str
) -> None:
    with database.write() as connection:
        mark_ended(connection, subscription.id, now=NOW)
        assert claim(connection, owed, NOW) is None
    row = stand(database, owed)
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.ENDED)


def test_ending_skips_what_was_open(
    database: Database, subscription: Subscription, owed: str
) -> None:
    with database.write() as connection:
        held = owe_story(connection, subscription, 2, reason=Reason.DIGEST)
        sent = owe_story(connection, subscription, 3)
        claim(connection, sent, NOW)
        record_sent(connection, sent, now=NOW, receipt="250")
        assert skip_open(connection, subscription.id, now=NOW) == 2
    states = [stand(database, one).state for one in (owed, held, sent)]
    assert states == [DeliveryState.SKIPPED, DeliveryState.SKIPPED, DeliveryState.SENT]


def test_a_subscription_paused_meanwhile_hears_after_the_pause(
    database: Database, subscription: Subscription, owed: str
) -> None:
    until = NOW + 60 * MINUTE
    with database.write() as connection:
        pause_subscription(connection, subscription.id, until=until)
        assert claim(connection, owed, NOW) is None
        assert [one.id for one in due(connection, until, 10)] == [owed]
        assert claim(connection, owed, until) is not None


def test_due_lists_the_longest_waiting_first_and_no_more_than_asked(
    database: Database, subscription: Subscription
) -> None:
    with database.write() as connection:
        for story in range(1, 6):
            new = story_delivery(connection, subscription, story)
            later = replace(new, not_before_at=NOW - story * MINUTE)
            owe(connection, [later], now=NOW)
        listed = due(connection, NOW, 3)
    expected = [delivery_id(subscription.id, story_subject(n), Channel.EMAIL) for n in (5, 4, 3)]
    assert [one.id for one in listed] == expected
    assert listed[0].channel is Channel.EMAIL
    assert listed[0].recipient_id == subscription.recipient.id


def test_a_held_delivery_is_due_only_when_it_has_a_release(database: Database, owed: str) -> None:
    with database.write() as connection:
        hold(connection, owed, Reason.TOO_OLD, now=NOW)
        assert due(connection, NOW + LEASE, 10) == ()
        hold(connection, owed, Reason.QUIET_HOURS, now=NOW, until=NOW + MINUTE)
        assert len(due(connection, NOW + MINUTE, 10)) == 1
        assert claim(connection, owed, NOW + MINUTE) is not None


def test_what_nobody_tried_to_send_may_still_say_something_newer(
    database: Database, owed: str
) -> None:
    with database.write() as connection:
        newer = keep_content(connection, {"kind": "ping", "note": "newer"}, now=NOW)
        assert replace_content(connection, owed, newer)
        claimed = claim(connection, owed, NOW)
        assert not replace_content(connection, owed, newer)
    assert claimed is not None
    assert claimed.content["note"] == "newer"


def test_preferences_survive_the_claim(database: Database) -> None:
    chosen = Preferences(rule_ids=("copper", "sme"), language="en", name="صبح")
    with database.write() as connection:
        subscription = subscribe(connection, "reza", preferences=chosen)
        claimed = claim(connection, owe_story(connection, subscription), NOW)
    assert claimed is not None
    assert claimed.subscription.preferences == chosen
