"""The other ways in to a simulated outlet, and an outlet that is redesigned under its readers."""

import gzip
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from defusedxml import ElementTree

from persian.calendar import to_jalali
from service.demo.outlets import NEW_SELECTORS
from service.demo.press import Press

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(now=NOW) as press:
        yield press


def printed(press: Press, outlet_id: str) -> list[str]:
    return [post.url for post in press.posts if post.piece.outlet_id == outlet_id]


def get(press: Press, outlet_id: str, path: str) -> httpx.Response:
    return httpx.get(press.origin(outlet_id) + path)


def test_the_sitemap_index_leads_to_every_article_by_its_jalali_year(press: Press) -> None:
    index = ElementTree.fromstring(get(press, "diyarekariman", "/sitemap.xml").text)
    leaves = [node.text for node in index.iterfind(".//s:loc", NAMES)]
    found = [
        node.text
        for leaf in leaves
        for node in ElementTree.fromstring(httpx.get(str(leaf)).text).iterfind(".//s:loc", NAMES)
    ]
    assert sorted(map(str, found)) == sorted(printed(press, "diyarekariman"))


def test_the_news_sitemap_is_packed_and_tells_titles_and_dates(press: Press) -> None:
    packed = get(press, "kavirpress", "/sitemap-news.xml.gz").content
    news = ElementTree.fromstring(gzip.decompress(packed))
    titles = {node.text for node in news.iterfind(".//n:title", NAMES)}
    assert titles == {
        post.piece.title for post in press.posts if post.piece.outlet_id == "kavirpress"
    }


def test_the_json_feed_lists_every_article(press: Press) -> None:
    items = get(press, "diyarekariman", "/feed.json").json()["items"]
    assert [item["url"] for item in items] == printed(press, "diyarekariman")


def test_wordpress_answers_by_page_and_tells_how_many_there_are(press: Press) -> None:
    path = "/wp-json/wp/v2/posts?per_page=3&page="
    first, second = (get(press, "nazirkerman", f"{path}{page}") for page in (1, 2))
    links = [post["link"] for answer in (first, second) for post in answer.json()]
    assert links == printed(press, "nazirkerman")[:6]
    assert first.headers["X-WP-Total"] == str(len(printed(press, "nazirkerman")))


def test_wordpress_refuses_a_page_after_the_last(press: Press) -> None:
    answer = get(press, "nazirkerman", "/wp-json/wp/v2/posts?page=99")
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_post_invalid_page_number")


def test_wordpress_leaves_out_what_is_older_than_asked(press: Press) -> None:
    answer = get(press, "nazirkerman", "/wp-json/wp/v2/posts?after=2026-11-22T11:30:00")
    assert 0 < len(answer.json()) < len(printed(press, "nazirkerman"))


def test_the_archive_of_a_jalali_day_holds_that_day_only(press: Press) -> None:
    day = to_jalali(NOW)
    page = get(
        press, "kavirpress", f"/archive?pi=1&ms=0&dy={day.day}&mn={day.month}&yr={day.year}"
    ).text
    posts = [post for post in press.posts if post.piece.outlet_id == "kavirpress"]
    assert {post.path in page for post in posts if to_jalali(post.piece.published_at) == day} == {
        True
    }
    assert not any(post.path in page for post in posts if to_jalali(post.piece.published_at) != day)


@pytest.mark.parametrize(
    ("outlet_id", "path"),
    [
        ("ofoghkerman", "/fa/kerman"),
        ("ofoghkerman", "/fa/archive?rpp=100&p=1"),
        ("kavirpress", "/service/provinces/kerman"),
        ("sobhekerman", "/category/news/"),
        ("sobhekerman", "/category/news/page/1/"),
    ],
)
def test_list_pages_name_the_newest_articles(press: Press, outlet_id: str, path: str) -> None:
    page = unquote(get(press, outlet_id, path).text)
    posts = [post for post in press.posts if post.piece.outlet_id == outlet_id]
    assert all(post.path in page for post in posts[:5])


def test_the_outlets_files_can_name_every_way_in(press: Press, tmp_path: Path) -> None:
    press.outlet_directory(tmp_path, every_way=True)
    tables = [tomllib.loads(file.read_text()) for file in tmp_path.iterdir()]
    kinds = {way["kind"] for table in tables for way in table["ways_in"]}
    assert kinds == {"feed", "sitemap", "wordpress", "list", "archive"}


def test_the_cast_is_read_by_every_kind_of_way_in(press: Press, tmp_path: Path) -> None:
    press.outlet_directory(tmp_path)
    tables = [tomllib.loads(file.read_text()) for file in tmp_path.iterdir()]
    ways = [way for table in tables for way in table["ways_in"]]
    assert {way["kind"] for way in ways} == {"feed", "sitemap", "wordpress", "list", "archive"}
    assert any(way["url"].endswith(".gz") for way in ways)
    assert any(way["url"].endswith("/feed.json") for way in ways)


def test_a_redesign_changes_the_markup_and_not_the_addresses_or_words(tmp_path: Path) -> None:
    with Press(now=NOW) as press:
        (post, *_) = (each for each in press.posts if each.piece.outlet_id == "nazirkerman")
        before = httpx.get(post.url)
        press.redesign("nazirkerman")
        after = httpx.get(post.url, headers={"If-None-Match": before.headers["ETag"]})
        press.outlet_directory(tmp_path, knows_redesign=True)
    assert "entry-content" in before.text
    assert "entry-content" not in after.text
    assert all(paragraph in after.text for paragraph in post.piece.paragraphs)
    fields = tomllib.loads((tmp_path / "nazirkerman.toml").read_text())["overrides"]["fields"]
    assert fields == NEW_SELECTORS
    assert "overrides" not in tomllib.loads((tmp_path / "armanekerman.toml").read_text())
