"""Write into the ledger what changed after a story was told: an update, or its true original."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from alerts.compose import StoryFacts, compose_alert
from alerts.content import from_json, to_json
from alerts.match import Match
from alerts.message import Alert, Correction
from alerts.plan import why_wait
from crawler.article import Article
from storage.deliveries import keep_content, owe, replace_content
from storage.delivery import (
    DeliveryKind,
    DeliveryState,
    NewDelivery,
    Reason,
    update_subject,
)
from storage.ledger import Told, content_of, told_of
from storage.subscription import Subscription, SubscriptionState
from storage.subscriptions import find_subscription


def announce_update(
    connection: Connection,
    article: Article,
    matches: Sequence[Match],
    facts: StoryFacts,
    *,
    now: datetime,
) -> tuple[NewDelivery, ...]:
    """Tell a material revision (`facts.change` is set) once, to those who were told the story.

    Whoever has not been sent the story yet simply gets it as it is now. A revision of the very
    article that was told counts, and one of the story's original, which may have turned up later;
    another copy that is edited changes nothing for its readers.
    """
    new: list[NewDelivery] = []
    for told in told_of(connection, facts.story_id):
        if told.kind is not DeliveryKind.STORY:
            continue
        before = from_json(content_of(connection, told.content_id))
        if not isinstance(before, Alert):
            continue
        if before.article_id != facts.article_id and not facts.is_original:
            continue
        after = _after(article, matches, facts, before)
        update = _updated(connection, told, after, now)
        if update is not None:
            new.append(update)
    written = frozenset(owe(connection, new, now=now))
    return tuple(delivery for delivery in new if delivery.id in written)


def announce_original(
    connection: Connection, correction: Correction, *, now: datetime
) -> tuple[NewDelivery, ...]:
    """Correct, in the next digest, a story that was told through a copy; never told as new."""
    content_id = keep_content(connection, to_json(correction), now=now)
    new = [
        NewDelivery(
            subscription_id=told.subscription_id,
            recipient_id=told.recipient_id,
            channel=subscription.recipient.channel,
            kind=DeliveryKind.CORRECTION,
            subject=f"story:{correction.story_id}#original",
            story_id=correction.story_id,
            content_id=content_id,
            state=DeliveryState.HELD,
            reason=Reason.DIGEST,
        )
        for told in told_of(connection, correction.story_id)
        if told.kind is DeliveryKind.STORY and told.state is DeliveryState.SENT
        if (subscription := _active(connection, told.subscription_id)) is not None
    ]
    written = frozenset(owe(connection, new, now=now))
    return tuple(delivery for delivery in new if delivery.id in written)


def _after(article: Article, matches: Sequence[Match], facts: StoryFacts, before: Alert) -> Alert:
    """Compose the update; a rule that no longer fires is still why this reader was told."""
    rule_ids = frozenset(rule.rule_id for rule in before.rules)
    after = compose_alert(article, matches, facts, rule_ids=rule_ids)
    return after if after.rules else replace(after, rules=before.rules)


def _updated(connection: Connection, told: Told, after: Alert, now: datetime) -> NewDelivery | None:
    """Return the update to owe, or None when the story itself could still be put right."""
    fresh_id = keep_content(connection, to_json(replace(after, change=None)), now=now)
    if replace_content(connection, told.delivery_id, fresh_id):
        return None
    subscription = _active(connection, told.subscription_id)
    if subscription is None or told.state is DeliveryState.DEAD:
        return None
    reason = why_wait(subscription.preferences, 0, now)
    return NewDelivery(
        subscription_id=told.subscription_id,
        recipient_id=told.recipient_id,
        channel=subscription.recipient.channel,
        kind=DeliveryKind.UPDATE,
        subject=update_subject(after.story_id),
        story_id=after.story_id,
        content_id=keep_content(connection, to_json(after), now=now),
        state=DeliveryState.OWED if reason is None else DeliveryState.HELD,
        reason=reason,
        weight=after.weight,
    )


def _active(connection: Connection, subscription_id: str) -> Subscription | None:
    found = find_subscription(connection, subscription_id)
    return found if found is not None and found.state is SubscriptionState.ACTIVE else None
