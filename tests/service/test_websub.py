"""Hubs tell of news: a real hub and the real daemon on loopback, and every way to be refused."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from crawler.outlets import Interval
from service import websub
from service.daemon import at_work
from service.house import House, reaching
from service.settings import WebSettings
from service.web.app import create_app
from service.web.server import serving, take_address
from storage import hubs, outlet_states
from storage.articles import latest_articles
from storage.hubs import HubState, HubSubscription
from storage.outlet_states import get_state
from tests.service.conftest import Command, Played, visit_all
from tests.service.hubs import A_DAY, A_MINUTE, OUTLET, PUBLIC, at, offered, reachable


@asynccontextmanager
async def pages_of(house: House) -> AsyncIterator[tuple[House, httpx.AsyncClient]]:
    """The house serving its callbacks at the public address it names."""
    with closing(take_address(WebSettings(port=0))) as taken:
        known = reachable(house, f"http://127.0.0.1:{taken.getsockname()[1]}")
        async with (
            serving(create_app(known), taken) as url,
            httpx.AsyncClient(base_url=url) as web,
        ):
            yield known, web


async def until(true: Any, *, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(true):
            await asyncio.sleep(0.05)


async def subscribed(house: House, played: Played) -> HubSubscription:
    """Ask the hubs that are due, and wait until the demo's hub has asked back."""
    async with reaching(house) as reach:
        await websub.tend(house, reach)
    await asyncio.to_thread(played.setup.press.hub.settle)
    return offered(house)


def test_an_article_is_archived_within_seconds_of_its_hub_telling_of_it(fresh: Played) -> None:
    """Without the hub the outlet would be visited tomorrow: its next visit is moved there."""
    press = fresh.setup.press

    def state() -> HubState | None:
        with fresh.house.database.read() as connection:
            found = hubs.all_hubs(connection, outlet_id=OUTLET).values()
        return next((one.state for one in found), None)

    def archived() -> bool:
        with fresh.house.database.read() as connection:
            visits = get_state(connection, OUTLET).last_visit_at
            found = latest_articles(connection, limit=50, outlet_id=OUTLET)
        has_news = {one.article.url for one in found} >= {
            post.url for post in press.posts if post.piece.outlet_id == OUTLET
        }
        return has_news and visits is not None and visits > told_at[0]

    told_at: list[datetime] = []

    async def scenario() -> None:
        slow = {
            outlet.id: replace(outlet, interval=Interval(min_minutes=0.02, max_minutes=10_000))
            for outlet in fresh.house.outlets.values()
            if outlet.id == OUTLET
        }
        async with (
            pages_of(replace(fresh.house, outlets=slow)) as (house, _),
            at_work(house, lambda _report: None, drain_seconds=5),
        ):
            await until(lambda: state() is HubState.ACTIVE)
            with house.database.write() as connection:
                outlet_states.visit_at(connection, OUTLET, house.clock() + A_DAY)
            told_at.append(house.clock())
            await asyncio.to_thread(press.advance)
            await until(archived, seconds=15)

    asyncio.run(scenario())
    one = offered(fresh.house)
    assert (one.told, one.unsigned) == (1, 0)
    assert one.lease_ends_at is not None
    with fresh.house.database.read() as connection:
        next_at = get_state(connection, OUTLET).next_visit_at
    assert next_at is not None
    assert next_at < told_at[0] + A_DAY, "polling goes on"


def test_a_hub_is_only_noted_while_nobody_could_reach_us(fresh: Played) -> None:
    asyncio.run(visit_all(fresh.house))

    async def scenario() -> int:
        async with reaching(fresh.house) as reach:
            return await websub.tend(fresh.house, reach)

    assert asyncio.run(scenario()) == 0
    one = offered(fresh.house)
    assert (one.state, one.token) == (HubState.OFFERED, None)
    assert one.hub.endswith("/hub")
    assert one.topic == one.way_url
    assert fresh.setup.press.hub.asked == []


def test_hubs_are_left_alone_when_websub_is_switched_off(fresh: Played) -> None:
    house = reachable(fresh.house, PUBLIC, websub=False)
    asyncio.run(visit_all(house))
    with house.database.read() as connection:
        assert hubs.all_hubs(connection) == {}


