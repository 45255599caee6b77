"""What a hub may say at our callback: challenges, denials, signed news, and nothing else."""

import asyncio
import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from service import websub
from service.house import House
from service.web.app import create_app
from storage import hubs, outlet_states
from storage.hubs import HubState, HubSubscription
from storage.outlet_states import get_state
from tests.service.conftest import Played
from tests.service.hubs import A_DAY, OUTLET, PUBLIC, at, offered, reachable


def _asked(house: House, **values: Any) -> HubSubscription:
    """A subscription as it stands right after its hub was asked."""
    now = house.clock()
    (way,) = house.outlet(OUTLET).ways_in
    one = HubSubscription(
        outlet_id=OUTLET,
        way_url=way.url,
        hub="https://hub.example/",
        topic=way.url,
        state=HubState.ASKED,
        token="t" * 43,
        callback=PUBLIC + websub.PATH + "t" * 43,
        secret="secret",
        asked_at=now,
        due_at=now + timedelta(minutes=1),
        attempts=1,
    )
    one = replace(one, **values)
    with house.database.write() as connection:
        hubs.keep_offer(connection, one, now=now)
        (kept,) = hubs.all_hubs(connection, outlet_id=OUTLET).values()
        hubs.change_hub(connection, kept, one)
    return one


@pytest.fixture
def callback(fresh: Played) -> tuple[House, Any]:
    """A house with one subscription asked for, and a client that plays its hub."""
    house = reachable(fresh.house, PUBLIC)
    _asked(house)

    def call(method: str, token: str = "t" * 43, **how: Any) -> httpx.Response:
        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(app=create_app(house))
            async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as web:
                return await web.request(method, websub.PATH + token, **how)

        return asyncio.run(exchange())

    return house, call


def question(house: House, **values: str) -> dict[str, str]:
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": offered(house).topic,
        "hub.challenge": "c-1",
        "hub.lease_seconds": "3600",
    }
    return asked | {f"hub.{name}": value for name, value in values.items()}


def test_a_challenge_of_ours_is_echoed_as_plain_text_also_when_it_is_repeated(
    callback: tuple[House, Any],
) -> None:
    house, call = callback
    for _ in range(2):
        response = call("GET", params=question(house, challenge="<b>é</b>"))
        assert (response.status_code, response.text) == (200, "<b>é</b>")
        assert response.headers["content-type"].startswith("text/plain")
        assert response.headers["x-content-type-options"] == "nosniff"
    one = offered(house)
    assert one.state is HubState.ACTIVE
    assert one.lease_ends_at is not None
    assert one.lease_ends_at - house.clock() < timedelta(hours=1)


@pytest.mark.parametrize(
    "values",
    [
        {"topic": "https://elsewhere.example/feed"},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 3000},
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(
    callback: tuple[House, Any], values: dict[str, str]
) -> None:
    house, call = callback
    before = offered(house)
    assert call("GET", params=question(house, **values)).status_code == 404
    assert offered(house) == before


@pytest.mark.parametrize("token", ["u" * 43, "é", "t" * 42, "t" * 200])
def test_a_token_nobody_has_is_not_found_and_news_for_it_is_gone(
    callback: tuple[House, Any], token: str
) -> None:
    house, call = callback
    assert call("GET", token, params=question(house)).status_code == 404
    assert call("POST", token, content=b"x").status_code == 410


def test_a_token_that_is_no_text_is_refused(callback: tuple[House, Any]) -> None:
    _, call = callback
    assert call("GET", "%00").status_code == 422
    assert call("POST", "%00", content=b"x").status_code == 422


def test_a_hub_that_asks_too_late_is_not_confirmed(callback: tuple[House, Any]) -> None:
    house, call = callback
    _asked(house, token="l" * 43, hub="https://l/", asked_at=house.clock() - timedelta(hours=2))
    assert call("GET", "l" * 43, params=question(house)).status_code == 404


def signed(body: bytes, secret: bytes = b"secret") -> dict[str, str]:
    return {"X-Hub-Signature": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}


def test_signed_news_is_taken_and_other_is_acknowledged_and_ignored(
    callback: tuple[House, Any],
) -> None:
    house, call = callback
    body = "<rss>خبر</rss>".encode()
    for headers in ({}, signed(body, b"wrong"), {"X-Hub-Signature": "sha256=00"}):
        assert call("POST", content=body, headers=headers).status_code == 202
    assert (offered(house).told, offered(house).unsigned) == (0, 3)
    assert call("POST", content=body, headers=signed(body)).status_code == 202
    one = offered(house)
    assert (one.told, one.unsigned) == (1, 3)
    assert one.told_at is not None


def test_news_larger_than_a_feed_may_be_is_refused(callback: tuple[House, Any]) -> None:
    house, call = callback
    body = b"x" * (house.settings.fetch.max_bytes + 1)
    assert call("POST", content=body, headers=signed(body)).status_code == 413
    assert offered(house).told == 0


def test_news_for_one_that_leaves_is_ignored(callback: tuple[House, Any]) -> None:
    house, call = callback
    with house.database.write() as connection:
        one = offered(house)
        hubs.withdraw_offer(connection, OUTLET, one.way_url, now=house.clock())
    assert call("POST", content=b"x", headers=signed(b"x")).status_code == 202
    assert offered(house).told == 0


def test_a_flood_of_news_brings_one_visit_and_none_before_its_time(
    callback: tuple[House, Any],
) -> None:
    house, _ = callback
    began_at = house.clock()
    with house.database.write() as connection:
        outlet_states.save_state(
            connection,
            outlet_states.OutletState(
                outlet_id=OUTLET,
                next_visit_at=began_at + A_DAY,
                health_since_at=began_at,
                last_visit_at=began_at,
            ),
        )
    moved = []
    for second in range(1, 60):
        now = at(house, began_at + timedelta(seconds=second / 10))
        assert websub.hear(now, "t" * 43, signature=signed(b"x")["X-Hub-Signature"], body=b"x")
        moved.append(websub.hasten(now))
    assert sum(moved) == 1
    with house.database.read() as connection:
        due_at = get_state(connection, OUTLET).next_visit_at
    assert due_at == began_at + house.outlet(OUTLET).interval.shortest
