"""An outlet is redesigned while it is watched: told within two visits, mended without a fetch."""

import asyncio
from dataclasses import replace

from crawler.outlets import load_outlets
from service.reparsing import reparse
from storage.articles import latest_articles
from storage.delivery import DeliveryKind
from storage.kept_pages import latest_kept
from storage.ledger import LedgerFilter, list_deliveries
from storage.outlet_states import get_state, health_changes_since
from storage.subscription import Preferences
from storage.subscriptions import change_preferences
from tests.service.conftest import Played, visit_all

OUTLET = "nazirkerman"


def test_a_redesign_is_told_within_two_visits_and_mended_from_kept_pages(fresh: Played) -> None:
    house, press = fresh.house, fresh.setup.press
    with house.database.write() as connection:
        watching = Preferences(rule_ids=(), watches_outlets=True)
        change_preferences(connection, "sub_demo_2", watching)
    asyncio.run(visit_all(house, suffix="1"))
    press.redesign(OUTLET)
    press.advance(2)
    began_at = house.clock()
    for turn in ("2", "3"):
        asyncio.run(visit_all(house, suffix=turn))
    with house.database.read() as connection:
        state = get_state(connection, OUTLET)
        changes = health_changes_since(connection, began_at, outlet_id=OUTLET)
        told = list_deliveries(connection, LedgerFilter(kind=DeliveryKind.OUTLET_HEALTH), limit=50)
        kept = latest_kept(connection, OUTLET, limit=100)
    assert state.health == "changed"
    assert "متن" in (state.health_reason or "")
    assert [change.after for change in changes] == ["changed"]
    assert len([one for one in told if f":{OUTLET}:broken:" in one.subject]) == 1
    assert kept

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
