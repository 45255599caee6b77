"""Take deliveries up for sending, each by one worker at a time.

A claim is a lease: a worker that dies leaves the row `sending`, and when the lease has run out the
row is due again, with the same id and one attempt more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from storage.deliveries import hold, skip_ended
from storage.delivery import Claimed, Delivery, DeliveryKind, DeliveryState, Reason
from storage.ledger import contents_of, delivery_of
from storage.recipients import find_recipient
from storage.schema.deliveries import deliveries
from storage.subscription import Recipient, Subscription, SubscriptionState
from storage.subscriptions import subscriptions_of
from storage.waiting import count_waiting

#: Longer than any send may take (SMTP 60 s, webhook 20 s), short enough to recover unnoticed.
LEASE: Final = timedelta(minutes=5)


def claim(
    connection: Connection,
    delivery_id: str,
    now: datetime,
    *,
    claimant: str | None = None,
    lease: timedelta = LEASE,
) -> Claimed | None:
    """Take one due delivery for sending, or None when it is not due or not to be sent."""
    claimed = claim_all(connection, (delivery_id,), now, claimant=claimant, lease=lease)
    return claimed[0] if claimed else None


def claim_all(
    connection: Connection,
    delivery_ids: Sequence[str],
    now: datetime,
    *,
    claimant: str | None = None,
    lease: timedelta = LEASE,
) -> tuple[Claimed, ...]:
    """Take those of the deliveries that are due and to be sent, in the order given.

    Compare-and-set: of many workers one gets each. A `claimant` that already holds a claim (a
    workflow recovered after a crash) gets it again without waiting for the lease. A recipient
    disabled, a subscription ended or paused since turns the row into held or skipped instead.
    """
    due = deliveries.c.next_attempt_at <= now
    if claimant is not None:
        due = or_(due, _held_by(claimant))
    taken = connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(delivery_ids), due)
        .values(
            state=DeliveryState.SENDING.value,
            reason=None,
            claimant=claimant,
            attempts=deliveries.c.attempts + 1,
            first_attempt_at=func.coalesce(deliveries.c.first_attempt_at, now),
            next_attempt_at=now + lease,
            changed_at=now,
        )
        .returning(deliveries)
    )
    rows = {row["id"]: delivery_of(row) for row in taken.mappings()}
    return _claimed(connection, [rows[one] for one in delivery_ids if one in rows], now)


def held_by(connection: Connection, claimant: str) -> tuple[str, ...]:
    """Name the deliveries a claimant has in hand: a workflow that was killed left them behind."""
    found = connection.execute(
        select(deliveries.c.id)
        .where(_held_by(claimant))
        .order_by(deliveries.c.owed_at, deliveries.c.id)
    )
    return tuple(found.scalars())


def give_back(connection: Connection, delivery_ids: Sequence[str], *, now: datetime) -> None:
    """Owe again what was claimed and never tried, as if nobody had taken it."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(delivery_ids), deliveries.c.state == DeliveryState.SENDING.value)
        .values(
            state=DeliveryState.OWED.value,
            claimant=None,
            attempts=deliveries.c.attempts - 1,
            next_attempt_at=now,
            changed_at=now,
        )
    )


def _held_by(claimant: str) -> ColumnElement[bool]:
    return (deliveries.c.state == DeliveryState.SENDING.value) & (deliveries.c.claimant == claimant)


def _claimed(
    connection: Connection, taken: Sequence[Delivery], now: datetime
) -> tuple[Claimed, ...]:
    """Bring what sending them takes, read once for all, and leave out what may not be sent."""
    subscriptions = subscriptions_of(connection, {one.subscription_id for one in taken})
    contents = contents_of(connection, {one.content_id for one in taken})
    ready: list[Claimed] = []
    for delivery in taken:
        subscription = subscriptions[delivery.subscription_id]
        recipient: Recipient | None = subscription.recipient
        if delivery.recipient_id != subscription.recipient.id:
            recipient = find_recipient(connection, delivery.recipient_id)
        if recipient is None:  # pragma: no cover - foreign keys forbid it
            continue
        if not _may_be_sent(connection, delivery, subscription, recipient, now):
            continue
        is_capped = subscription.preferences.cap_per_hour is not None
        ready.append(
            Claimed(
                delivery=delivery,
                subscription=subscription,
                recipient=recipient,
                content=contents[delivery.content_id],
                waiting=count_waiting(connection, subscription.id) if is_capped else 0,
            )
        )
    return tuple(ready)


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
        skip_ended(connection, delivery.id, now=now)
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
