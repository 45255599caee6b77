"""Write the ledger: owe, claim, record what became of a delivery, and retry it.

    owed ──claim──> sending ──> sent
      ^ held ──^       ├──> failed ──claim──> sending …
      └──── retry ─────┴──> dead, skipped

A claim is a lease: a worker that dies leaves the row `sending`, and when the lease has run out the
row is due again, with the same id and one attempt more.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, or_, select, update

from storage.delivery import Claimed, Delivery, DeliveryKind, DeliveryState, NewDelivery, Reason
from storage.ledger import find_delivery
from storage.recipients import find_recipient
from storage.schema.deliveries import contents, deliveries
from storage.subscription import Recipient, Subscription, SubscriptionState
from storage.subscriptions import find_subscription
from storage.upsert import insert_into
from storage.waiting import count_waiting

#: Longer than any send may take (SMTP 60 s, webhook 20 s), short enough to recover unnoticed.
LEASE: Final = timedelta(minutes=5)

_OPEN: Final = (DeliveryState.OWED, DeliveryState.HELD, DeliveryState.SENDING, DeliveryState.FAILED)


def keep_content(connection: Connection, content: Mapping[str, object], *, now: datetime) -> str:
    """Keep what a delivery says, once, and return its id: the SHA-256 of its canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    content_id = hashlib.sha256(canonical.encode()).hexdigest()
    connection.execute(
        insert_into(connection, contents)
        .values(id=content_id, content=dict(content), created_at=now)
        .on_conflict_do_nothing()
    )
    return content_id


def owe(connection: Connection, new: Sequence[NewDelivery], *, now: datetime) -> tuple[str, ...]:
    """Write deliveries into the ledger; return the ids that were not there before.

    Repeating it changes nothing: the natural key decides, whatever else the second call says.
    """
    if not new:
        return ()
    statement = (
        insert_into(connection, deliveries).on_conflict_do_nothing().returning(deliveries.c.id)
    )
    rows = [_row(delivery, now) for delivery in new]
    return tuple(connection.execute(statement, rows).scalars())


def claim(
    connection: Connection,
    delivery_id: str,
    now: datetime,
    *,
    claimant: str | None = None,
    lease: timedelta = LEASE,
) -> Claimed | None:
    """Take a due delivery for sending, or None when it is not due or not to be sent.

    Compare-and-set: of many workers one gets it. A `claimant` that already holds the claim (a
    workflow recovered after a crash) gets it again without waiting for the lease. A recipient
    disabled, a subscription ended or paused since turns the row into held or skipped instead.
    """
    due = deliveries.c.next_attempt_at <= now
    if claimant is not None:
        own = (deliveries.c.state == DeliveryState.SENDING.value) & (
            deliveries.c.claimant == claimant
        )
        due = or_(due, own)
    taken = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, due)
        .values(
            state=DeliveryState.SENDING.value,
            reason=None,
            claimant=claimant,
            attempts=deliveries.c.attempts + 1,
            first_attempt_at=func.coalesce(deliveries.c.first_attempt_at, now),
            next_attempt_at=now + lease,
            changed_at=now,
        )
    )
    return _claimed(connection, delivery_id, now) if taken.rowcount == 1 else None


def record_sent(connection: Connection, delivery_id: str, *, now: datetime, receipt: str) -> bool:
    """Record that the other side took it; true of any open state, for it has happened."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.SENT,
        sent_at=now,
        receipt=receipt[:1000],
        last_error=None,
    )


def record_failed(
    connection: Connection,
    delivery_id: str,
    *,
    now: datetime,
    error: str,
    next_attempt_at: datetime,
) -> bool:
    """Record a failure that will be tried again at `next_attempt_at`."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.FAILED,
        last_error=error[:2000],
        next_attempt_at=next_attempt_at,
    )


def record_dead(
    connection: Connection,
    delivery_id: str,
    *,
    now: datetime,
    error: str,
) -> bool:
    """Record that a delivery is given up; a person may retry it."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.DEAD,
        last_error=error[:2000],
    )


def replace_content(connection: Connection, delivery_id: str, content_id: str) -> bool:
    """Let a delivery that nobody has tried to send yet say something newer."""
    replaced = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.attempts == 0,
            deliveries.c.state.in_((DeliveryState.OWED.value, DeliveryState.HELD.value)),
        )
        .values(content_id=content_id)
    )
    return replaced.rowcount == 1


def hold(
    connection: Connection,
    delivery_id: str,
    reason: Reason,
    *,
    now: datetime,
    until: datetime | None = None,
) -> bool:
    """Hold an open delivery back, until a time or until somebody acts."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.HELD,
        reason=reason.value,
        next_attempt_at=until,
    )


