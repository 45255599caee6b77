"""Asking a hub: over real sockets, guarded, bounded, and every refusal as a value."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qsl

from crawler.fetch import Fetcher, FetchSettings, Manner
from crawler.hubs import HubRequest, Mode, ask_hub
from crawler.page import Failure, FailureKind
from service.demo.http import Answer, Request, Response, http_protocol
from service.demo.loopback import ADDRESS, Loopback

HERE = Manner(allow_private=(f"{ADDRESS}/32",))


@contextmanager
def listening(answer: Answer) -> Iterator[str]:
    loopback = Loopback()
    loopback.start()
    try:
        yield f"http://{ADDRESS}:{loopback.listen(http_protocol(answer))}/hub"
    finally:
        loopback.stop()


def ask(
    hub: str,
    *,
    mode: Mode = Mode.SUBSCRIBE,
    manner: Manner = HERE,
    secret: str | None = "s" * 64,
) -> Failure | None:
    request = HubRequest(
        hub=hub,
        mode=mode,
        topic="https://nazir.example/feed/",
        callback="https://rasad.example/websub/t",
        secret=secret,
        lease=timedelta(days=10),
    )

    async def exchange() -> Failure | None:
        async with Fetcher(FetchSettings()) as fetcher:
            return await ask_hub(fetcher, request, manner)

    return asyncio.run(exchange())


def test_a_hub_is_told_everything_the_recommendation_asks_for() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(status=202)

    with listening(answer) as hub:
        assert ask(hub) is None
        assert ask(hub, mode=Mode.UNSUBSCRIBE) is None
    subscribing, leaving = (dict(parse_qsl(one.body.decode())) for one in seen)
    assert seen[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert subscribing == {
        "hub.mode": "subscribe",
        "hub.topic": "https://nazir.example/feed/",
        "hub.callback": "https://rasad.example/websub/t",
        "hub.lease_seconds": "864000",
        "hub.secret": "s" * 64,
    }
    assert leaving["hub.mode"] == "unsubscribe"
    assert "hub.secret" not in leaving


def test_a_hub_without_a_secret_is_asked_without_one() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(status=202)

    with listening(answer) as hub:
        assert ask(hub, secret=None) is None
    assert "hub.secret" not in dict(parse_qsl(seen[0].body.decode()))
    assert "hub.topic" in dict(parse_qsl(seen[0].body.decode()))


def test_a_secret_does_not_follow_a_hub_that_moved_to_plain_http() -> None:
    elsewhere = Response(status=307, headers={"Location": "http://hub.example/new"})
    with listening(lambda _: elsewhere) as hub:
        failure = ask(hub)
    assert failure is not None
    assert failure.kind is FailureKind.FORBIDDEN_ADDRESS
    assert "hub.example/new" in failure.detail


def test_a_hub_that_moved_is_followed() -> None:
    def answer(request: Request) -> Response:
        if request.path == "/hub":
            return Response(status=307, headers={"Location": "/new"})
        return Response(status=202 if request.body else 400)

    with listening(answer) as hub:
        assert ask(hub) is None


def test_hubs_that_send_in_circles_are_given_up() -> None:
    with listening(lambda _: Response(status=308, headers={"Location": "/hub"})) as hub:
        failure = ask(hub)
    assert failure is not None
    assert failure.kind is FailureKind.TOO_MANY_REDIRECTS


def test_a_redirect_that_would_lose_the_form_is_a_refusal() -> None:
    with listening(lambda _: Response(status=302, headers={"Location": "/hub"})) as hub:
        failure = ask(hub)
    assert failure is not None
    assert "302" in failure.detail


def test_a_refusal_says_what_the_hub_said_and_when_to_come_again() -> None:
    answer = Response(
        status=503, body="<b>امروز نه</b>".encode() * 500, headers={"Retry-After": "600"}
    )
    with listening(lambda _: answer) as hub:
        failure = ask(hub)
    assert failure is not None
    assert "503" in failure.detail
    assert "امروز نه" in failure.detail
    assert len(failure.detail) < 1200
    assert failure.retry_after == timedelta(minutes=10)


def test_a_hub_at_a_private_address_is_not_asked() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response(status=202)

    with listening(answer) as hub:
        failure = ask(hub, manner=Manner())
    assert failure is not None
    assert failure.kind is FailureKind.FORBIDDEN_ADDRESS
    assert asked == []


def test_a_hub_may_not_send_us_to_a_private_address() -> None:
    elsewhere = Response(status=307, headers={"Location": "http://10.0.0.1/hub"})
    with listening(lambda _: elsewhere) as hub:
        failure = ask(hub)
    assert failure is not None
    assert failure.kind is FailureKind.FORBIDDEN_ADDRESS


def test_a_hub_that_hangs_up_or_is_no_address_is_told() -> None:
    with listening(lambda _: Response(is_silent=True)) as hub:
        failure = ask(hub)
    assert failure is not None
    assert failure.kind is FailureKind.RESET
    nowhere = ask("ftp://hub.example/")
    assert nowhere is not None
    assert nowhere.kind is FailureKind.FORBIDDEN_ADDRESS
