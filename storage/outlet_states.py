"""Keep where each outlet stands (when it is due, how it fares), and hand out the slots due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from crawler.diagnosis import Reason
from storage.errors import UnknownRecordError
from storage.health_reasons import decode_reason, encode_reason
from storage.schema.visits import health_changes, outlet_states
from storage.upsert import insert_into

#: The health of an outlet nobody has visited yet; the other values are those of the crawler.
NEVER_VISITED = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletState:
    """Where one outlet stands.

    `next_visit_at` is None for an outlet that is not visited (paused, or gone from the catalogue).
    `interval` is the rhythm found for it. `health` is a word of the crawler's, `health_reason` why,
    as data, `health_since_at` when it began.
    """

    outlet_id: str
    next_visit_at: datetime | None
    interval: timedelta | None = None
    health: str = NEVER_VISITED
    health_since_at: datetime
    health_reason: Reason | None = None
    consecutive_failures: int = 0
    last_visit_at: datetime | None = None
    first_success_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One visit that is due; its name is the same for every process that sees it."""

    outlet_id: str
    due_at: datetime

    @property
    def name(self) -> str:
        """The visit's name: `visit-OUTLET-20260321T120000.000000Z`."""
        return f"visit-{self.outlet_id}-{self.due_at:%Y%m%dT%H%M%S.%fZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChange:
    """One change of one outlet's health."""

    outlet_id: str
    changed_at: datetime
    before: str | None
    after: str
    reason: Reason | None


def enrol(connection: Connection, outlet_ids: Collection[str], *, now: datetime) -> None:
    """Make exactly these outlets the ones that are visited. Repeatable.

    One not seen before, or back after an absence, is due at once; one left out is due no more, its
    history stays.
    """
    for outlet_id in sorted(outlet_ids):
        row = _columns(OutletState(outlet_id=outlet_id, next_visit_at=now, health_since_at=now))
        insert = insert_into(connection, outlet_states).values(**row)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=[outlet_states.c.outlet_id],
                set_={"next_visit_at": now},
                where=outlet_states.c.next_visit_at.is_(None),
            )
        )
    gone = outlet_states.c.outlet_id.not_in(outlet_ids)
    connection.execute(update(outlet_states).where(gone).values(next_visit_at=None))


def due_outlets(connection: Connection, now: datetime, limit: int) -> tuple[Slot, ...]:
    """List the slots due, the longest waiting first."""
    rows = connection.execute(
        select(outlet_states.c.outlet_id, outlet_states.c.next_visit_at)
        .where(outlet_states.c.next_visit_at <= now)
        .order_by(outlet_states.c.next_visit_at, outlet_states.c.outlet_id)
        .limit(limit)
    )
    return tuple(Slot(outlet_id=row.outlet_id, due_at=row.next_visit_at) for row in rows)


def claim(connection: Connection, slot: Slot, *, until: datetime) -> bool:
    """Take a slot; only one of several that try gets True.

    The outlet is due again at `until` unless its visit ends before and says when (`save_state`): a
    claimant that died is replaced then.
    """
    done = connection.execute(
        update(outlet_states)
        .where(
            outlet_states.c.outlet_id == slot.outlet_id,
            outlet_states.c.next_visit_at == slot.due_at,
        )
        .values(next_visit_at=until)
    )
    return done.rowcount == 1


def visit_at(connection: Connection, outlet_id: str, at: datetime) -> None:
    """Move an outlet's next visit, by hand; raise UnknownRecordError for an unknown outlet."""
    moved = connection.execute(
        update(outlet_states).where(outlet_states.c.outlet_id == outlet_id).values(next_visit_at=at)
    )
    if moved.rowcount != 1:
        raise UnknownRecordError(
            "no outlet «{given}» in the archive; see `rasad outlets`", given=outlet_id
        )


def get_state(connection: Connection, outlet_id: str) -> OutletState:
    """Return where an outlet stands; raise UnknownRecordError when it was never enrolled."""
    row = connection.execute(
        select(outlet_states).where(outlet_states.c.outlet_id == outlet_id)
    ).one_or_none()
    if row is None:
        raise UnknownRecordError(
            "no outlet «{given}» in the archive; see `rasad outlets`", given=outlet_id
        )
    return _state(row)


def all_states(connection: Connection) -> tuple[OutletState, ...]:
    """List where every outlet stands, by outlet id."""
    rows = connection.execute(select(outlet_states).order_by(outlet_states.c.outlet_id))
    return tuple(_state(row) for row in rows)


def save_state(connection: Connection, state: OutletState) -> None:
    """Keep the state decided after a visit; a change of health becomes an event. Repeatable."""
    before = connection.execute(
        select(outlet_states.c.health).where(outlet_states.c.outlet_id == state.outlet_id)
    ).scalar_one_or_none()
    values = _columns(state)
    insert = insert_into(connection, outlet_states).values(**values)
    connection.execute(
        insert.on_conflict_do_update(index_elements=[outlet_states.c.outlet_id], set_=values)
    )
    if before != state.health:
        _keep_change(connection, state, before)


def health_changes_since(
    connection: Connection, since: datetime, *, outlet_id: str | None = None
) -> tuple[HealthChange, ...]:
    """List the changes of health at or after an instant, in order of time."""
    statement = select(health_changes).where(health_changes.c.changed_at >= since)
    if outlet_id is not None:
        statement = statement.where(health_changes.c.outlet_id == outlet_id)
    rows = connection.execute(
        statement.order_by(health_changes.c.changed_at, health_changes.c.outlet_id)
    )
    return tuple(
        HealthChange(
            outlet_id=row.outlet_id,
            changed_at=row.changed_at,
            before=row.before,
            after=row.after,
            reason=decode_reason(row.reason_data),
        )
        for row in rows
    )


def _keep_change(connection: Connection, state: OutletState, before: str | None) -> None:
    row = {
        "outlet_id": state.outlet_id,
        "changed_at": state.health_since_at,
        "before": before,
        "after": state.health,
        "reason_data": encode_reason(state.health_reason),
    }
    connection.execute(insert_into(connection, health_changes).values(row).on_conflict_do_nothing())


def _columns(state: OutletState) -> dict[str, Any]:
    return {
        "outlet_id": state.outlet_id,
        "next_visit_at": state.next_visit_at,
        "interval_seconds": None if state.interval is None else state.interval.total_seconds(),
        "health": state.health,
        "health_since_at": state.health_since_at,
        "reason_data": encode_reason(state.health_reason),
        "consecutive_failures": state.consecutive_failures,
        "last_visit_at": state.last_visit_at,
        "first_success_at": state.first_success_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
    }


def _state(row: Row[Any]) -> OutletState:
    seconds = row.interval_seconds
    return OutletState(
        outlet_id=row.outlet_id,
        next_visit_at=row.next_visit_at,
        interval=None if seconds is None else timedelta(seconds=seconds),
        health=row.health,
        health_since_at=row.health_since_at,
        health_reason=decode_reason(row.reason_data),
        consecutive_failures=row.consecutive_failures,
        last_visit_at=row.last_visit_at,
        first_success_at=row.first_success_at,
        last_success_at=row.last_success_at,
        last_new_at=row.last_new_at,
    )
