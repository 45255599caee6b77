"""Make the digests that are due: what waited, grouped by topic, each story in one of them only.

A digest is a delivery like any other; its key is the period, so making it twice is one. What it
tells is marked told when it has been sent.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alerts.content import from_json, to_json
from alerts.message import Alert, Correction, Coverage, Digest, DigestGroup, Name
from alerts.payload import holds_all
from alerts.times import Period, digest_period
from storage.deliveries import keep_content, owe
from storage.delivery import Delivery, DeliveryKind, NewDelivery
from storage.ledger import content_of
from storage.subscription import Channel, Rhythm, Subscription, SubscriptionState
from storage.subscriptions import list_subscriptions, mark_digested
from storage.waiting import include, waiting

#: A mail with more stories than this is not read; the rest follows in another part.
MAX_STORIES: Final = 60

#: A correction that found no company within this is told alone; so there is one mail a day at most.
CORRECTION_PATIENCE: Final = timedelta(days=1)

#: A bulletin comes even when nothing happened: silence could as well be a broken service.
_ALWAYS: Final = frozenset({Rhythm.DAILY, Rhythm.WEEKLY})


def _unchanged(alert: Alert) -> Alert:
    return alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a digest says beside the stories that waited.

    `freshen` returns an alert with today's spread: more outlets carry it than when it was held.
    """

    coverage: Coverage | None = None
    freshen: Callable[[Alert], Alert] = _unchanged


def due_periods(
    connection: Connection, *, now: datetime
) -> tuple[tuple[Subscription, Period], ...]:
    """List the subscriptions whose digest is due, each with its period. It only reads.

    A disabled recipient is left out: once enabled, it hears everything in one digest.
    """
    found: list[tuple[Subscription, Period]] = []
    for subscription in list_subscriptions(connection, state=SubscriptionState.ACTIVE):
        if subscription.recipient.disabled_at is not None:
            continue
        since = subscription.digested_until_at or subscription.created_at
        period = digest_period(subscription.preferences, since=since, now=now)
        if period is not None:
            found.append((subscription, period))
    return tuple(found)


def make_due_digests(connection: Connection, press: Press, *, now: datetime) -> tuple[str, ...]:
    """Owe every digest whose time has come; return the new deliveries' ids.

    Each subscription's last period is remembered, so calling it every minute is safe; ask
    `due_periods` in a read transaction first, and it is cheap as well.
    """
    made: list[str] = []
    for subscription, period in due_periods(connection, now=now):
        made.extend(make_digest(connection, subscription, period, press, now=now))
        mark_digested(connection, subscription.id, until=period.until_at)
    return tuple(made)


def make_digest(
    connection: Connection,
    subscription: Subscription,
    period: Period,
    press: Press,
    *,
    now: datetime,
) -> list[str]:
    """Owe the digest of one period, in several parts when it is long."""
    made: list[str] = []
    limit = MAX_STORIES
    while True:
        rows = waiting(connection, subscription.id, limit=limit)
        if (made or not _always(subscription)) and not _is_worth_a_message(rows, now):
            return made
        digest = _composed(connection, subscription, rows, period, press)
        if subscription.recipient.channel is Channel.WEBHOOK and not holds_all(digest):
            limit = max(len(rows) // 2, 1)
            if len(rows) > 1:
                continue
        made.append(_owe(connection, subscription, digest, f"{period.key}/{len(made) + 1}", now))
        include(connection, made[-1], [row.id for row in rows], now=now)
        if not rows:
            return made


def _always(subscription: Subscription) -> bool:
    return subscription.preferences.rhythm in _ALWAYS


def _is_worth_a_message(rows: Sequence[Delivery], now: datetime) -> bool:
    """Say whether a part of a digest is to be sent: a correction waits for company, but not long.

    Whoever hears at once may have no other digest for weeks.
    """
    return any(
        row.kind is not DeliveryKind.CORRECTION or now - row.owed_at >= CORRECTION_PATIENCE
        for row in rows
    )


def _owe(
    connection: Connection, subscription: Subscription, digest: Digest, key: str, now: datetime
) -> str:
    new = NewDelivery(
        subscription_id=subscription.id,
        recipient_id=subscription.recipient.id,
        channel=subscription.recipient.channel,
        kind=DeliveryKind.DIGEST,
        subject=f"digest:{key}",
        content_id=keep_content(connection, to_json(digest), now=now),
        weight=float(digest.stories),
    )
    owe(connection, [new], now=now)
    return new.id


def _composed(
    connection: Connection,
    subscription: Subscription,
    rows: Sequence[Delivery],
    period: Period,
    press: Press,
) -> Digest:
    contents = [from_json(content_of(connection, row.content_id)) for row in rows]
    alerts = _latest(content for content in contents if isinstance(content, Alert))
    return Digest(
        rhythm=subscription.preferences.rhythm.value,
        from_at=period.from_at,
        until_at=period.until_at,
        groups=grouped(press.freshen(alert) for alert in alerts),
        corrections=tuple(one for one in contents if isinstance(one, Correction)),
        coverage=press.coverage,
    )


def _latest(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Keep one alert of each story: an update says all that the alert before it said."""
    by_story: dict[int, Alert] = {}
    for alert in alerts:
        standing = by_story.get(alert.story_id)
        if standing is None or (alert.change is not None and standing.change is None):
            by_story[alert.story_id] = alert
    return tuple(by_story.values())


def grouped(alerts: Iterable[Alert]) -> tuple[DigestGroup, ...]:
    """Group stories by their strongest rule, no story twice; the weightiest first everywhere."""
    names: dict[str, Name] = {}
    groups: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda one: (-one.weight, one.found_at, one.story_id)):
        strongest = max(alert.rules, key=lambda rule: rule.score, default=None)
        rule_id = strongest.rule_id if strongest else ""
        names.setdefault(rule_id, strongest.name if strongest else Name(fa="خبرها", en="News"))
        groups.setdefault(rule_id, []).append(alert)
    return tuple(
        DigestGroup(rule_id=rule_id, name=names[rule_id], alerts=tuple(stories))
        for rule_id, stories in groups.items()
    )
