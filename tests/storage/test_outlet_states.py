"""Outlet states: what is due, who takes it, and how health changes become events."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.diagnosis import Anomaly, Cause, Reason
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.outlet_states import (
    NEVER_VISITED,
    OutletState,
    Slot,
    all_states,
    claim,
    due_outlets,
    enrol,
    get_state,
    health_changes_since,
    save_state,
    visit_at,
)

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

WHY = Reason(
    cause=Cause.FIELDS_MISSING,
    status=403,
    fields=("body", "lead"),
    expected=12.5,
    anomalies=(Anomaly.LOW, Anomaly.FROZEN),
)


def _enrol(database: Database, *outlet_ids: str, now: datetime = NOON) -> None:
    with database.write() as connection:
        enrol(connection, outlet_ids, now=now)


def _due(database: Database, now: datetime, limit: int = 99) -> list[str]:
    with database.read() as connection:
        return [slot.outlet_id for slot in due_outlets(connection, now, limit)]


def test_an_enrolled_outlet_is_due_at_once(database: Database) -> None:
    _enrol(database, "sobh", "rasa")
    assert _due(database, NOON) == ["rasa", "sobh"]
    assert _due(database, NOON - MINUTE) == []
    assert _due(database, NOON, limit=1) == ["rasa"]
    with database.read() as connection:
        state = get_state(connection, "sobh")
    assert state == OutletState(outlet_id="sobh", next_visit_at=NOON, health_since_at=NOON)
    assert state.health == NEVER_VISITED


def test_enrolling_again_moves_nothing(database: Database) -> None:
    _enrol(database, "sobh")
    _enrol(database, "sobh", now=NOON + MINUTE)
    with database.read() as connection:
        assert get_state(connection, "sobh").next_visit_at == NOON


def test_an_outlet_left_out_is_due_no_more_until_it_is_back(database: Database) -> None:
    _enrol(database, "sobh", "rasa")
    _enrol(database, "rasa")
    assert _due(database, NOON) == ["rasa"]
    _enrol(database, "sobh", "rasa", now=NOON + MINUTE)
    assert _due(database, NOON + MINUTE) == ["rasa", "sobh"]


def test_enrolling_none_stops_every_visit(database: Database) -> None:
    _enrol(database, "sobh")
    _enrol(database)
    assert _due(database, NOON) == []


def test_the_longest_waiting_outlet_comes_first(database: Database) -> None:
    _enrol(database, "alef")
    _enrol(database, "alef", "be", now=NOON - MINUTE)
    assert _due(database, NOON) == ["be", "alef"]


def test_one_of_many_that_claim_a_slot_gets_it(database: Database) -> None:
    _enrol(database, "sobh")
    slot = Slot(outlet_id="sobh", due_at=NOON)

    def try_claim(_: int) -> bool:
        with database.write() as connection:
            return claim(connection, slot, until=NOON + MINUTE)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(try_claim, range(16))).count(True) == 1
    assert _due(database, NOON) == []


def test_a_claim_that_leads_to_nothing_is_due_again(database: Database) -> None:
    _enrol(database, "sobh")
    with database.write() as connection:
        (slot,) = due_outlets(connection, NOON, 9)
        assert claim(connection, slot, until=NOON + MINUTE)
    with database.read() as connection:
        (again,) = due_outlets(connection, NOON + MINUTE, 9)
    assert again == Slot(outlet_id="sobh", due_at=NOON + MINUTE)
    assert again.name != slot.name


def test_a_slots_name_is_the_same_everywhere() -> None:
    slot = Slot(outlet_id="sobh", due_at=NOON + timedelta(microseconds=7))
    assert slot.name == "visit-sobh-20260321T120000.000007Z"


def test_a_visit_can_be_asked_for_by_hand(database: Database) -> None:
    _enrol(database, "sobh")
    with database.write() as connection:
        visit_at(connection, "sobh", NOON - MINUTE)
    assert _due(database, NOON - MINUTE) == ["sobh"]
    with pytest.raises(UnknownRecordError, match="«nobody»"), database.write() as connection:
        visit_at(connection, "nobody", NOON)


def test_a_state_is_kept_whole(database: Database) -> None:
    state = OutletState(
        outlet_id="sobh",
        next_visit_at=NOON + MINUTE,
        interval=timedelta(minutes=7, microseconds=500),
        health="blocked",
        health_since_at=NOON,
        health_reason=WHY,
        consecutive_failures=3,
        last_visit_at=NOON,
        first_success_at=NOON - 9 * MINUTE,
        last_success_at=NOON - 5 * MINUTE,
        last_new_at=NOON - 6 * MINUTE,
    )
    with database.write() as connection:
        save_state(connection, state)
        save_state(connection, state)
    with database.read() as connection:
        assert get_state(connection, "sobh") == state
        assert all_states(connection) == (state,)
        assert len(health_changes_since(connection, NOON)) == 1
        with pytest.raises(UnknownRecordError, match="nobody"):
            get_state(connection, "nobody")


def test_each_change_of_health_is_one_event_and_no_change_is_none(database: Database) -> None:
    _enrol(database, "sobh", "rasa")
    with database.write() as connection:
        state = get_state(connection, "sobh")
        healthy = replace(state, health="healthy", health_since_at=NOON + MINUTE)
        save_state(connection, healthy)
        save_state(connection, replace(healthy, last_visit_at=NOON + 2 * MINUTE))
        blocked = replace(
            healthy, health="blocked", health_since_at=NOON + 3 * MINUTE, health_reason=WHY
        )
        save_state(connection, blocked)
    with database.read() as connection:
        changes = health_changes_since(connection, NOON, outlet_id="sobh")
        assert health_changes_since(connection, NOON, outlet_id="rasa") == ()
        assert health_changes_since(connection, NOON + 2 * MINUTE) == changes[1:]
    assert [(one.before, one.after, one.reason) for one in changes] == [
        ("new", "healthy", None),
        ("healthy", "blocked", WHY),
    ]
