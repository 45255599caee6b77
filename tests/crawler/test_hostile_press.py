"""The hostile press: what one way in does is bounded and told, and the others lose nothing."""

import asyncio
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.discover import Discovery, discover
from crawler.fetch import Fetcher
from crawler.listing import MAX_LINKS
from crawler.outlets import Outlet
from crawler.pacing import Pacing
from crawler.page import FailureKind
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from tests.crawler.hostile import (
    OPEN,
    Answer,
    Behaviour,
    Press,
    Request,
    drip,
    endless_body,
    endless_redirects,
    gzip_bomb,
    hang_up,
)
from tests.crawler.making import NOW, outlet

QUICK = replace(OPEN, time_limit=timedelta(seconds=1), size_limit_bytes=3_000_000)
GOOD = (
    "<rss version='2.0'><channel>"
    "<item><title>یک</title><link>/good-1</link></item>"
    "<item><title>دو</title><link>/good-2</link></item></channel></rss>"
)
LOGIN = "<!DOCTYPE html><html><title>ورود</title><body>صفحه مورد نظر یافت نشد</body></html>"
GATE = "<html><script>var __arcsjs=1</script>Transferring to the website...</html>"


def links(count: int, *, session: str = "") -> str:
    return "".join(
        f"<article><h2><a href='/{n}/x{session}'>تیتر خبر شماره {n}</a></h2></article>"
        for n in range(1000, 1000 + count)
    )


def paper(press: Press, kind: str, path: str, **more: object) -> Outlet:
    hostile = {"kind": kind, "url": press.url(path), **more}
    return outlet(
        homepage=press.url("/"),
        politeness={"pause_seconds": 0},
        ways_in=[hostile, {"kind": "feed", "url": press.url("/good/")}],
    )


def visit(
    kind: str, answer: Answer | Behaviour, path: str = "/bad/", **more: object
) -> tuple[Discovery, int]:
    """Look at an outlet with one hostile way in and one good one; count the requests."""

    async def scene() -> tuple[Discovery, int]:
        async with Press() as press, Fetcher(QUICK, clock=lambda: NOW) as fetcher:
            press.serve("/robots.txt", Answer(status=404))
            press.serve("/good/", Answer(body=GOOD))
            press.serve("/on/*" if path.startswith("/on/") else "/bad/*", answer)
            of = paper(press, kind, path, **more)
            guest = Visitor(of, fetcher, robots=RobotsCache(), pacing=Pacing())
            return await discover(of, guest, {}, NOW), guest.requests

    return asyncio.run(scene())


CASES: dict[str, tuple[str, Callable[[], Answer | Behaviour], FailureKind]] = {
    "drip": ("feed", lambda: drip(b"<rss>" * 999, pause_seconds=0.05), FailureKind.TIMEOUT),
    "bomb": ("feed", lambda: gzip_bomb(500_000_000), FailureKind.TOO_LARGE),
    "endless": ("feed", endless_body, FailureKind.TOO_LARGE),
    "huge page": ("list", lambda: Answer(body=b"<p>" * 2_000_000), FailureKind.TOO_LARGE),
    "hang up": ("feed", hang_up, FailureKind.RESET),
    "login page": ("feed", lambda: Answer(body=LOGIN), FailureKind.NOT_A_FEED),
    "soft 404": ("list", lambda: Answer(body=LOGIN), FailureKind.NOTHING_FOUND),
    "challenge": ("list", lambda: Answer(body=GATE), FailureKind.CHALLENGE),
    "nested": ("feed", lambda: Answer(body="<rss>" + "<a>" * 300_000), FailureKind.BROKEN_FEED),
    "nested map": (
        "sitemap",
        lambda: Answer(body="<urlset>" + "<a>" * 300_000),
        FailureKind.BROKEN_SITEMAP,
    ),
    "brotli": (
        "feed",
        lambda: Answer(headers={"Content-Encoding": "br"}, body=b"\x8b\x02\x80"),
        FailureKind.BAD_ENCODING,
    ),
    "metadata": (
        "feed",
        lambda: Answer(status=302, headers={"Location": "http://169.254.169.254/"}),
        FailureKind.FORBIDDEN_ADDRESS,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_way_is_told_and_the_good_one_loses_nothing(name: str) -> None:
    kind, answer, expected = CASES[name]
    found, requests = visit(kind, answer())
    assert [failure.kind for failure in found.failures] == [expected]
    assert [entry.title for entry in found.entries] == ["یک", "دو"]
    assert requests == 3


def test_endless_redirects_are_told_and_the_good_way_loses_nothing() -> None:
    found, _ = visit("feed", endless_redirects(), path="/on/0")
    assert [failure.kind for failure in found.failures] == [FailureKind.TOO_MANY_REDIRECTS]
    assert len(found.entries) == 2


def test_fifty_thousand_links_are_cut_at_a_page_a_person_would_read() -> None:
    found, _ = visit("list", Answer(body=links(25_000)))
    assert len(found.entries) == MAX_LINKS + 2


def test_session_ids_make_no_new_articles() -> None:
    body = "".join(links(20, session=f"?PHPSESSID={session}") for session in ("a1", "b2", "c3"))
    found, _ = visit("list", Answer(body=body))
    assert len(found.entries) == 22


def calendar() -> Behaviour:
    """A page for every page number, each with news of its own and a link to the next."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        page = int(request.path.rsplit("=", 1)[1])
        body = f"<article><h2><a href='/{page + 5000}/x'>تیتر خبر تازهٔ دیگر</a></h2></article>"
        writer.write(Answer(body=f"{body}<a rel=next href='?p={page + 1}'>بعد</a>").wire())

    return behave


def test_a_calendar_without_end_is_left_after_the_pages_the_file_allows() -> None:
    found, requests = visit("list", calendar(), path="/bad/?p={page}", pages=4)
    assert requests == 1 + 4 + 1
    assert len(found.entries) == 4 + 2


def test_a_bomb_costs_little_memory() -> None:
    bomb = gzip_bomb(500_000_000)
    tracemalloc.start()
    try:
        visit("feed", bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000
