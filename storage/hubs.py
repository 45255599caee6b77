"""Keep the WebSub hubs that ways in offer, and how each subscription to one stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, or_, select, update

from storage.schema.hubs import hub_subscriptions as hubs
from storage.schema.visits import outlet_states
from storage.upsert import insert_into


class HubState(StrEnum):
    """How a subscription stands."""

    OFFERED = "offered"
    """A feed names the hub; nobody was asked yet."""
    ASKED = "asked"
    """The hub was asked and has not confirmed."""
    ACTIVE = "active"
    """The hub tells us, until the lease ends."""
    DENIED = "denied"
    """The hub said no."""
    LEAVING = "leaving"
    """The hub was asked to let us go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """One way in, the hub it offers, and how we stand with that hub.

    `token` is the unguessable end of `callback`; both, and `secret`, are None until a hub is asked,
    and `secret` stays so for one that could only be told it in the open.
    `due_at` is when something is to be done. `told_at` is when the hub last told of something new,
    `told` how often it did, `unsigned` how often somebody without its signature tried to.
    """

    outlet_id: str
    way_url: str
    hub: str
    topic: str
    state: HubState = HubState.OFFERED
    callback: str | None = None
    token: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    due_at: datetime | None = None
    attempts: int = 0
    asked_at: datetime | None = None
    lease_ends_at: datetime | None = None
    told_at: datetime | None = None
    told: int = 0
    unsigned: int = 0
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOf:
    """An outlet that has news: when its last visit began, and when the next is due."""

    began_at: datetime
    next_visit_at: datetime


def keep_offer(connection: Connection, offer: HubSubscription, *, now: datetime) -> None:
    """Note that a way in offers a hub. Repeatable: the same offer changes nothing.

    Another hub or topic than before begins anew, and so does a way that comes back; the old lease
    is left to run out, its callback is known no more.
    """
    anew = _columns(replace(offer, due_at=now))
    is_another = or_(
        hubs.c.hub != offer.hub,
        hubs.c.topic != offer.topic,
        hubs.c.state == HubState.LEAVING.value,
    )
    connection.execute(
        insert_into(connection, hubs)
        .values(**anew)
        .on_conflict_do_update(
            index_elements=[hubs.c.outlet_id, hubs.c.way_url], set_=anew, where=is_another
        )
    )


def withdraw_offer(connection: Connection, outlet_id: str, way_url: str, *, now: datetime) -> None:
    """Note that a way in offers no hub any more: what was asked for is given back. Repeatable."""
    here = (hubs.c.outlet_id == outlet_id, hubs.c.way_url == way_url)
    connection.execute(delete(hubs).where(*here, hubs.c.token.is_(None)))
    connection.execute(
        update(hubs)
        .where(*here, hubs.c.state != HubState.LEAVING.value)
        .values(state=HubState.LEAVING.value, due_at=now, attempts=0)
    )


def due_hubs(connection: Connection, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
    """List the subscriptions something is to be done for, the longest waiting first."""
    statement = select(hubs).where(hubs.c.due_at <= now).order_by(hubs.c.due_at).limit(limit)
    return _all(connection, statement)


def claim_hub(connection: Connection, seen: HubSubscription, step: HubSubscription) -> bool:
    """Take the next step of a subscription; only one of several that try gets True."""
    as_seen = hubs.c.due_at.is_not_distinct_from(seen.due_at)
    done = connection.execute(update(hubs).where(*_key(seen), as_seen).values(**_standing(step)))
    return done.rowcount == 1


def change_hub(connection: Connection, seen: HubSubscription, after: HubSubscription) -> None:
    """Keep how a subscription stands now, if it still goes by the same callback."""
    connection.execute(
        update(hubs).where(*_key(seen), hubs.c.token == seen.token).values(**_standing(after))
    )


def note_told(connection: Connection, seen: HubSubscription, *, now: datetime) -> None:
    """Note that the hub told of something new."""
    values = {"told": hubs.c.told + 1, "told_at": now}
    connection.execute(update(hubs).where(*_key(seen)).values(**values))


def note_unsigned(connection: Connection, seen: HubSubscription) -> None:
    """Note that somebody told of something new without the hub's signature."""
    connection.execute(update(hubs).where(*_key(seen)).values(unsigned=hubs.c.unsigned + 1))


def forget_hub(connection: Connection, seen: HubSubscription) -> None:
    """Forget a subscription that has ended, if it still goes by the same callback."""
    connection.execute(delete(hubs).where(*_key(seen), hubs.c.token == seen.token))


def find_hub(connection: Connection, token: str) -> HubSubscription | None:
    """Return the subscription whose callback ends in this token, held while it is written."""
    found = _all(connection, select(hubs).where(hubs.c.token == token).with_for_update())
    return found[0] if found else None


def all_hubs(
    connection: Connection, *, outlet_id: str | None = None
) -> Mapping[tuple[str, str], HubSubscription]:
    """Return every hub offered (to one outlet), by outlet id and way."""
    statement = select(hubs)
    if outlet_id is not None:
        statement = statement.where(hubs.c.outlet_id == outlet_id)
    return {(one.outlet_id, one.way_url): one for one in _all(connection, statement)}


def outlets_told_of(connection: Connection) -> Mapping[str, ToldOf]:
    """Return the outlets that a hub told of since their last visit began.

    One that failed of late is left out: a hub's word does not shorten its back-off.
    """
    began_at, next_at = outlet_states.c.last_visit_at, outlet_states.c.next_visit_at
    rows = connection.execute(
        select(outlet_states.c.outlet_id, began_at, next_at)
        .join(hubs, outlet_states.c.outlet_id == hubs.c.outlet_id)
        .where(
            hubs.c.told_at > began_at,
            next_at.is_not(None),
            outlet_states.c.consecutive_failures == 0,
        )
    )
    return {
        row.outlet_id: ToldOf(began_at=row.last_visit_at, next_visit_at=row.next_visit_at)
        for row in rows
    }


def _key(one: HubSubscription) -> tuple[Any, Any]:
    return hubs.c.outlet_id == one.outlet_id, hubs.c.way_url == one.way_url


def _all(connection: Connection, statement: Select[Any]) -> tuple[HubSubscription, ...]:
    return tuple(_hub(row) for row in connection.execute(statement))


def _hub(row: Row[Any]) -> HubSubscription:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    return HubSubscription(**{**values, "state": HubState(row.state)})


def _columns(one: HubSubscription) -> dict[str, Any]:
    names = HubSubscription.__dataclass_fields__
    return {name: getattr(one, name) for name in names} | {"state": one.state.value}


def _standing(one: HubSubscription) -> dict[str, Any]:
    """Return what a step changes: a hub that speaks meanwhile must not be unheard."""
    kept_apart = {"outlet_id", "way_url", "told_at", "told", "unsigned"}
    return {name: value for name, value in _columns(one).items() if name not in kept_apart}
