"""The walk on the simulated press: once, again, and through its second act."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from service.demo.report import compare
from service.demo.watch import delivered, observe
from service.digests import make_digests
from service.web import views
from storage.articles import count_articles
from storage.delivery import DeliveryKind, DeliveryState
from storage.kept_pages import latest_kept
from storage.ledger import LedgerFilter, count_by_state, list_deliveries
from storage.outlet_states import get_state
from storage.recipients import find_recipient
from storage.subscription import Preferences, Rhythm
from storage.subscriptions import change_preferences, find_subscription
from tests.service.conftest import Played, send_all, visit_all


def test_every_outlet_gets_its_turn_and_says_what_came_of_it(played: Played) -> None:
    assert played.reports["nazirkerman"].new > 5
    assert played.reports["nazirkerman"].failure is None
    broken = played.reports["rafsanjanemrooz"]
    assert broken.new > 0
    assert "broken XML" in (broken.failure or "")


@pytest.mark.parametrize(
    ("outlet_id", "words"),
    [("sabanews", "challenge page"), ("peykebam", "HTML page"), ("neginkavir", "refuses")],
)
def test_an_outlet_that_cannot_be_read_says_why(played: Played, outlet_id: str, words: str) -> None:
    assert words in (played.reports[outlet_id].failure or "")


def test_what_must_happen_happened_and_nothing_else(played: Played) -> None:
    expected = played.setup.press.expected(played.setup.subscriptions)
    seen = observe(played.house, played.setup.inbox, played.setup.receiver)
    assert compare(expected, seen).misses == ()


def test_the_repost_of_arman_is_one_story_with_the_press_office_behind_it(played: Played) -> None:
    view = views.story(played.house, played.story_titled("سر سفره مس"))
    assert [one.outlet_id for one in view.tellers] == ["nazirkerman", "armanekerman"]
    assert view.origin is not None
    assert "استانداری کرمان" in view.origin
    words = {match.rule_id: set(match.verdict["words"]) for match in view.topics}
    assert {"copper", "sme"} <= words.keys()
    assert any("کاتد" in word for word in words["copper"])


def test_each_page_is_kept_as_it_came(played: Played) -> None:
    store = played.house.pages
    assert store is not None
    with played.house.database.read() as connection:
        kept = latest_kept(connection, "nazirkerman", limit=100)
    assert len(kept) == played.reports["nazirkerman"].new
    assert "نذیر کرمان" in store.read(kept[0].place).body.decode()


def test_a_second_visit_finds_nothing_new_and_owes_nothing(fresh: Played) -> None:
    asyncio.run(visit_all(fresh.house))
    with fresh.house.database.read() as connection:
        before = (count_articles(connection), count_by_state(connection))
    again = asyncio.run(visit_all(fresh.house, suffix="2"))
    with fresh.house.database.read() as connection:
        after = (count_articles(connection), count_by_state(connection))
    assert before == after
    assert sum(report.new + report.revised for report in again.values()) == 0


def test_the_second_act_revises_reroots_and_tells_updates_once(fresh: Played) -> None:
    house = fresh.house
    asyncio.run(visit_all(house))
    asyncio.run(send_all(house))
    fresh.setup.advance()
    asyncio.run(visit_all(house, suffix="2"))
    asyncio.run(send_all(house))
    expected = fresh.setup.press.expected(fresh.setup.subscriptions)
    seen = observe(house, fresh.setup.inbox, fresh.setup.receiver)
    assert compare(expected, seen).misses == ()
    with house.database.read() as connection:
        updates = list_deliveries(connection, LedgerFilter(kind=DeliveryKind.UPDATE), limit=100)
        corrections = list_deliveries(
            connection, LedgerFilter(kind=DeliveryKind.CORRECTION), limit=100
        )
    assert updates
    assert {one.state for one in updates} == {DeliveryState.SENT}
    assert corrections
    assert {one.state for one in corrections} == {DeliveryState.HELD}
    arrived = delivered(fresh.setup.inbox, fresh.setup.receiver)
    assert {one.id for one in updates} <= arrived


def test_a_daily_digest_tells_what_waited_in_one_message(fresh: Played) -> None:
    house = fresh.house
    with house.database.write() as connection:
        standing = find_subscription(connection, "sub_demo_1")
        assert standing is not None
        wanted = Preferences(rule_ids=("sme",), rhythm=Rhythm.HOURLY)
        change_preferences(connection, standing.id, wanted)
    asyncio.run(visit_all(house))
    asyncio.run(send_all(house))
    assert not [one for one in fresh.setup.inbox.messages if one.recipient == "chamber@example.ir"]
    later_at = house.clock() + timedelta(hours=2)
    later = replace(house, clock=lambda: later_at)
    made = make_digests(later)
    asyncio.run(send_all(later))
    with house.database.read() as connection:
        digests = [
            one
            for one in list_deliveries(connection, LedgerFilter(kind=DeliveryKind.DIGEST), limit=9)
            if (found := find_recipient(connection, one.recipient_id))
            and found.address == "chamber@example.ir"
        ]
    assert len(digests) == 1
    assert digests[0].id in made
    mails = [one for one in fresh.setup.inbox.messages if one.recipient == "chamber@example.ir"]
    assert len(mails) == 1
    assert make_digests(later) == ()


def test_a_watcher_of_outlets_hears_once_that_one_is_blocked(fresh: Played) -> None:
    house = fresh.house
    wanted = Preferences(rule_ids=(), watches_outlets=True)
    with house.database.write() as connection:
        change_preferences(connection, "sub_demo_2", wanted)
    for turn in ("1", "2"):
        asyncio.run(visit_all(house, suffix=turn))
    with house.database.read() as connection:
        told = list_deliveries(connection, LedgerFilter(kind=DeliveryKind.OUTLET_HEALTH), limit=20)
    assert len([one for one in told if ":sabanews:blocked:" in one.subject]) == 1
    assert len({one.subject for one in told}) == len(told)


def test_health_and_the_next_visit_stand_in_the_archive_after_a_visit(played: Played) -> None:
    with played.house.database.read() as connection:
        good = get_state(connection, "nazirkerman")
        blocked = get_state(connection, "sabanews")
    assert good.health == "healthy"
    assert good.next_visit_at is not None
    assert good.last_visit_at is not None
    assert good.next_visit_at > good.last_visit_at
    assert blocked.health == "blocked"
    assert blocked.consecutive_failures == 1
