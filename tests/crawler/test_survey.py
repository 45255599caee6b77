import asyncio
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.autodiscovery import candidates
from crawler.draft import draft_table, site_name
from crawler.errors import CatalogueError
from crawler.markup import parse
from crawler.outletfile import outlet_toml
from crawler.outlets import WayKind, outlet_from
from crawler.page import Failure, FailureKind, Fetched, Page, Unchanged, Validators
from crawler.survey import Survey, survey
from tests.crawler.making import NOW, page

HOME = "https://www.toluearg.ir"
FRONT = """<html><head><title>طلوع ارگ | خبرهای بم</title>
<link rel="alternate" type="application/rss+xml" href="/feed/">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" href="https://feeds.elsewhere.example/x">
<link rel="https://api.w.org/" href="https://www.toluearg.ir/wp-json/">
<link href="/wp-content/themes/a.css" rel="stylesheet">
</head><body><a href="/feed">خوراک</a><article><h2><a href="/khabar-1">تیتر</a></h2></article>
</body></html>"""
ITEM = "<item><title>تیتر</title><link>/khabar-1</link></item>"
FEED = f"<rss version='2.0'><channel>{ITEM}</channel></rss>"


class Site:
    """A site whose answers are written down; what is not is 404, a number is that status."""

    def __init__(self, answers: Mapping[str, str | int]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        path = url.removeprefix(HOME)
        self.asked.append(path)
        answer = self._answers.get(path, 404)
        if answer == 304:
            return Unchanged(requested_url=url, fetched_at=NOW)
        if isinstance(answer, int):
            kind = FailureKind.HTTP_STATUS
            return Failure(requested_url=url, kind=kind, detail=url, status=answer, failed_at=NOW)
        return page(answer, url=url, media_type="text/html")


def look(site: Site, **known: object) -> Survey:
    found = asyncio.run(survey(f"{HOME}/", site, now=NOW, known=known))
    assert isinstance(found, Survey)
    return found


def test_a_wordpress_site_is_recognised_and_its_feed_found_working() -> None:
    found = look(Site({"/": FRONT, "/feed/": FEED}))
    assert found.profile == "wordpress"
    assert "link[href*='/wp-content/']" in found.evidence
    assert [(t.way.kind, t.found) for t in found.trials if t.found] == [(WayKind.FEED, 1)]
    assert found.sample is not None
    assert found.sample.url == f"{HOME}/khabar-1"
    assert found.outlet.id == "toluearg"
    assert found.outlet.name == "طلوع ارگ"
    assert found.table["ways_in"] == [{"kind": "feed", "url": f"{HOME}/feed/"}]


def test_ways_that_fail_are_told_and_the_front_page_is_the_last_resort() -> None:
    found = look(Site({"/": FRONT}))
    assert [trial.failure.status for trial in found.trials if trial.failure] == [404, 404, 404]
    assert found.trials[-1].way.kind is WayKind.LIST
    assert [way.kind for way in found.outlet.ways_in] == [WayKind.LIST]


def test_a_site_without_any_article_is_drafted_without_a_way_in() -> None:
    found = look(Site({"/": "<title>x</title>"}))
    assert found.profile == "generic"
    assert found.outlet.ways_in == ()
    assert found.sample is None


def test_sitemaps_named_by_robots_are_for_backfill_only() -> None:
    index = f"<sitemapindex><sitemap><loc>{HOME}/1.xml</loc></sitemap></sitemapindex>"
    site = Site({"/": "<p>x</p>", "/robots.txt": f"Sitemap: {HOME}/map.xml", "/map.xml": index})
    ways = look(site).table["ways_in"]
    assert ways == [{"kind": "sitemap", "url": f"{HOME}/map.xml", "backfill_only": True}]


def test_what_is_known_stands_whatever_is_found() -> None:
    found = look(Site({"/": FRONT, "/feed/": FEED}), id="arg", name="ارگ", profile="nastooh")
    assert (found.outlet.id, found.outlet.name, found.profile) == ("arg", "ارگ", "nastooh")


def test_wrong_known_values_are_told() -> None:
    with pytest.raises(CatalogueError, match="role: 'paper' is not allowed"):
        look(Site({"/": FRONT}), role="paper")


@pytest.mark.parametrize("status", [503, 304])
def test_a_site_that_does_not_answer_is_a_failure(status: int) -> None:
    found = asyncio.run(survey(f"{HOME}/", Site({"/": status}), now=NOW))
    assert isinstance(found, Failure)
    assert found.status == status


def test_a_way_that_answers_304_unasked_does_not_work() -> None:
    found = look(Site({"/": FRONT, "/feed/": 304}))
    assert found.trials[0].found == 0
    assert found.trials[0].failure is not None


def front(body: str) -> Page:
    return page(body, url=f"{HOME}/", media_type="text/html")


def test_candidates_are_declared_ones_first_and_no_comments_or_foreign_hosts() -> None:
    found = candidates(front(FRONT), profile="wordpress")
    assert [(way.kind.value, way.url.removeprefix(HOME)) for way in found] == [
        ("feed", "/feed/"),
        ("wordpress", "/wp-json/wp/v2/posts"),
        ("sitemap", "/sitemap.xml"),
        ("list", "/"),
    ]


@pytest.mark.parametrize(
    ("profile", "path"),
    [
        ("nastooh", "/rss"),
        ("iransamaneh", "/fa/rss/allnews"),
        ("aasaam", "/feeds/"),
        ("joomla", "/?format=feed&type=rss"),
        ("unheard-of", "/sitemap.xml"),
    ],
)
def test_each_family_is_tried_where_it_usually_keeps_its_ways(profile: str, path: str) -> None:
    assert f"{HOME}{path}" in {way.url for way in candidates(front(""), profile=profile)}


def test_broken_and_strange_links_are_no_candidates() -> None:
    body = "".join(
        f"<a href='{href}'>" for href in ("http://[/rss", "ftp://x/rss", "javascript:/rss")
    )
    assert len(candidates(front(body), profile="generic")) == 4


def test_a_thousand_feeds_are_too_many_to_try() -> None:
    body = "".join(f"<a href='/rss/tp/{n}'>x</a>" for n in range(1000))
    assert len(candidates(front(body), profile="generic")) == 13


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<meta property='og:site_name' content=' فردای کرمان '>", "فردای کرمان"),
        ("<title>فردای کرمان | رسانهٔ شهر</title>", "فردای کرمان"),
        ("<title>فردای کرمان - رسانهٔ شهر</title>", "فردای کرمان"),
        ("<title>کرمان‌نو</title>", "کرمان‌نو"),
        ("<title> </title>", None),
        ("", None),
    ],
)
def test_the_name_is_what_the_site_calls_itself(head: str, name: str | None) -> None:
    assert site_name(parse(f"<html><head>{head}</head></html>".encode())) == name


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("https://www.kerman-online.ir/", "kerman-online"),
        ("http://kerman.isipo.ir", "kerman-isipo"),
        ("https://rouz.news/", "rouz"),
        ("https://x.ir/", "outlet-x"),
        ("http://127.0.0.1:8080/", "127-0-0-1"),
    ],
)
def test_the_id_is_made_of_the_host(url: str, outlet_id: str) -> None:
    answer = page("", url=url)
    table = draft_table(answer, parse(b""), profile="generic")
    assert table["id"] == outlet_id
    assert outlet_from(table, place="x").id == outlet_id


