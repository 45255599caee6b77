"""Reading the ledger: pages, filters, counts, who has been told."""

from storage.claims import claim
from storage.database import Database
from storage.deliveries import owe, record_sent
from storage.delivery import DeliveryKind, DeliveryState, Reason
from storage.ledger import (
    LedgerFilter,
    count_alerts_since,
    count_by_state,
    due,
    find_delivery,
    list_deliveries,
    told_of,
)
from storage.subscription import Channel
from storage.waiting import (
    count_waiting,
    include,
    mark_told,
    subscriptions_with_waiting,
    waiting,
)
from tests.storage.ledger_examples import MINUTE, NOW, owe_story, story_delivery, subscribe


def test_pages_follow_each_other_without_gap_or_repeat(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        for story in range(25):
            new = story_delivery(connection, subscription, story)
            owe(connection, [new], now=NOW + (story // 3) * MINUTE)
        seen: list[str] = []
        page = list_deliveries(connection, limit=10)
        while page:
            seen.extend(one.id for one in page)
            page = list_deliveries(connection, LedgerFilter(before=page[-1]), limit=10)
    assert len(seen) == len(set(seen)) == 25


def test_filters_keep_only_what_was_asked_for(database: Database) -> None:
    with database.write() as connection:
        sara, reza = subscribe(connection), subscribe(connection, "reza")
        owe_story(connection, sara, 1)
        held = owe_story(connection, sara, 2, reason=Reason.CAP)
        owe_story(connection, reza, 2)

        def found(wanted: LedgerFilter) -> int:
            return len(list_deliveries(connection, wanted))

        assert found(LedgerFilter(subscription_id=sara.id)) == 2
        assert found(LedgerFilter(recipient_id=reza.recipient.id)) == 1
        assert found(LedgerFilter(story_id=2)) == 2
        assert found(LedgerFilter(state=DeliveryState.HELD)) == 1
        assert found(LedgerFilter(kind=DeliveryKind.DIGEST)) == 0
        assert found(LedgerFilter(channel=Channel.WEBHOOK)) == 0
        by_reason = list_deliveries(connection, LedgerFilter(reason=Reason.CAP))
    assert [one.id for one in by_reason] == [held]


def test_a_recipient_owed_a_thousand_messages_does_not_crowd_out_the_others(
    database: Database,
) -> None:
    with database.write() as connection:
        busy, quiet = subscribe(connection, "busy"), subscribe(connection, "quiet")
        many = [story_delivery(connection, busy, story) for story in range(1000)]
        owe(connection, many, now=NOW - MINUTE)
        own = owe_story(connection, quiet, 1)
        listed = due(connection, NOW, 100)
        assert len(due(connection, NOW, 100, per_recipient=70)) == 71
    assert len(listed) == 21
    assert listed[-1].id == own


def test_counts_stand_by_state_and_reason(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        owe_story(connection, subscription, 1)
        owe_story(connection, subscription, 2, reason=Reason.TOO_OLD)
        owe_story(connection, subscription, 3, reason=Reason.TOO_OLD)
        counted = count_by_state(connection)
    assert counted == {
        (DeliveryState.OWED, None): 1,
        (DeliveryState.HELD, Reason.TOO_OLD): 2,
    }


def test_alerts_of_the_last_hour_are_counted_held_ones_left_out(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        owe(connection, [story_delivery(connection, subscription, 1)], now=NOW - 61 * MINUTE)
        owe(connection, [story_delivery(connection, subscription, 2)], now=NOW - 30 * MINUTE)
        owe_story(connection, subscription, 3, reason=Reason.DIGEST)
        counted = count_alerts_since(connection, [subscription.id, "sub_x"], NOW - 60 * MINUTE)
    assert counted == {subscription.id: 1}


def test_a_story_knows_whom_it_was_told(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        identity = owe_story(connection, subscription, 9)
        told = told_of(connection, 9)
        assert told_of(connection, 10) == ()
    assert [(one.delivery_id, one.recipient_id) for one in told] == [
        (identity, subscription.recipient.id)
    ]


def test_a_digest_takes_what_waits_once_and_tells_it_when_sent(database: Database) -> None:
    with database.write() as connection:
        subscription = subscribe(connection)
        light = owe_story(connection, subscription, 1, reason=Reason.DIGEST, weight=0.2)
        heavy = owe_story(connection, subscription, 2, reason=Reason.CAP, weight=0.9)
        owe_story(connection, subscription, 3, reason=Reason.TOO_OLD)
        owe_story(connection, subscription, 4)
        assert subscriptions_with_waiting(connection) == {subscription.id}
        assert [one.id for one in waiting(connection, subscription.id, limit=9)] == [heavy, light]
        include(connection, "dlv_digest", [heavy, light], now=NOW)
        assert count_waiting(connection, subscription.id) == 0
        assert mark_told(connection, "dlv_digest", now=NOW) == 2
        assert mark_told(connection, "dlv_digest", now=NOW) == 0
        row = find_delivery(connection, light)
    assert row is not None
    assert (row.state, row.receipt) == (DeliveryState.SENT, "in digest dlv_digest")


def test_a_sent_delivery_is_no_longer_due_anywhere(database: Database) -> None:
    with database.write() as connection:
        identity = owe_story(connection, subscribe(connection))
        claim(connection, identity, NOW)
        record_sent(connection, identity, now=NOW, receipt="250")
        assert count_by_state(connection) == {(DeliveryState.SENT, None): 1}
