"""The hostile outlets, and the crawler's bounds that they run into."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from crawler.article import Article, Trust
from crawler.discover import Discovery, discover
from crawler.extract import extract
from crawler.fetch import Fetcher, FetchSettings
from crawler.outlets import Outlet, load_outlets
from crawler.pacing import Pacing
from crawler.page import Failure, FailureKind, Fetched, Page
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from service.demo.families import Posted
from service.demo.mischief import MANY_LINKS, MOST_EDITS
from service.demo.press import Press

LIMITS = FetchSettings(size_limit_bytes=1024 * 1024, time_limit=timedelta(seconds=20))
HASTY = FetchSettings(time_limit=timedelta(seconds=1))


@pytest.fixture
def press() -> Iterator[Press]:
    with Press(now=datetime.now(UTC), hostile=True) as press:
        yield press


@pytest.fixture
def outlets(press: Press, tmp_path: Path) -> dict[str, Outlet]:
    return load_outlets(press.outlet_directory(tmp_path, pause_seconds=0))


def posts(press: Press, outlet_id: str) -> list[Posted]:
    return [post for post in press.posts if post.piece.outlet_id == outlet_id]


def fetched(outlet: Outlet, url: str, settings: FetchSettings = LIMITS) -> Fetched:
    async def fetch() -> Fetched:
        async with Fetcher(settings) as fetcher:
            visitor = Visitor(outlet, fetcher, robots=RobotsCache(), pacing=Pacing())
            return await visitor.fetch(url)

    return asyncio.run(fetch())


def discovered(outlet: Outlet) -> tuple[Discovery, int]:
    async def look() -> tuple[Discovery, int]:
        async with Fetcher(LIMITS) as fetcher:
            visitor = Visitor(outlet, fetcher, robots=RobotsCache(), pacing=Pacing())
            return await discover(outlet, visitor, {}, fetcher.now()), visitor.requests

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("outlet_id", "settings", "kind"),
    [
        ("drip", HASTY, FailureKind.TIMEOUT),
        ("bomb", LIMITS, FailureKind.TOO_LARGE),
        ("huge", LIMITS, FailureKind.TOO_LARGE),
        ("redirects", LIMITS, FailureKind.TOO_MANY_REDIRECTS),
    ],
)
def test_a_page_without_end_is_given_up_within_bounds(
    press: Press,
    outlets: dict[str, Outlet],
    outlet_id: str,
    settings: FetchSettings,
    kind: FailureKind,
) -> None:
    (post,) = posts(press, outlet_id)
    answer = fetched(outlets[outlet_id], post.url, settings)
    assert isinstance(answer, Failure)
    assert answer.kind is kind
    found, _ = discovered(outlets[outlet_id])
    assert len(found.entries) == 1


def test_the_bomb_is_small_on_the_wire(press: Press) -> None:
    (post,) = posts(press, "bomb")
    with httpx.stream("GET", post.url) as answer:
        assert int(answer.headers["Content-Length"]) < 200_000


def test_a_removed_article_that_says_so_with_status_200_is_no_article(
    press: Press, outlets: dict[str, Outlet]
) -> None:
    (post,) = posts(press, "soft-404")
    page = fetched(outlets["soft-404"], post.url)
    assert isinstance(page, Page)
    read = extract(page, outlets["soft-404"], entry=None, now=datetime.now(UTC))
    assert isinstance(read, Failure)
    assert read.kind is FailureKind.NOT_AN_ARTICLE


def test_session_ids_do_not_make_new_articles(outlets: dict[str, Outlet]) -> None:
    (first,) = discovered(outlets["sessions"])[0].entries
    (again,) = discovered(outlets["sessions"])[0].entries
    assert first.url != again.url
    assert first.canonical_url == again.canonical_url


def test_stories_that_share_an_id_are_found_all_the_same(
    press: Press, outlets: dict[str, Outlet]
) -> None:
    found, _ = discovered(outlets["repeated-ids"])
    assert len(found.entries) == len(posts(press, "repeated-ids")) == 2


def test_a_clock_ahead_of_ours_is_not_believed_and_the_article_is_read(
    press: Press, outlets: dict[str, Outlet]
) -> None:
    outlet = outlets["clock-ahead"]
    (entry,) = discovered(outlet)[0].entries
    assert entry.published is not None
    assert entry.published.trust is Trust.DOUBTFUL
    page = fetched(outlet, entry.url)
    assert isinstance(page, Page)
    article = extract(page, outlet, entry=entry, now=datetime.now(UTC))
    assert isinstance(article, Article)
    assert article.title == posts(press, "clock-ahead")[0].piece.title


def test_an_article_is_edited_thirty_times_and_then_rests(press: Press) -> None:
    (post,) = posts(press, "edits")
    with httpx.Client() as client:
        versions = [client.get(post.url).text for _ in range(MOST_EDITS + 5)]
    assert len(set(versions)) == MOST_EDITS + 1


def test_the_feed_of_an_edited_article_tells_of_each_edit(press: Press) -> None:
    feed = press.origin("edits") + "/rss"
    assert httpx.get(feed).text != httpx.get(feed).text


def test_fifty_thousand_links_hide_no_article_and_cost_no_request(
    press: Press, outlets: dict[str, Outlet]
) -> None:
    assert httpx.get(press.origin("many-links") + "/").text.count("<a ") > MANY_LINKS
    found, requests = discovered(outlets["many-links"])
    (post,) = posts(press, "many-links")
    assert post.piece.title in {entry.title for entry in found.entries}
    assert len(found.entries) <= 1_000
    assert requests <= 5


def test_an_archive_without_end_is_not_walked_to_its_end(outlets: dict[str, Outlet]) -> None:
    found, requests = discovered(outlets["calendar"])
    assert len(found.entries) == 1
    assert requests <= 5


def test_nothing_is_expected_of_hostile_outlets(press: Press) -> None:
    with Press(now=press.now) as friendly:
        count = len(friendly.expected({}).articles)
    assert len(press.expected({}).articles) == count
