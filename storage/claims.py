"""Take deliveries up for sending, each by one worker at a time.

A claim is a lease: a worker that dies leaves the row `sending`, and when the lease has run out the
row is due again, with the same id and one attempt more.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, or_, select, update

from storage.deliveries import hold, skip_ended
from storage.delivery import Claimed, Delivery, DeliveryKind, DeliveryState, Reason
from storage.ledger import find_delivery
from storage.recipients import find_recipient
from storage.schema.deliveries import contents, deliveries
from storage.subscription import Recipient, Subscription, SubscriptionState
from storage.subscriptions import find_subscription
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
