"""Read the ledger: what is due, what became of a delivery, who has been told of a story."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select, tuple_

from storage.delivery import MAIL_LANE, Delivery, DeliveryKind, DeliveryState, Due, Reason
from storage.schema.deliveries import contents, deliveries
from storage.subscription import Channel

#: Places of one recipient in a list of what is due; what is left over is listed the next time.
PER_RECIPIENT: Final = 20

#: How far back a crowd is looked behind.
LOOKED_AT: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That a recipient has (or will have) been told of a story by one delivery."""

    delivery_id: str
    recipient_id: str
    subscription_id: str
    kind: DeliveryKind
    state: DeliveryState
    content_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """What to list; None means any. `before` is the last delivery of the page before."""

    state: DeliveryState | None = None
    kind: DeliveryKind | None = None
    channel: Channel | None = None
    subscription_id: str | None = None
    recipient_id: str | None = None
    story_id: int | None = None
    reason: Reason | None = None
    before: Delivery | None = None


def lanes(connection: Connection, now: datetime) -> tuple[Due, ...]:
    """List, for every lane in which something is due, the delivery that has waited longest."""
    mail = due(connection, now, 1, lane=MAIL_LANE)
    turn = func.row_number().over(
        partition_by=deliveries.c.recipient_id,
        order_by=(deliveries.c.next_attempt_at, deliveries.c.id),
    )
    ready = select(*_DUE, turn.label("turn")).where(_is_due(now), _IS_NO_MAIL).subquery()
    rows = connection.execute(
        select(ready).where(ready.c.turn == 1).order_by(ready.c.next_attempt_at, ready.c.id)
    )
    return (*mail, *(_due(row) for row in rows.mappings()))


def due(
    connection: Connection,
    now: datetime,
    limit: int,
    *,
    lane: str | None = None,
    per_recipient: int = PER_RECIPIENT,
) -> tuple[Due, ...]:
    """List at most `limit` deliveries a worker may take up now, the longest waiting first.

    `lane` names whose turn it is, None everybody's. No recipient takes more than `per_recipient`
    places of a lane, however much it is owed: a reader who comes back must not crowd out others.
    """
    ready = select(*_DUE).where(_is_due(now))
    if lane == MAIL_LANE:
        ready = ready.where(_IS_MAIL)
    elif lane is not None:
        ready = ready.where(deliveries.c.recipient_id == lane)
    first = connection.execute(ready.order_by(*_LONGEST).limit(limit))
    listed = tuple(_due(row) for row in first.mappings())
    crowd = Counter(one.recipient_id for one in listed)
    is_one_recipients = lane not in {None, MAIL_LANE}
    if is_one_recipients or all(count <= per_recipient for count in crowd.values()):
        return listed  # the usual case, answered from the index alone
    return _due_in_turns(connection, ready, limit, per_recipient)


def _due_in_turns(
    connection: Connection, ready: Select[Any], limit: int, per_recipient: int
) -> tuple[Due, ...]:
    looked_at = ready.order_by(*_LONGEST).limit(LOOKED_AT).subquery()
    turn = func.row_number().over(
        partition_by=looked_at.c.recipient_id,
        order_by=(looked_at.c.next_attempt_at, looked_at.c.id),
    )
    turns = select(looked_at, turn.label("turn")).subquery()
    rows = connection.execute(
        select(turns)
        .where(turns.c.turn <= per_recipient)
        .order_by(turns.c.next_attempt_at, turns.c.id)
        .limit(limit)
    )
    return tuple(_due(row) for row in rows.mappings())


_IS_MAIL: Final = deliveries.c.channel == Channel.EMAIL.value
# said by name, so that the index skips a backlog of mails, however long
_IS_NO_MAIL: Final = deliveries.c.channel.in_(
    [channel.value for channel in Channel if channel is not Channel.EMAIL]
)
_LONGEST: Final = (deliveries.c.next_attempt_at, deliveries.c.id)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return deliveries.c.next_attempt_at <= now


_DUE: Final = (
    deliveries.c.id,
    deliveries.c.recipient_id,
    deliveries.c.channel,
    deliveries.c.attempts,
    deliveries.c.next_attempt_at,
)


def _due(row: RowMapping) -> Due:
    return Due(
        id=row["id"],
        recipient_id=row["recipient_id"],
        channel=Channel(row["channel"]),
        attempts=row["attempts"],
        due_at=row["next_attempt_at"],
    )


