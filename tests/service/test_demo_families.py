"""Every page of the simulated press, read by the crawler through its family's profile."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.article import Article, BlockKind
from crawler.discover import Discovery, discover
from crawler.entry import Entry
from crawler.extract import extract
from crawler.fetch import Fetcher, FetchSettings
from crawler.outlets import Outlet, load_outlets
from crawler.pacing import Pacing
from crawler.page import FailureKind, Page
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from service.demo.cast import load_cast
from service.demo.expected import readable_posts
from service.demo.families import Posted
from service.demo.press import Press
from service.demo.report import address
from service.demo.traffic import Asked, overlaps

OUTLETS = sorted(member.id for member in load_cast())
READABLE = [
    outlet_id for outlet_id in OUTLETS if outlet_id not in {"peykebam", "sabanews", "neginkavir"}
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a first visit of every outlet brought home."""

    posts: tuple[Posted, ...]
    asked: tuple[Asked, ...]
    discoveries: dict[str, Discovery]
    articles: dict[str, tuple[Entry, Article]]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    with Press(now=datetime.now(UTC), act=2) as press:
        folder = press.outlet_directory(tmp_path_factory.mktemp("outlets"), pause_seconds=0)
        return asyncio.run(visit_all(press, folder))


async def visit_all(press: Press, folder: Path) -> Walk:
    discoveries: dict[str, Discovery] = {}
    articles: dict[str, tuple[Entry, Article]] = {}
    async with Fetcher(FetchSettings()) as fetcher:
        robots, pacing = RobotsCache(), Pacing()

        async def visit(outlet: Outlet) -> None:
            visitor = Visitor(outlet, fetcher, robots=robots, pacing=pacing)
            found = await discover(outlet, visitor, {}, fetcher.now())
            discoveries[outlet.id] = found
            for entry in found.entries:
                page = await visitor.fetch(entry.url)
                assert isinstance(page, Page), page
                article = extract(page, outlet, entry=entry, now=fetcher.now())
                assert isinstance(article, Article), article
                articles[address(article.canonical_url)] = (entry, article)

        await asyncio.gather(*(visit(outlet) for outlet in load_outlets(folder).values()))
    return Walk(
        posts=readable_posts(press.cast, press.posts),
        asked=press.asked,
        discoveries=discoveries,
        articles=articles,
    )


def of(walk: Walk, outlet_id: str) -> Iterator[tuple[Posted, Entry, Article]]:
    """Yield each article of an outlet as printed, as found in the feed and as read."""
    for post in walk.posts:
        if post.piece.outlet_id == outlet_id:
            read = [walk.articles.get(address(url)) for url in (post.url, post.short_url)]
            (entry, article) = next(filter(None, read))
            yield post, entry, article


@contextmanager
def naming(post: Posted) -> Iterator[None]:
    """Say which page a failed comparison is about."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"on {post.raw_url}")
        raise


@pytest.mark.parametrize("outlet_id", READABLE)
def test_each_article_of_an_outlet_is_found_and_nothing_else(walk: Walk, outlet_id: str) -> None:
    printed = [post for post in walk.posts if post.piece.outlet_id == outlet_id]
    assert (
        len(walk.discoveries[outlet_id].entries) == len(printed) == len(list(of(walk, outlet_id)))
    )


@pytest.mark.parametrize("outlet_id", READABLE)
def test_headlines_and_leads_are_read_as_printed(walk: Walk, outlet_id: str) -> None:
    for post, _, article in of(walk, outlet_id):
        with naming(post):
            assert article.title == post.piece.title
            assert (article.kicker or "") == post.piece.kicker
            assert (article.lead or "") == post.piece.lead


@pytest.mark.parametrize("outlet_id", READABLE)
def test_bodies_are_read_whole_and_without_the_boxes_around_them(
    walk: Walk, outlet_id: str
) -> None:
    for post, _, article in of(walk, outlet_id):
        read = [block.text for block in article.blocks if block.kind is BlockKind.PARAGRAPH]
        ending = {post.piece.closing, f"انتهای خبر/ {post.piece.byline}"}
        with naming(post):
            assert read[: len(post.piece.paragraphs)] == list(post.piece.paragraphs)
            assert set(read[len(post.piece.paragraphs) :]) <= ending


@pytest.mark.parametrize("outlet_id", READABLE)
def test_the_dates_of_listings_and_pages_are_the_instant_of_publication(
    walk: Walk, outlet_id: str
) -> None:
    for post, entry, article in of(walk, outlet_id):
        with naming(post):
            assert article.published is not None
            assert article.published.at == post.piece.published_at
            if entry.published is not None:
                assert entry.published.at == post.piece.published_at


@pytest.mark.parametrize("outlet_id", READABLE)
def test_section_tags_reporter_and_picture_are_read(walk: Walk, outlet_id: str) -> None:
    for post, _, article in of(walk, outlet_id):
        with naming(post):
            assert article.section[-1:] == (post.piece.section,)
            assert article.tags == post.piece.tags
            assert (article.byline or "") == post.piece.byline
            assert article.image_url is not None


@pytest.mark.parametrize(
    ("outlet_id", "kind"),
    [
        ("sabanews", FailureKind.CHALLENGE),
        ("peykebam", FailureKind.NOT_A_FEED),
        ("neginkavir", FailureKind.REFUSED),
        ("rafsanjanemrooz", FailureKind.BROKEN_FEED),
    ],
)
def test_an_outlet_in_trouble_is_told_by_its_kind(
    walk: Walk, outlet_id: str, kind: FailureKind
) -> None:
    assert [failure.kind for failure in walk.discoveries[outlet_id].failures] == [kind]


def test_outlets_without_trouble_fail_at_nothing(walk: Walk) -> None:
    well = set(READABLE) - {"rafsanjanemrooz"}
    assert all(not walk.discoveries[outlet_id].failures for outlet_id in well)


def test_no_outlet_is_asked_before_it_has_answered(walk: Walk) -> None:
    assert len({each.outlet_id for each in walk.asked}) == len(OUTLETS) - 1  # one is dead
    assert overlaps(walk.asked) == ()


def test_every_outlet_is_asked_for_its_robots_first(walk: Walk) -> None:
    first = {each.outlet_id: each.path for each in reversed(walk.asked)}
    assert set(first.values()) == {"/robots.txt"}


def test_no_page_is_asked_for_twice_and_every_reader_names_itself(walk: Walk) -> None:
    pages = [(each.outlet_id, each.path) for each in walk.asked if each.path != "/robots.txt"]
    assert len(pages) == len(set(pages))
    assert all(each.user_agent.startswith("Rasad/") for each in walk.asked)
