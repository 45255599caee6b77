"""Recipients, subscriptions and deliveries for the tests of the ledger."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage.deliveries import keep_content, owe
from storage.delivery import DeliveryKind, DeliveryState, NewDelivery, Reason, story_subject
from storage.recipients import keep_recipient
from storage.subscription import (
    Channel,
    NewRecipient,
    NewSubscription,
    Preferences,
    Subscription,
    SubscriptionState,
)
from storage.subscriptions import add_subscription

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def subscribe(
    connection: Connection,
    name: str = "sara",
    *,
    preferences: Preferences | None = None,
    state: SubscriptionState = SubscriptionState.ACTIVE,
    new: NewRecipient | None = None,
) -> Subscription:
    """Add an active subscription for name@example.ir, or for another recipient."""
    recipient = keep_recipient(
        connection,
        new or NewRecipient(channel=Channel.EMAIL, address=f"{name}@example.ir"),
        now=NOW,
    )
    return add_subscription(
        connection,
        NewSubscription(
            id=f"sub_{name}",
            recipient_id=recipient.id,
            preferences=preferences or Preferences(rule_ids=("copper",)),
            state=state,
        ),
        now=NOW,
    )


def story_delivery(
    connection: Connection,
    subscription: Subscription,
    story_id: int = 1,
    *,
    reason: Reason | None = None,
    weight: float = 0.5,
) -> NewDelivery:
    """Make a delivery of a story, owed or held with a reason; it is not yet in the ledger."""
    content_id = keep_content(connection, {"kind": "ping", "note": f"{story_id}"}, now=NOW)
    return NewDelivery(
        subscription_id=subscription.id,
        recipient_id=subscription.recipient.id,
        channel=subscription.recipient.channel,
        kind=DeliveryKind.STORY,
        subject=story_subject(story_id),
        story_id=story_id,
        content_id=content_id,
        state=DeliveryState.OWED if reason is None else DeliveryState.HELD,
        reason=reason,
        weight=weight,
    )


def owe_story(
    connection: Connection,
    subscription: Subscription,
    story_id: int = 1,
    *,
    reason: Reason | None = None,
    weight: float = 0.5,
) -> str:
    """Owe a story now and return the delivery's id."""
    new = story_delivery(connection, subscription, story_id, reason=reason, weight=weight)
    owe(connection, [new], now=NOW)
    return new.id
