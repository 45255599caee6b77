"""An outlet that is redesigned goes on publishing, and its file can be mended."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawler.article import Article
from crawler.extract import extract
from crawler.fetch import Fetcher, FetchSettings
from crawler.outlets import Outlet, load_outlets
from crawler.pacing import Pacing
from crawler.page import Page
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from service.demo.families import Posted
from service.demo.press import Press

OUTLET = "nazirkerman"


def new_posts(press: Press) -> tuple[Posted, ...]:
    """Redesign an outlet that then publishes three articles more."""
    press.advance()
    before = {post.url for post in press.posts}
    press.redesign(OUTLET)
    press.advance()
    return tuple(post for post in press.posts if post.url not in before)


def read_all(outlet: Outlet, posts: tuple[Posted, ...]) -> Mapping[str, Article]:
    async def read() -> dict[str, Article]:
        articles = {}
        async with Fetcher(FetchSettings()) as fetcher:
            visitor = Visitor(outlet, fetcher, robots=RobotsCache(), pacing=Pacing())
            for post in posts:
                page = await visitor.fetch(post.url)
                assert isinstance(page, Page)
                article = extract(page, outlet, entry=None, now=fetcher.now())
                assert isinstance(article, Article)
                articles[post.url] = article
        return articles

    return asyncio.run(read())


def test_new_articles_appear_in_the_new_markup_alone() -> None:
    with Press(now=datetime.now(UTC)) as press:
        posts = new_posts(press)
    assert len(posts) == 3
    assert {post.piece.outlet_id for post in posts} == {OUTLET}


def test_the_mended_file_reads_every_field_of_the_new_markup(tmp_path: Path) -> None:
    with Press(now=datetime.now(UTC)) as press:
        posts = new_posts(press)
        press.outlet_directory(tmp_path, pause_seconds=0, knows_redesign=True)
        articles = read_all(load_outlets(tmp_path)[OUTLET], posts)
    for post in posts:
        article, piece = articles[post.url], post.piece
        assert (article.title, article.kicker or "") == (piece.title, piece.kicker)
        assert (article.lead, article.byline or "") == (piece.lead, piece.byline)
        assert tuple(block.text for block in article.blocks) == piece.paragraphs
        assert article.published is not None
        assert article.published.at == piece.published_at
        assert (article.section, article.tags) == ((piece.section,), piece.tags)
        assert article.image_url is not None


def test_the_old_file_does_not_fit_and_the_text_is_not_lost(tmp_path: Path) -> None:
    with Press(now=datetime.now(UTC)) as press:
        posts = new_posts(press)
        press.outlet_directory(tmp_path, pause_seconds=0)
        articles = read_all(load_outlets(tmp_path)[OUTLET], posts)
    for post in posts:
        article = articles[post.url]
        assert "body" in article.missing
        assert post.piece.paragraphs[0] in article.body
