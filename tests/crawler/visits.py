"""Plays visits: a press on loopback, a fetcher that is shut but for it, and a polite visitor."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from crawler.discover import Discovery, discover
from crawler.fetch import Fetcher, FetchSettings
from crawler.outlets import Outlet
from crawler.pacing import Pacing
from crawler.page import Validators
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from tests.crawler.hostile import Press
from tests.crawler.making import NOW, outlet

SHUT = FetchSettings(time_limit=timedelta(seconds=5))


def local(press: Press, **values: object) -> Outlet:
    plain: dict[str, object] = {
        "homepage": press.url("/"),
        "allow_private": ["127.0.0.1"],
        "politeness": {"pause_seconds": 0},
        "ways_in": [{"kind": "feed", "url": press.url("/feed/")}],
    }
    return outlet(**(plain | values))


def feed(press: Press, *titles: str) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{press.url(f'/{i}-x')}</link></item>"
        for i, title in enumerate(titles, 1)
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


Scene = Callable[[Press, Fetcher], Awaitable[object]]


def play(scene: Scene) -> object:
    async def run() -> object:
        async with Press() as press, Fetcher(SHUT) as fetcher:
            return await scene(press, fetcher)

    return asyncio.run(run())


def visitor(of: Outlet, fetcher: Fetcher, pacing: Pacing | None = None) -> Visitor:
    return Visitor(of, fetcher, robots=RobotsCache(), pacing=pacing or Pacing())


async def look(
    of: Outlet, fetcher: Fetcher, validators: dict[str, Validators] | None = None
) -> Discovery:
    return await discover(of, visitor(of, fetcher), validators or {}, NOW)
