"""Write the ledger: owe a delivery, record what became of it, hold, skip or retry it.

    owed ──claim──> sending ──> sent
      ^ held ──^       ├──> failed ──claim──> sending …
      └──── retry ─────┴──> dead, skipped

`storage.claims` takes deliveries up for sending.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, update

from storage.delivery import DeliveryState, Due, NewDelivery, Reason
from storage.schema.deliveries import contents, deliveries
from storage.upsert import insert_into

_OPEN: Final = (DeliveryState.OWED, DeliveryState.HELD, DeliveryState.SENDING, DeliveryState.FAILED)


def keep_content(connection: Connection, content: Mapping[str, object], *, now: datetime) -> str:
    """Keep what a delivery says, once, and return its id: the SHA-256 of its canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    content_id = hashlib.sha256(canonical.encode()).hexdigest()
    connection.execute(
        insert_into(connection, contents)
        .values(id=content_id, content=dict(content), created_at=now)
        .on_conflict_do_nothing()
    )
    return content_id


def owe(connection: Connection, new: Sequence[NewDelivery], *, now: datetime) -> tuple[str, ...]:
    """Write deliveries into the ledger; return the ids that were not there before.

    Repeating it changes nothing: the natural key decides, whatever else the second call says.
    """
    if not new:
        return ()
    statement = (
        insert_into(connection, deliveries).on_conflict_do_nothing().returning(deliveries.c.id)
    )
    rows = [_row(delivery, now) for delivery in new]
    return tuple(connection.execute(statement, rows).scalars())


def record_sent(connection: Connection, delivery_id: str, *, now: datetime, receipt: str) -> bool:
    """Record that the other side took it; true of any open state, for it has happened."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.SENT,
        sent_at=now,
        receipt=receipt[:1000],
        last_error=None,
    )


def record_failed(
    connection: Connection,
    delivery_id: str,
    *,
    now: datetime,
    error: str,
    next_attempt_at: datetime,
) -> bool:
    """Record a failure that will be tried again at `next_attempt_at`."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.FAILED,
        last_error=error[:2000],
        next_attempt_at=next_attempt_at,
    )


def record_dead(
    connection: Connection,
    delivery_id: str,
    *,
    now: datetime,
    error: str,
) -> bool:
    """Record that a delivery is given up; a person may retry it."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.DEAD,
        last_error=error[:2000],
    )


def replace_content(connection: Connection, delivery_id: str, content_id: str) -> bool:
    """Let a delivery that nobody has tried to send yet say something newer."""
    replaced = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.attempts == 0,
            deliveries.c.state.in_((DeliveryState.OWED.value, DeliveryState.HELD.value)),
        )
        .values(content_id=content_id)
    )
    return replaced.rowcount == 1


def hold(
    connection: Connection,
    delivery_id: str,
    reason: Reason,
    *,
    now: datetime,
    until: datetime | None = None,
) -> bool:
    """Hold an open delivery back, until a time or until somebody acts."""
    return _settle(
        connection,
        delivery_id,
        now,
        state=DeliveryState.HELD,
        reason=reason.value,
        next_attempt_at=until,
    )


def retry(connection: Connection, delivery_id: str, *, now: datetime) -> bool:
    """Owe a delivery again from now, whatever became of it; its id stays, so a repeat is one.

    One that a worker has in hand is left to it; return whether it is owed again.
    """
    again = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state != DeliveryState.SENDING.value,
        )
        .values(
            state=DeliveryState.OWED.value,
            reason=None,
            claimant=None,
            attempts=0,
            first_attempt_at=None,
            next_attempt_at=now,
            changed_at=now,
        )
    )
    return again.rowcount == 1


def renew_turn(connection: Connection, due: Due, *, now: datetime) -> bool:
    """Make a delivery that is due since long due as of now, so that it gets another turn.

    For a turn that ended without a claim (the database was away, a clock was late). A
    compare-and-set: an attempt made meanwhile has said itself when it is due again.
    """
    renewed = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == due.id, deliveries.c.next_attempt_at == due.due_at)
        .values(next_attempt_at=now)
    )
    return renewed.rowcount == 1


def release_disabled(connection: Connection, recipient_id: str, *, now: datetime) -> int:
    """Owe again what was held while a recipient was disabled; return how many."""
    released = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.recipient_id == recipient_id,
            deliveries.c.state == DeliveryState.HELD.value,
            deliveries.c.reason == Reason.DISABLED.value,
        )
        .values(
            state=DeliveryState.OWED.value,
            reason=None,
            attempts=0,
            first_attempt_at=None,
            next_attempt_at=now,
            changed_at=now,
        )
    )
    return released.rowcount


def skip_open(connection: Connection, subscription_id: str, *, now: datetime) -> int:
    """Skip everything a subscription that ended was still owed; return how many."""
    skipped = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.subscription_id == subscription_id,
            deliveries.c.state.in_([state.value for state in _OPEN]),
            deliveries.c.state != DeliveryState.SENDING.value,
        )
        .values(
            state=DeliveryState.SKIPPED.value,
            reason=Reason.ENDED.value,
            next_attempt_at=None,
            changed_at=now,
        )
    )
    return skipped.rowcount


def _row(delivery: NewDelivery, now: datetime) -> dict[str, object]:
    waits = delivery.not_before_at
    if delivery.state is DeliveryState.OWED and waits is None:
        waits = now
    return {
        "id": delivery.id,
        "subscription_id": delivery.subscription_id,
        "subject": delivery.subject,
        "channel": delivery.channel.value,
        "kind": delivery.kind.value,
        "recipient_id": delivery.recipient_id,
        "story_id": delivery.story_id,
        "content_id": delivery.content_id,
        "state": delivery.state.value,
        "reason": delivery.reason.value if delivery.reason else None,
        "weight": delivery.weight,
        "attempts": 0,
        "next_attempt_at": waits,
        "owed_at": now,
        "changed_at": now,
    }


def _settle(
    connection: Connection,
    delivery_id: str,
    now: datetime,
    state: DeliveryState,
    **columns: object,
) -> bool:
    cleared: dict[str, object] = {"reason": None, "next_attempt_at": None, "claimant": None}
    settled = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state.in_([open_state.value for open_state in _OPEN]),
        )
        .values(cleared | columns | {"state": state.value, "changed_at": now})
    )
    return settled.rowcount == 1


def skip_ended(connection: Connection, delivery_id: str, *, now: datetime) -> bool:
    """Skip an open delivery whose subscription has ended."""
    return _settle(
        connection, delivery_id, now, state=DeliveryState.SKIPPED, reason=Reason.ENDED.value
    )
