import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from crawler.fetch import Fetcher
from crawler.page import Failure, FailureKind
from crawler.robots import RobotsCache
from tests.crawler.hostile import OPEN, Answer, Press, hang_up, in_turn

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


Scene = Callable[[Press, RobotsCache, Fetcher, Clock], Awaitable[object]]


def play(scene: Scene) -> object:
    async def run() -> object:
        clock = Clock()
        async with Press() as press, Fetcher(OPEN, clock=clock) as fetcher:
            return await scene(press, RobotsCache(clock=clock), fetcher, clock)

    return asyncio.run(run())


def refusal(robots: object, path: str = "/x") -> Failure | None:
    async def scene(press: Press, cache: RobotsCache, fetcher: Fetcher, clock: Clock) -> object:
        press.serve("/robots.txt", robots)  # type: ignore[arg-type]
        return await cache.refusal(press.url(path), fetcher)

    found = play(scene)
    assert found is None or isinstance(found, Failure)
    return found


RULES = """User-agent: *
Disallow: /fa/print/
Disallow: /*?s=
Allow: /fa/print/ok
Crawl-delay: 7

User-agent: Rasad
Disallow: /ajax/
"""


def test_the_rules_of_this_program_come_before_those_for_all() -> None:
    assert refusal(Answer(body=RULES), "/fa/print/5") is None
    found = refusal(Answer(body=RULES), "/ajax/1")
    assert found is not None
    assert found.kind is FailureKind.ROBOTS
    assert "robots.txt asks robots not to read" in found.detail


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/fa/print/5", False), ("/fa/print/ok", True), ("/a?s=1", False), ("/a", True)],
)
def test_the_longest_match_and_wildcards_decide(path: str, *, allowed: bool) -> None:
    general = RULES.split("User-agent: Rasad", maxsplit=1)[0]
    assert (refusal(Answer(body=general), path) is None) is allowed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_client_error_means_there_are_no_rules(status: int) -> None:
    assert refusal(Answer(status=status)) is None


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_error_means_not_now(status: int) -> None:
    found = refusal(Answer(status=status))
    assert found is not None
    assert (found.kind, found.status) == (FailureKind.ROBOTS, status)
    assert "nothing is read there for now" in found.detail
    assert found.requested_url.endswith("/x")


def test_an_unreachable_robots_file_gives_its_own_reason() -> None:
    found = refusal(hang_up())
    assert found is not None
    assert found.kind is FailureKind.RESET


def test_a_page_in_html_holds_no_rules() -> None:
    assert refusal(Answer(body="<html><body>not found</body></html>")) is None


def test_rules_are_kept_for_a_day_and_read_again_after_it() -> None:
    async def scene(press: Press, cache: RobotsCache, fetcher: Fetcher, clock: Clock) -> object:
        press.serve("/robots.txt", Answer(body=RULES))
        for hours in (0, 10, 13, 1, 1):
            clock.at += timedelta(hours=hours)
            await cache.refusal(press.url("/x"), fetcher)
        return press.paths()

    assert play(scene) == ["/robots.txt", "/robots.txt"]


def test_many_questions_at_once_read_the_file_once() -> None:
    async def scene(press: Press, cache: RobotsCache, fetcher: Fetcher, clock: Clock) -> object:
        press.serve("/robots.txt", Answer(body=RULES))
        await asyncio.gather(*(cache.refusal(press.url(f"/{i}"), fetcher) for i in range(9)))
        return press.paths()

    assert play(scene) == ["/robots.txt"]


def test_a_file_that_could_not_be_read_is_asked_for_again_within_the_hour() -> None:
    async def scene(press: Press, cache: RobotsCache, fetcher: Fetcher, clock: Clock) -> object:
        press.serve("/robots.txt", in_turn(Answer(status=503), Answer(body="")))
        first = await cache.refusal(press.url("/x"), fetcher)
        second = await cache.refusal(press.url("/x"), fetcher)
        clock.at += timedelta(minutes=31)
        third = await cache.refusal(press.url("/x"), fetcher)
        return first is not None, second is not None, third, len(press.seen)

    assert play(scene) == (True, True, None, 2)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("Crawl-delay: 7", 7), ("Crawl-delay: 99999", 300), ("", 0), ("Crawl-delay: soon", 0)],
)
def test_the_crawl_delay_is_read_and_bounded(text: str, seconds: int) -> None:
    async def scene(press: Press, cache: RobotsCache, fetcher: Fetcher, clock: Clock) -> object:
        press.serve("/robots.txt", Answer(body=f"User-agent: *\n{text}\n"))
        return (await cache.rules(press.url("/x"), fetcher)).delay()

    assert play(scene) == timedelta(seconds=seconds)
