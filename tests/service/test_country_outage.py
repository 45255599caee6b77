"""Most outlets fail at once: it is the country's network, and no outlet is blamed for it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from service.demo.cast import Trouble
from service.house import House
from storage.outlet_states import all_states
from tests.service.conftest import Played, visit_all


def _later(house: House, hours: float) -> House:
    at = house.clock() + timedelta(hours=hours)
    return replace(house, clock=lambda: at)


def _health(house: House) -> dict[str, str]:
    with house.database.read() as connection:
        return {state.outlet_id: state.health for state in all_states(connection)}


def test_no_outlet_is_blamed_for_an_outage_and_all_recover(fresh: Played) -> None:
    press = fresh.setup.press
    asyncio.run(visit_all(fresh.house, suffix="before"))
    before = _health(fresh.house)
    well = [one for one, health in before.items() if health == "healthy"]
    assert len(well) > 10
    for outlet_id in well:
        press.trouble(outlet_id, Trouble.DEAD)
    for turn in range(3):
        asyncio.run(visit_all(_later(fresh.house, 0.4 * (turn + 1)), suffix=f"out-{turn}"))
    blamed = [
        one for one, health in _health(fresh.house).items() if one in well and health != "healthy"
    ]
    assert blamed == []
    for outlet_id in well:
        press.trouble(outlet_id, Trouble.NONE)
    asyncio.run(visit_all(_later(fresh.house, 2), suffix="after"))
    after = _health(fresh.house)
    assert {after[one] for one in well} <= {"healthy", "quiet"}


def test_one_outlet_that_fails_alone_is_told(fresh: Played) -> None:
    asyncio.run(visit_all(fresh.house, suffix="before"))
    fresh.setup.press.trouble("nazirkerman", Trouble.DEAD)
    for turn in range(2):
        asyncio.run(visit_all(_later(fresh.house, 0.4 * (turn + 1)), suffix=f"out-{turn}"))
    assert _health(fresh.house)["nazirkerman"] == "unreachable"