def next_due_at(connection: Connection) -> datetime | None:
    """Say when the next delivery will be due, or None when nothing waits."""
    earliest: datetime | None = connection.scalar(select(func.min(deliveries.c.next_attempt_at)))
    return earliest


def find_delivery(connection: Connection, delivery_id: str) -> Delivery | None:
    """Return the delivery of this id."""
    found = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id))
    row = found.mappings().one_or_none()
    return None if row is None else delivery_of(row)


def content_of(connection: Connection, content_id: str) -> dict[str, object]:
    """Return what a delivery says; LookupError when nothing is kept under this id."""
    found = contents_of(connection, (content_id,))
    if not found:
        raise LookupError(f"no content {content_id}")
    return found[content_id]


def contents_of(connection: Connection, ids: Collection[str]) -> dict[str, dict[str, object]]:
    """Return the contents of these ids, by id."""
    found = connection.execute(
        select(contents.c.id, contents.c.content).where(contents.c.id.in_(tuple(ids)))
    )
    return {row.id: dict(row.content) for row in found}


def list_deliveries(
    connection: Connection, wanted: LedgerFilter | None = None, *, limit: int = 50
) -> tuple[Delivery, ...]:
    """List deliveries, the newest first; pass the last one as `before` for the next page."""
    wanted = wanted or LedgerFilter()
    equal = {
        deliveries.c.state: wanted.state,
        deliveries.c.kind: wanted.kind,
        deliveries.c.channel: wanted.channel,
        deliveries.c.subscription_id: wanted.subscription_id,
        deliveries.c.recipient_id: wanted.recipient_id,
        deliveries.c.story_id: wanted.story_id,
        deliveries.c.reason: wanted.reason,
    }
    statement = select(deliveries).where(
        *(column == value for column, value in equal.items() if value is not None)
    )
    if wanted.before is not None:
        newest = tuple_(deliveries.c.owed_at, deliveries.c.id)
        statement = statement.where(newest < (wanted.before.owed_at, wanted.before.id))
    newest_first = statement.order_by(deliveries.c.owed_at.desc(), deliveries.c.id.desc())
    found = connection.execute(newest_first.limit(limit))
    return tuple(delivery_of(row) for row in found.mappings())


def count_by_state(connection: Connection) -> dict[tuple[DeliveryState, Reason | None], int]:
    """Count the deliveries of every state and reason."""
    rows = connection.execute(
        select(deliveries.c.state, deliveries.c.reason, func.count())
        .group_by(deliveries.c.state, deliveries.c.reason)
        .order_by(deliveries.c.state, deliveries.c.reason)
    )
    return {
        (DeliveryState(state), Reason(reason) if reason else None): count
        for state, reason, count in rows
    }


def told_of(connection: Connection, story_id: int) -> tuple[Told, ...]:
    """List who has a delivery about a story, skipped ones left out."""
    rows = connection.execute(
        select(deliveries)
        .where(
            deliveries.c.story_id == story_id,
            deliveries.c.state != DeliveryState.SKIPPED.value,
        )
        .order_by(deliveries.c.owed_at, deliveries.c.id)
    )
    return tuple(
        Told(
            delivery_id=row.id,
            recipient_id=row.recipient_id,
            subscription_id=row.subscription_id,
            kind=DeliveryKind(row.kind),
            state=DeliveryState(row.state),
            content_id=row.content_id,
        )
        for row in rows
    )


def count_alerts_since(
    connection: Connection, subscription_ids: Collection[str], since: datetime
) -> dict[str, int]:
    """Count the alerts owed at once to each subscription since a time, for its cap per hour."""
    rows = connection.execute(
        select(deliveries.c.subscription_id, func.count())
        .where(
            deliveries.c.subscription_id.in_(tuple(subscription_ids)),
            deliveries.c.owed_at > since,
            deliveries.c.kind == DeliveryKind.STORY.value,
            deliveries.c.state.not_in((DeliveryState.HELD.value, DeliveryState.SKIPPED.value)),
        )
        .group_by(deliveries.c.subscription_id)
    )
    return {row[0]: row[1] for row in rows}


def delivery_of(row: RowMapping) -> Delivery:
    """Read a Delivery from a row of `deliveries`; for the storage files that select it."""
    fields = {name: value for name, value in row.items() if name != "claimant"}
    reason = fields["reason"]
    fields |= {
        "channel": Channel(fields["channel"]),
        "kind": DeliveryKind(fields["kind"]),
        "state": DeliveryState(fields["state"]),
        "reason": None if reason is None else Reason(reason),
    }
    return Delivery(**fields)
