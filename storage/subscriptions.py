"""Keep subscriptions: add, find, change, confirm and end them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from storage.recipients import recipient_of
from storage.schema.subscriptions import recipients, subscription_rules, subscriptions
from storage.subscription import (
    Channel,
    NewSubscription,
    Preferences,
    QuietHours,
    Rhythm,
    Subscription,
    SubscriptionState,
)


def add_subscription(
    connection: Connection, new: NewSubscription, *, now: datetime
) -> Subscription:
    """Add a subscription; with an id that stands already, return that one unchanged."""
    standing = find_subscription(connection, new.id)
    if standing is not None:
        return standing
    connection.execute(
        insert(subscriptions).values(
            id=new.id,
            recipient_id=new.recipient_id,
            state=new.state.value,
            created_at=now,
            confirmed_at=now if new.state is SubscriptionState.ACTIVE else None,
            **_columns(new.preferences),
        )
    )
    _follow(connection, new.id, new.preferences.rule_ids)
    return _required(connection, new.id)


def find_subscription(connection: Connection, subscription_id: str) -> Subscription | None:
    """Return the subscription of this id."""
    found = _select(connection, subscriptions.c.id == subscription_id)
    return found[0] if found else None


def subscriptions_of(connection: Connection, ids: Collection[str]) -> dict[str, Subscription]:
    """Return the subscriptions of these ids, by id."""
    found = _select(connection, subscriptions.c.id.in_(tuple(ids)))
    return {one.id: one for one in found}


def list_subscriptions(
    connection: Connection,
    *,
    state: SubscriptionState | None = None,
    channel: Channel | None = None,
    address: str | None = None,
) -> tuple[Subscription, ...]:
    """List subscriptions by their age, the oldest first."""
    wanted: list[ColumnElement[bool]] = []
    if state is not None:
        wanted.append(subscriptions.c.state == state.value)
    if channel is not None:
        wanted.append(recipients.c.channel == channel.value)
    if address is not None:
        wanted.append(recipients.c.address == address)
    return _select(connection, *wanted)


def subscriptions_after(
    connection: Connection,
    last: Subscription | None,
    *,
    limit: int,
    state: SubscriptionState | None = None,
    address_part: str = "",
) -> tuple[Subscription, ...]:
    """List a page of subscriptions, the oldest first; pass the last one of a page for the next."""
    wanted: list[ColumnElement[bool]] = []
    if last is not None:
        place = tuple_(subscriptions.c.created_at, subscriptions.c.id)
        wanted.append(place > (last.created_at, last.id))
    if state is not None:
        wanted.append(subscriptions.c.state == state.value)
    if address_part:
        wanted.append(recipients.c.address.icontains(address_part, autoescape=True))
    return _select(connection, *wanted, limit=limit)


def subscriptions_following(
    connection: Connection, rule_ids: Collection[str]
) -> tuple[Subscription, ...]:
    """List the active subscriptions that follow at least one of the rules, the oldest first."""
    followers = select(subscription_rules.c.subscription_id).where(
        subscription_rules.c.rule_id.in_(tuple(rule_ids))
    )
    return _select(
        connection,
        subscriptions.c.state == SubscriptionState.ACTIVE.value,
        subscriptions.c.id.in_(followers),
    )


def subscriptions_watching_outlets(connection: Connection) -> tuple[Subscription, ...]:
    """List the active subscriptions that want to hear of the outlets' health."""
    return _select(
        connection,
        subscriptions.c.state == SubscriptionState.ACTIVE.value,
        subscriptions.c.watches_outlets.is_(True),
    )


def change_preferences(
    connection: Connection, subscription_id: str, preferences: Preferences
) -> Subscription | None:
    """Put other preferences in the place of the old; None when there is no such subscription."""
    changed = connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription_id)
        .values(**_columns(preferences))
    )
    if changed.rowcount == 0:
        return None
    connection.execute(
        delete(subscription_rules).where(subscription_rules.c.subscription_id == subscription_id)
    )
    _follow(connection, subscription_id, preferences.rule_ids)
    return find_subscription(connection, subscription_id)


def pause_subscription(
    connection: Connection, subscription_id: str, *, until: datetime | None
) -> Subscription | None:
    """Hold everything until a time, or with None go on now."""
    standing = find_subscription(connection, subscription_id)
    if standing is None:
        return None
    return change_preferences(
        connection, subscription_id, replace(standing.preferences, paused_until_at=until)
    )


def confirm_subscription(connection: Connection, subscription_id: str, *, now: datetime) -> bool:
    """Make a pending subscription active; return whether it was pending. An ended one stays so."""
    changed = connection.execute(
        update(subscriptions)
        .where(
            subscriptions.c.id == subscription_id,
            subscriptions.c.state == SubscriptionState.PENDING.value,
        )
        .values(state=SubscriptionState.ACTIVE.value, confirmed_at=now)
    )
    return changed.rowcount == 1