def test_a_drafted_file_is_read_back_as_the_same_outlet() -> None:
    found = look(Site({"/": FRONT, "/feed/": FEED}))
    again = outlet_from(tomllib.loads(outlet_toml(found.table)), place="x")
    assert again == found.outlet


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.datetimes(timezones=st.just(UTC)),
)
KEYS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
TABLES = st.recursive(
    st.dictionaries(KEYS, st.one_of(SCALARS, st.lists(SCALARS, min_size=1)), min_size=1),
    lambda inner: st.dictionaries(
        KEYS, st.one_of(SCALARS, inner, st.lists(inner, min_size=1, max_size=3)), min_size=1
    ),
    max_leaves=8,
)


@settings(max_examples=40)
@given(TABLES)
def test_every_table_survives_writing_and_reading(table: dict[str, object]) -> None:
    assert tomllib.loads(outlet_toml(table)) == table


def test_absent_values_are_left_out() -> None:
    table = {"id": "x", "town": None, "aliases": [], "note": "", "overrides": {}}
    assert outlet_toml(table) == 'id = "x"\n'


def test_a_value_without_a_toml_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no place in an outlet's file"):
        outlet_toml({"when": object()})


def test_times_are_written_with_their_zone() -> None:
    assert outlet_toml({"at": datetime(2026, 11, 23, 6, tzinfo=UTC)}) == (
        "at = 2026-11-23T06:00:00+00:00\n"
    )
