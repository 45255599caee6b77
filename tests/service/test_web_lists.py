"""Every list that grows is shown page by page: nothing twice, nothing lost, ties included."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import String, cast, update

from crawler.diagnosis import Health
from service.house import House
from service.web import trends, views
from service.web.app import create_app
from service.web.words import Words
from storage.outlet_states import enrol
from storage.recipients import keep_recipient
from storage.rules import save_rule
from storage.schema.articles import articles
from storage.schema.visits import outlet_states
from storage.subscription import (
    Channel,
    NewRecipient,
    NewSubscription,
    Preferences,
    SubscriptionState,
)
from storage.subscriptions import add_subscription, mark_ended
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

NOW: Final = datetime(2026, 11, 23, 6, tzinfo=UTC)
ROW: Final = '<tr><th scope="row">'
_NEXT: Final = re.compile(r'rel="next" href="([^"]+)"')


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        yield house


def pages(web: Browser, path: str) -> list[str]:
    """Turn the pages of a list to its end."""
    shown = [web.get(path).text]
    while following := _NEXT.search(shown[-1]):
        shown.append(web.get(unescape(following[1])).text)
        assert len(shown) < 10
    return shown


def listed(web: Browser, path: str) -> list[str]:
    """Follow an API list by its links to the end; return the ids."""
    found, answer = [], web.get(path)
    while True:
        found += [one["id"] for one in answer.json()]
        if "link" not in answer.headers:
            return found
        answer = web.get(answer.headers["link"].partition(">")[0].lstrip("<"))


def subscribe_many(house: House, count: int) -> list[str]:
    """Subscribe people, three in every instant."""
    made = []
    with house.database.write() as connection:
        for number in range(count):
            at = NOW + timedelta(seconds=number // 3)
            new = NewRecipient(channel=Channel.EMAIL, address=f"reader-{number:03}@example.ir")
            recipient = keep_recipient(connection, new, now=at)
            wish = NewSubscription(
                id=f"sub_{number:03}x",
                recipient_id=recipient.id,
                state=SubscriptionState.ACTIVE,
                preferences=Preferences(rule_ids=("sme",)),
            )
            made.append(add_subscription(connection, wish, now=at).id)
    return made


class TestSubscriptions:
    def test_all_are_there_once_however_many_began_in_one_instant(self, own: House) -> None:
        made = subscribe_many(own, 230)
        shown = pages(Browser(create_app(own)), "/subscriptions")
        found = re.findall(r'/subscriptions/(sub_\d{3}x)"', "".join(shown))
        assert found == made
        assert [page.count(ROW) for page in shown][:2] == [100, 100]

    def test_they_are_narrowed_by_state_and_by_a_part_of_the_address(self, own: House) -> None:
        made = subscribe_many(own, 120)
        with own.database.write() as connection:
            mark_ended(connection, made[7], now=NOW)
        web = Browser(create_app(own))
        narrowed = web.get("/subscriptions?to=READER-00").text
        assert narrowed.count(ROW) == 10
        ended = web.get("/subscriptions?state=ended&to=reader").text
        assert ended.count(ROW) == 1
        assert "reader-007@example.ir" in ended
        assert "اشتراکی با این ویژگی" in web.get("/subscriptions?to=100%25").text
        assert web.get("/subscriptions?state=asleep").status_code == 422
        english = pages(web, "/subscriptions?state=active&to=reader&lang=en")
        assert [page.count(ROW) for page in english] == [100, 19]

    def test_an_act_leads_back_to_the_page_it_was_done_on(self, own: House) -> None:
        made = subscribe_many(own, 120)
        web = Browser(create_app(own))
        place = {"state": "active", "to": "reader", "after": made[99]}
        done = web.fill("/subscriptions", f"/subscriptions/{made[110]}", {"action": "end", **place})
        assert "reader-100@example.ir" in done.text
        assert "reader-099@example.ir" not in done.text
        assert "reader-110@example.ir" not in done.text


def many_outlets(house: House, count: int) -> House:
    """Return the house with so many outlets more, three of every name."""
    known = next(iter(house.outlets.values()))
    more = {
        f"town-{number:03}": replace(
            known, id=f"town-{number:03}", name=f"شهر {number // 3:03}", name_en=f"Town {number}"
        )
        for number in range(count)
    }
    with house.database.write() as connection:
        enrol(connection, more, now=NOW)
        connection.execute(
            update(outlet_states)
            .where(outlet_states.c.outlet_id == "town-042")
            .values(health=Health.DEAD.value)
        )
    return replace(house, outlets={**house.outlets, **more})


class TestOutlets:
    def test_outlets_of_one_name_are_neither_lost_nor_shown_twice(self, own: House) -> None:
        house = many_outlets(own, 230)
        shown = pages(Browser(create_app(house)), "/outlets")
        found = re.findall(r'<th scope="row"><a href="/outlets/([^"]+)"', "".join(shown))
        assert sorted(found) == sorted(house.outlets)
        assert [page.count(ROW) for page in shown][:2] == [100, 100]

    def test_they_are_narrowed_by_health_and_by_any_spelling_of_the_name(self, own: House) -> None:
        web = Browser(create_app(many_outlets(own, 120)))
        assert "town-042" in web.get("/outlets?health=dead").text
        assert "town-041" not in web.get("/outlets?health=dead").text
        for asked in ("شهر ٠١٤", "town 42", "TOWN-042"):
            assert "/outlets/town-042" in web.get("/outlets", params={"name": asked}).text
        assert "رسانه‌ای با این ویژگی" in web.get("/outlets?name=nowhere").text

    def test_programs_read_them_page_by_page_too(self, own: House) -> None:
        house = many_outlets(own, 120)
        web = Browser(create_app(house))
        assert sorted(listed(web, "/api/v1/outlets?limit=50")) == sorted(house.outlets)
        assert listed(web, "/api/v1/outlets?health=dead") == ["town-042"]
        assert web.get("/api/v1/outlets?cursor=nobody").status_code == 404
        assert web.get("/api/v1/outlets?health=fine").status_code == 422


class TestRules:
    def test_topics_and_rules_follow_one_another_to_the_last(self, own: House) -> None:
        with own.database.write() as connection:
            for number in range(230):
                save_rule(connection, f"rule-{number:03}", query="مس", now=NOW)
        web = Browser(create_app(own))
        known = [*own.rulebook.topics, *(f"rule-{number:03}" for number in range(230))]
        found = re.findall(r'<h2><a href="/topics/([^"]+)"', "".join(pages(web, "/topics")))
        assert [one for one in found if one in known] == known
        assert [one for one in listed(web, "/api/v1/rules?limit=3") if one in known] == known

    def test_of_many_versions_the_newest_are_shown(self, own: House) -> None:
        with own.database.write() as connection:
            for number in range(60):
                save_rule(connection, "often", query=f"مس{number}", now=NOW)
        page = Browser(create_app(own)).get("/topics/often").text
        assert '<li value="60">' in page
        assert '<li value="10">' not in page


class TestStories:
    def test_a_day_of_many_stories_goes_on_where_the_page_ended(self, own: House) -> None:
        every = [one.id for one in views.day(own, None).stories]
        assert len(every) > 7
        found: list[int] = []
        page = views.day(own, None, limit=7)
        while True:
            found += [one.id for one in page.stories]
            if page.last is None:
                break
            page = views.day(own, None, limit=7, after=page.last)
        assert found == every

    def test_the_page_of_the_day_begins_after_a_story(self, own: House) -> None:
        every = [one.id for one in views.day(own, None).stories]
        web = Browser(create_app(own))
        page = web.get("/", params={"after": every[2]}).text
        assert f'href="/stories/{every[2]}"' not in page
        assert f'href="/stories/{every[3]}"' in page
        assert web.get("/?after=999999").status_code == 404
        assert web.get("/?after=nonsense").status_code == 422


def test_a_table_of_the_trends_shows_the_greatest_and_how_many_there_are_more(own: House) -> None:
    with own.database.write() as connection:
        many = articles.c.outlet_id + cast(articles.c.id % 40, String)
        connection.execute(update(articles).values(outlet_id=many))
    outlets = trends.look(own, days=90, words=Words("en")).outlets
    assert len(outlets) > trends.ROWS
    page = Browser(create_app(own)).get("/trends?days=90&lang=en").text
    table = page.partition("Articles by outlet</h2>")[2].partition("</section>")[0]
    assert table.count(ROW) == trends.ROWS
    assert f"and {len(outlets) - trends.ROWS} more" in table


def test_a_form_that_only_asks_keeps_the_language(own: House) -> None:
    web = Browser(create_app(own))
    assert '<input type="hidden" name="lang" value="en">' in web.get("/deliveries?lang=en").text
    assert 'name="lang"' not in web.get("/deliveries").text
    english = replace(own, settings=own.settings.model_copy(update={"language": "en"}))
    page = Browser(create_app(english)).get("/deliveries?lang=fa").text
    assert '<input type="hidden" name="lang" value="fa">' in page
