"""The deep archives of the simulated press, walked back by the crawler."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.backfill import walk_back, ways_back
from crawler.fetch import Fetcher, FetchSettings
from crawler.outlets import Outlet, WayIn, load_outlets
from crawler.pacing import Pacing
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from service.demo.chronicle import KEEPERS
from service.demo.press import Press
from service.demo.report import address

DAYS = 60


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(now=datetime.now(UTC), archive_days=DAYS) as press:
        yield press


@pytest.fixture(scope="module")
def outlets(press: Press, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outlet]:
    folder = tmp_path_factory.mktemp("outlets")
    return load_outlets(press.outlet_directory(folder, pause_seconds=0))


async def found_in(outlet: Outlet, way: WayIn, since: datetime) -> set[str]:
    async with Fetcher(FetchSettings()) as fetcher:
        visitor = Visitor(outlet, fetcher, robots=RobotsCache(), pacing=Pacing())
        walk = walk_back(outlet, way, visitor, since=since.date(), now=fetcher.now())
        return {address(entry.canonical_url) async for step in walk for entry in step.entries}


@pytest.mark.parametrize("outlet_id", KEEPERS)
def test_the_most_complete_way_back_finds_everything_since_a_day(
    press: Press, outlets: dict[str, Outlet], outlet_id: str
) -> None:
    since = press.now - timedelta(days=40)
    outlet = outlets[outlet_id]
    found = asyncio.run(found_in(outlet, ways_back(outlet)[0], since))
    own = [post for post in press.posts if post.piece.outlet_id == outlet_id]
    wanted = [post for post in own if post.piece.published_at > since]
    assert len(wanted) > 10
    missed = [
        post.raw_url for post in wanted if not {address(post.url), address(post.short_url)} & found
    ]
    assert missed == []


def test_the_keepers_are_walked_by_four_kinds_of_way(outlets: dict[str, Outlet]) -> None:
    kinds = {ways_back(outlets[outlet_id])[0].kind for outlet_id in KEEPERS}
    assert len(kinds) == len(KEEPERS)
