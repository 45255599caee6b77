"""Collect the deliveries that wait for a digest, and mark them told when it has been sent."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, update

from storage.delivery import Delivery, DeliveryState, Reason
from storage.ledger import delivery_of
from storage.schema.deliveries import deliveries

#: What a digest takes along. Too old and backfill are held for good: nobody asked for history.
COLLECTED: Final = (Reason.DIGEST, Reason.CAP, Reason.QUIET_HOURS, Reason.PAUSED)

_WAITS: Final = (
    (deliveries.c.state == DeliveryState.HELD.value)
    & deliveries.c.reason.in_([reason.value for reason in COLLECTED])
    & deliveries.c.digest_id.is_(None)
    & deliveries.c.next_attempt_at.is_(None)
)


def waiting(connection: Connection, subscription_id: str, *, limit: int) -> tuple[Delivery, ...]:
    """List what a subscription's next digest has to tell, the weightiest first."""
    found = connection.execute(
        select(deliveries)
        .where(deliveries.c.subscription_id == subscription_id, _WAITS)
        .order_by(deliveries.c.weight.desc(), deliveries.c.owed_at, deliveries.c.id)
        .limit(limit)
    )
    return tuple(delivery_of(row) for row in found.mappings())


def count_waiting(connection: Connection, subscription_id: str) -> int:
    """Count what waits for a subscription's next digest."""
    count: int = connection.execute(
        select(func.count()).where(deliveries.c.subscription_id == subscription_id, _WAITS)
    ).scalar_one()
    return count


def subscriptions_with_waiting(connection: Connection) -> frozenset[str]:
    """Name the subscriptions for which something waits."""
    rows = connection.execute(select(deliveries.c.subscription_id).where(_WAITS).distinct())
    return frozenset(rows.scalars())


def include(
    connection: Connection, digest_id: str, delivery_ids: Collection[str], *, now: datetime
) -> None:
    """Put deliveries into a digest: no other one will tell them."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(tuple(delivery_ids)), deliveries.c.digest_id.is_(None))
        .values(digest_id=digest_id, changed_at=now)
    )


def mark_told(connection: Connection, digest_id: str, *, now: datetime) -> int:
    """Record that everything in a digest has been told by it; return how many."""
    told = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.digest_id == digest_id,
            deliveries.c.state == DeliveryState.HELD.value,
        )
        .values(
            state=DeliveryState.SENT.value,
            reason=None,
            sent_at=now,
            changed_at=now,
            receipt=f"in digest {digest_id}",
        )
    )
    return told.rowcount