def test_a_lease_is_renewed_before_it_ends_and_an_unanswered_one_asked_again(
    fresh: Played,
) -> None:
    hub = fresh.setup.press.hub
    asyncio.run(visit_all(fresh.house))

    async def scenario() -> None:
        async with pages_of(fresh.house) as (house, _):
            first = await subscribed(house, fresh)
            assert first.state is HubState.ACTIVE
            assert first.lease_ends_at is not None
            assert first.due_at is not None
            assert first.due_at < first.lease_ends_at
            asked = len(hub.asked)
            hub.is_mute = True
            again = await subscribed(at(house, first.due_at + A_MINUTE), fresh)
            assert len(hub.asked) == asked * 2
            assert (again.state, again.attempts) == (HubState.ACTIVE, 1)
            assert again.token == first.token
            assert again.due_at is not None
            lapsed = await subscribed(at(house, first.lease_ends_at + A_DAY), fresh)
            assert (lapsed.state, lapsed.attempts) == (HubState.ASKED, 2)
            hub.is_mute = False
            assert lapsed.due_at is not None
            renewed = await subscribed(at(house, lapsed.due_at + A_MINUTE), fresh)
            assert (renewed.state, renewed.attempts, renewed.token) == (
                HubState.ACTIVE,
                0,
                first.token,
            )

    asyncio.run(scenario())


def test_a_hub_that_denies_is_not_asked_again_for_a_day(fresh: Played) -> None:
    hub = fresh.setup.press.hub
    hub.denies = True
    asyncio.run(visit_all(fresh.house))

    async def scenario() -> None:
        async with pages_of(fresh.house) as (house, _):
            one = await subscribed(house, fresh)
            assert one.state is HubState.DENIED
            assert "not for you" in (one.detail or "")
            asked = len(hub.asked)
            await subscribed(at(house, house.clock() + timedelta(hours=23)), fresh)
            assert len(hub.asked) == asked
            hub.denies = False
            later = at(house, house.clock() + timedelta(hours=25))
            await subscribed(later, fresh)
            assert len(hub.asked) == asked * 2

    asyncio.run(scenario())


def test_an_outlet_that_left_the_catalogue_is_unsubscribed(fresh: Played) -> None:
    hub = fresh.setup.press.hub
    asyncio.run(visit_all(fresh.house))

    async def scenario() -> None:
        async with pages_of(fresh.house) as (house, _):
            await subscribed(house, fresh)
            assert len(hub.subscribers) == 2
            others = {key: one for key, one in house.outlets.items() if key != OUTLET}
            less = replace(house, outlets=others)
            websub.review(less)
            websub.review(less)
            async with reaching(less) as reach:
                await websub.tend(less, reach)

            # the app still serves the whole house, as before the restart
            await asyncio.to_thread(hub.settle)
            assert len(hub.subscribers) == 1
            with house.database.read() as connection:
                assert hubs.all_hubs(connection, outlet_id=OUTLET) == {}

    asyncio.run(scenario())


def test_a_hub_that_does_not_let_go_is_left_to_its_lease(fresh: Played) -> None:
    hub = fresh.setup.press.hub
    asyncio.run(visit_all(fresh.house))

    async def scenario() -> None:
        async with pages_of(fresh.house) as (house, _):
            await subscribed(house, fresh)
            hub.is_mute = True
            off = reachable(house, house.settings.public_url, websub=False)
            websub.review(off)
            for hours in range(1, 6):
                async with reaching(off) as reach:
                    await websub.tend(at(off, house.clock() + timedelta(hours=hours)), reach)
            with house.database.read() as connection:
                assert hubs.all_hubs(connection) == {}
            asked = [form["hub.mode"] for form in hub.asked]
            assert asked.count("unsubscribe") == 6

    asyncio.run(scenario())


def test_another_public_address_makes_new_callbacks(fresh: Played) -> None:
    asyncio.run(visit_all(fresh.house))

    async def scenario() -> None:
        async with pages_of(fresh.house) as (house, _):
            first = await subscribed(house, fresh)
            websub.review(house)
            assert offered(house) == first
            websub.review(reachable(house, "https://rasad.example.ir"))
            again = offered(house)
            assert (again.state, again.callback, again.secret) == (HubState.OFFERED, None, None)

    asyncio.run(scenario())


