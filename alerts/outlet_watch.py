"""Write into the ledger that an outlet broke, is blocked, or recovered: once, to who watches."""

from datetime import datetime

from sqlalchemy import Connection

from alerts.content import to_json
from alerts.message import OutletCondition, OutletHealth
from storage.deliveries import keep_content, owe
from storage.delivery import DeliveryKind, DeliveryState, NewDelivery, Reason, delivery_id
from storage.ledger import find_delivery
from storage.subscription import Subscription
from storage.subscriptions import subscriptions_watching_outlets


def announce_outlet(
    connection: Connection, health: OutletHealth, *, now: datetime
) -> tuple[NewDelivery, ...]:
    """Tell the watchers of outlets at once, whatever their rhythm; return what is new.

    One failure (`since_at` is when it began) is told once, however often it is announced; a
    recovery, announced with that same `since_at`, only to those who were told of the failure.
    """
    content_id = keep_content(connection, to_json(health), now=now)
    new = [
        _delivery(watcher, health, content_id)
        for watcher in subscriptions_watching_outlets(connection)
        if _concerns(connection, watcher, health)
    ]
    written = frozenset(owe(connection, new, now=now))
    return tuple(delivery for delivery in new if delivery.id in written)


def _delivery(watcher: Subscription, health: OutletHealth, content_id: str) -> NewDelivery:
    is_disabled = watcher.recipient.disabled_at is not None
    return NewDelivery(
        subscription_id=watcher.id,
        recipient_id=watcher.recipient.id,
        channel=watcher.recipient.channel,
        kind=DeliveryKind.OUTLET_HEALTH,
        subject=_subject(health, health.condition),
        content_id=content_id,
        state=DeliveryState.SKIPPED if is_disabled else DeliveryState.OWED,
        reason=Reason.DISABLED if is_disabled else None,
    )


def _subject(health: OutletHealth, condition: OutletCondition) -> str:
    return f"outlet:{health.outlet_id}:{condition}:{health.since_at:%Y-%m-%dT%H:%M:%SZ}"


def _concerns(connection: Connection, watcher: Subscription, health: OutletHealth) -> bool:
    chosen = watcher.preferences
    if health.outlet_id in chosen.outlets_excluded:
        return False
    if chosen.outlets_included and health.outlet_id not in chosen.outlets_included:
        return False
    if health.condition is not OutletCondition.RECOVERED:
        return True
    failures = (OutletCondition.BROKEN, OutletCondition.BLOCKED)
    told = (
        delivery_id(watcher.id, _subject(health, failure), watcher.recipient.channel)
        for failure in failures
    )
    return any(find_delivery(connection, identity) is not None for identity in told)
