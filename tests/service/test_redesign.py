"""An outlet is redesigned under the running daemon: told in two visits, mended without a fetch."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crawler.diagnosis import Cause
from crawler.outlets import load_outlets
from service.condition import why
from service.daemon import at_work
from service.house import House
from service.reparsing import reparse
from storage.articles import latest_articles
from storage.kept_pages import latest_kept
from storage.outlet_states import OutletState, get_state, health_changes_since
from storage.subscription import Preferences
from storage.subscriptions import change_preferences
from storage.visits import Visit, recent_visits
from tests.service.conftest import Played

OUTLET = "nazirkerman"


def _visits(house: House) -> tuple[Visit, ...]:
    with house.database.read() as connection:
        visits = recent_visits(connection, limit=50, outlet_id=OUTLET)
    return tuple(one for one in visits if one.finished_at is not None)


def _state(house: House) -> OutletState:
    with house.database.read() as connection:
        return get_state(connection, OUTLET)


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(90):
        while not await asyncio.to_thread(true):
            await asyncio.sleep(0.1)


def _watched(fresh: Played) -> None:
    """Let the demo's webhook be told when an outlet breaks."""
    with fresh.house.database.write() as connection:
        watching = Preferences(rule_ids=(), watches_outlets=True)
        change_preferences(connection, "sub_demo_4", watching)


def _told(fresh: Played) -> list[str]:
    events = [event.data for event in fresh.setup.receiver.events]
    return [str(one) for one in events if OUTLET in str(one) and "broken" in str(one)]


async def _redesign_at_work(fresh: Played) -> tuple[datetime, int]:
    """Redesign the outlet after its first visit; return when, and after how many visits it told."""
    house, press = fresh.house, fresh.setup.press
    async with at_work(house, lambda _report: None, drain_seconds=5):
        await _until(lambda: any(visit.new for visit in _visits(house)))
        redesigned_at = house.clock()
        press.redesign(OUTLET)
        await asyncio.to_thread(press.advance, 2)
        await _until(lambda: _state(house).health == "changed")
        visits = sum(visit.started_at > redesigned_at for visit in _visits(house))
        await _until(lambda: bool(_told(fresh)))
    return redesigned_at, visits


def test_a_redesign_is_told_within_two_visits_and_mended_from_kept_pages(fresh: Played) -> None:
    house, press = fresh.house, fresh.setup.press
    _watched(fresh)
    redesigned_at, visits = asyncio.run(_redesign_at_work(fresh))
    assert visits <= 2
    state = _state(house)
    assert state.health_reason is not None
    assert state.health_reason.cause is Cause.FIELDS_MISSING
    assert "body" in state.health_reason.fields
    assert "متن" in why(state, language="fa", now=house.clock())
    assert len(_told(fresh)) == 1
    with house.database.read() as connection:
        changes = health_changes_since(connection, redesigned_at, outlet_id=OUTLET)
        assert latest_kept(connection, OUTLET, limit=100)
    assert [change.after for change in changes] == ["changed"]

    press.outlet_directory(fresh.setup.folder / "outlets", knows_redesign=True)
    mended = replace(house, outlets=load_outlets(fresh.setup.folder / "outlets"))
    store = house.pages
    assert store is not None
    asked = len(press.asked)
    (*_, last) = reparse(mended, store, mended.outlet(OUTLET))
    assert last.failed == 0
    assert len(press.asked) == asked
    with house.database.read() as connection:
        articles = latest_articles(connection, limit=100, outlet_id=OUTLET)
    assert articles
    assert [one.article.url for one in articles if one.article.missing] == []