def test_a_hub_that_refuses_is_told_in_words_and_asked_again_later(fresh: Played) -> None:
    asyncio.run(visit_all(fresh.house))
    seen = offered(fresh.house)
    with fresh.house.database.write() as connection:
        gone = replace(seen, hub=seen.hub.replace("/hub", ":0/") + "x")
        hubs.keep_offer(connection, gone, now=fresh.house.clock())
    house = reachable(fresh.house, PUBLIC)
    one = asyncio.run(subscribed(house, fresh))
    assert one.state is HubState.ASKED
    assert "hub" in (one.detail or "")
    assert one.due_at is not None
    assert one.due_at > house.clock()


def test_every_callback_is_another_and_cannot_be_guessed(fresh: Played) -> None:
    house = reachable(fresh.house, PUBLIC)
    one = HubSubscription(outlet_id=OUTLET, way_url="w", hub="https://h.example/", topic="t")
    steps = [websub.next_step(one, base=PUBLIC + "/", now=house.clock()) for _ in range(50)]
    tokens = {step.token for step in steps if step is not None}
    assert len(tokens) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token or "") for token in tokens)
    assert all(len(step.secret or "") == 64 for step in steps if step is not None)


def test_a_hub_on_plain_http_is_given_no_secret_and_believed_by_its_callback(
    fresh: Played,
) -> None:
    house = reachable(fresh.house, PUBLIC)
    asyncio.run(visit_all(house))
    kept = offered(house)
    with house.database.write() as connection:
        in_the_open = replace(kept, hub="http://hub.example/", secret="told before")
        step = websub.next_step(in_the_open, base=PUBLIC + "/", now=house.clock())
        assert step is not None
        assert (len(step.token or ""), step.secret) == (43, None)
        hubs.change_hub(connection, kept, replace(step, hub=kept.hub))
    assert websub.hear(house, step.token or "", signature=None, body=b"x")
    told = offered(house)
    assert (told.told, told.unsigned) == (1, 0)


@pytest.fixture
def rasad(fresh: Played, command: Command) -> Command:
    """Run `rasad` on an installation where nothing was visited yet."""
    return partial(command, settings=fresh.settings_file)


def test_ways_in_and_hubs_are_shown_on_the_page_the_command_line_and_the_api(
    fresh: Played, rasad: Command
) -> None:
    house = reachable(fresh.house, PUBLIC)
    asyncio.run(visit_all(house))
    kept = offered(house)
    with house.database.write() as connection:
        active = replace(
            kept,
            state=HubState.ACTIVE,
            token="t" * 43,
            secret="hush-hush",
            lease_ends_at=house.clock() + A_DAY,
        )
        hubs.change_hub(connection, kept, active)
        hubs.note_told(connection, active, now=house.clock())

    async def scenario() -> tuple[str, list[dict[str, Any]]]:
        transport = httpx.ASGITransport(app=create_app(house))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as web:
            page = await web.get(f"/outlets/{OUTLET}", params={"lang": "en"})
            return page.text, (await web.get("/api/v1/outlets")).json()

    page, outlets = asyncio.run(scenario())
    assert "tells of news" in page
    assert kept.way_url in page
    (shown,) = (one for one in outlets if one["id"] == OUTLET)
    (way,) = shown["ways_in"]
    assert (way["kind"], way["hub"]["state"], way["hub"]["told"]) == ("feed", "active", 1)
    told = rasad("outlets", "show", OUTLET)[1]
    assert "active: " + kept.hub in told
    assert "told 1 times" in told
    listed = rasad("outlets")[1]
    assert "feed, hub" in listed
    for text in (page, str(outlets), told, listed):
        assert "hush" not in text
        assert "t" * 43 not in text


def test_an_outlet_nobody_knows_cannot_be_shown(
    rasad: Command,
) -> None:
    code, _, told = rasad("outlets", "show", "nobody")
    assert code == 1
    assert "no outlet 'nobody'" in told