def mark_ended(connection: Connection, subscription_id: str, *, now: datetime) -> bool:
    """End a subscription for good (unsubscribed); return whether it had not ended before."""
    changed = connection.execute(
        update(subscriptions)
        .where(
            subscriptions.c.id == subscription_id,
            subscriptions.c.state != SubscriptionState.ENDED.value,
        )
        .values(state=SubscriptionState.ENDED.value, ended_at=now)
    )
    return changed.rowcount == 1


def mark_digested(connection: Connection, subscription_id: str, *, until: datetime) -> None:
    """Remember that the digest periods up to `until` have been made."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription_id)
        .values(digested_until_at=until)
    )


def _required(connection: Connection, subscription_id: str) -> Subscription:
    found = find_subscription(connection, subscription_id)
    if found is None:  # pragma: no cover - written in this transaction
        raise LookupError(subscription_id)
    return found


def _follow(connection: Connection, subscription_id: str, rule_ids: Iterable[str]) -> None:
    rows = [{"subscription_id": subscription_id, "rule_id": rule} for rule in sorted(set(rule_ids))]
    if rows:
        connection.execute(insert(subscription_rules), rows)


def _columns(chosen: Preferences) -> dict[str, object]:
    return {
        "name": chosen.name,
        "rhythm": chosen.rhythm.value,
        "language": chosen.language,
        "minimum_score": chosen.minimum_score,
        "cap_per_hour": chosen.cap_per_hour,
        "quiet_from_minute": chosen.quiet.from_minute if chosen.quiet else None,
        "quiet_until_minute": chosen.quiet.until_minute if chosen.quiet else None,
        "bulletin_minute": chosen.bulletin_minute,
        "working_days_only": chosen.working_days_only,
        "outlets_included": sorted(chosen.outlets_included),
        "outlets_excluded": sorted(chosen.outlets_excluded),
        "watches_outlets": chosen.watches_outlets,
        "paused_until_at": chosen.paused_until_at,
    }


def _select(
    connection: Connection, *wanted: ColumnElement[bool], limit: int | None = None
) -> tuple[Subscription, ...]:
    chosen = (
        select(subscriptions, recipients)
        .join_from(subscriptions, recipients)
        .where(*wanted)
        .order_by(subscriptions.c.created_at, subscriptions.c.id)
        .limit(limit)
    )
    found = connection.execute(chosen).mappings().all()
    followed = _rules_of(connection, chosen) if found else {}
    return tuple(_subscription(row, followed.get(row[subscriptions.c.id], ())) for row in found)


def _rules_of(connection: Connection, chosen: Select[Any]) -> dict[str, tuple[str, ...]]:
    ids = chosen.with_only_columns(subscriptions.c.id)
    rows = connection.execute(
        select(subscription_rules.c.subscription_id, subscription_rules.c.rule_id)
        .where(subscription_rules.c.subscription_id.in_(ids))
        .order_by(subscription_rules.c.rule_id)
    )
    followed: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for subscription_id, rule_id in rows:
        followed[subscription_id] = (*followed[subscription_id], rule_id)
    return followed


def _subscription(fields: RowMapping, rule_ids: tuple[str, ...]) -> Subscription:
    return Subscription(
        id=fields[subscriptions.c.id],
        recipient=recipient_of(fields),
        state=SubscriptionState(fields[subscriptions.c.state]),
        preferences=_preferences(fields, rule_ids),
        created_at=fields[subscriptions.c.created_at],
        confirmed_at=fields[subscriptions.c.confirmed_at],
        ended_at=fields[subscriptions.c.ended_at],
        digested_until_at=fields[subscriptions.c.digested_until_at],
    )


def _preferences(fields: RowMapping, rule_ids: tuple[str, ...]) -> Preferences:
    quiet_from = fields[subscriptions.c.quiet_from_minute]
    quiet_until = fields[subscriptions.c.quiet_until_minute]
    quiet = (
        None
        if quiet_from is None or quiet_until is None
        else QuietHours(from_minute=quiet_from, until_minute=quiet_until)
    )
    return Preferences(
        name=fields[subscriptions.c.name],
        rule_ids=rule_ids,
        rhythm=Rhythm(fields[subscriptions.c.rhythm]),
        language=fields[subscriptions.c.language],
        minimum_score=fields[subscriptions.c.minimum_score],
        cap_per_hour=fields[subscriptions.c.cap_per_hour],
        quiet=quiet,
        bulletin_minute=fields[subscriptions.c.bulletin_minute],
        working_days_only=fields[subscriptions.c.working_days_only],
        outlets_included=frozenset(fields[subscriptions.c.outlets_included]),
        outlets_excluded=frozenset(fields[subscriptions.c.outlets_excluded]),
        watches_outlets=fields[subscriptions.c.watches_outlets],
        paused_until_at=fields[subscriptions.c.paused_until_at],
    )