def retry(connection: Connection, delivery_id: str, *, now: datetime) -> bool:
    """Owe a delivery again from now, whatever became of it; its id stays, so a repeat is one.

    One that a worker has in hand is left to it; return whether it is owed again.
    """
    again = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state != DeliveryState.SENDING.value,
        )
        .values(
            state=DeliveryState.OWED.value,
            reason=None,
            claimant=None,
            attempts=0,
            first_attempt_at=None,
            next_attempt_at=now,
            changed_at=now,
        )
    )
    return again.rowcount == 1


def release_disabled(connection: Connection, recipient_id: str, *, now: datetime) -> int:
    """Owe again what was held while a recipient was disabled; return how many."""
    released = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.recipient_id == recipient_id,
            deliveries.c.state == DeliveryState.HELD.value,
            deliveries.c.reason == Reason.DISABLED.value,
        )
        .values(
            state=DeliveryState.OWED.value,
            reason=None,
            attempts=0,
            first_attempt_at=None,
            next_attempt_at=now,
            changed_at=now,
        )
    )
    return released.rowcount


def skip_open(connection: Connection, subscription_id: str, *, now: datetime) -> int:
    """Skip everything a subscription that ended was still owed; return how many."""
    skipped = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.subscription_id == subscription_id,
            deliveries.c.state.in_([state.value for state in _OPEN]),
            deliveries.c.state != DeliveryState.SENDING.value,
        )
        .values(
            state=DeliveryState.SKIPPED.value,
            reason=Reason.ENDED.value,
            next_attempt_at=None,
            changed_at=now,
        )
    )
    return skipped.rowcount


def _row(delivery: NewDelivery, now: datetime) -> dict[str, object]:
    waits = delivery.not_before_at
    if delivery.state is DeliveryState.OWED and waits is None:
        waits = now
    return {
        "id": delivery.id,
        "subscription_id": delivery.subscription_id,
        "subject": delivery.subject,
        "channel": delivery.channel.value,
        "kind": delivery.kind.value,
        "recipient_id": delivery.recipient_id,
        "story_id": delivery.story_id,
        "content_id": delivery.content_id,
        "state": delivery.state.value,
        "reason": delivery.reason.value if delivery.reason else None,
        "weight": delivery.weight,
        "attempts": 0,
        "next_attempt_at": waits,
        "owed_at": now,
        "changed_at": now,
    }


def _settle(
    connection: Connection,
    delivery_id: str,
    now: datetime,
    state: DeliveryState,
    **columns: object,
) -> bool:
    cleared: dict[str, object] = {"reason": None, "next_attempt_at": None, "claimant": None}
    settled = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state.in_([open_state.value for open_state in _OPEN]),
        )
        .values(cleared | columns | {"state": state.value, "changed_at": now})
    )
    return settled.rowcount == 1


def _claimed(connection: Connection, delivery_id: str, now: datetime) -> Claimed | None:
    delivery = find_delivery(connection, delivery_id)
    if delivery is None:  # pragma: no cover - updated in this transaction
        return None
    subscription = find_subscription(connection, delivery.subscription_id)
    if subscription is None:  # pragma: no cover - foreign keys forbid it
        return None
    recipient: Recipient | None = subscription.recipient
    if delivery.recipient_id != subscription.recipient.id:
        recipient = find_recipient(connection, delivery.recipient_id)
    if recipient is None:  # pragma: no cover - foreign keys forbid it
        return None
    if not _may_be_sent(connection, delivery, subscription, recipient, now):
        return None
    content = connection.execute(
        select(contents.c.content).where(contents.c.id == delivery.content_id)
    ).scalar_one()
    is_capped = subscription.preferences.cap_per_hour is not None
    return Claimed(
        delivery=delivery,
        subscription=subscription,
        recipient=recipient,
        content=content,
        waiting=count_waiting(connection, subscription.id) if is_capped else 0,
    )


def _may_be_sent(
    connection: Connection,
    delivery: Delivery,
    subscription: Subscription,
    recipient: Recipient,
    now: datetime,
) -> bool:
    if recipient.disabled_at is not None and delivery.kind is not DeliveryKind.PING:
        hold(connection, delivery.id, Reason.DISABLED, now=now)
        return False
    if subscription.state is SubscriptionState.ENDED:
        _settle(
            connection, delivery.id, now, state=DeliveryState.SKIPPED, reason=Reason.ENDED.value
        )
        return False
    paused_until = subscription.preferences.paused_until_at
    if paused_until is not None and paused_until > now and delivery.kind in _PAUSABLE:
        hold(connection, delivery.id, Reason.PAUSED, now=now, until=paused_until)
        return False
    return True


_PAUSABLE: Final = frozenset(
    {
        DeliveryKind.STORY,
        DeliveryKind.UPDATE,
        DeliveryKind.DIGEST,
        DeliveryKind.OUTLET_HEALTH,
    }
)
