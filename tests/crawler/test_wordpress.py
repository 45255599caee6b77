import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.article import Trust
from crawler.findings import Findings
from crawler.page import FailureKind
from crawler.wordpress import parse_posts, posts_url
from tests.crawler.making import NOW, outlet, page

PAPER = outlet()
API = "https://nazir.example/wp-json/wp/v2/posts"
POST = {
    "id": 41,
    "date": "1405-09-01T12:00:00",
    "date_gmt": "2026-11-22T08:30:00",
    "link": "https://nazir.example/baresh/",
    "title": {"rendered": "بارش &#8230; در <i>ماهان</i>"},
    "excerpt": {"rendered": "<p>باران بارید [&hellip;]</p>\n"},
    "_embedded": {
        "author": [{"name": "مریم صادقی"}],
        "wp:term": [
            [{"taxonomy": "category", "name": "استان"}],
            [{"taxonomy": "post_tag", "name": "آب &amp; هوا"}],
        ],
    },
}


def read(body: object, *, total: str | None = None, url: str = API) -> Findings:
    text = body if isinstance(body, str) else json.dumps(body)
    answer = page(text, url=url, media_type="application/json")
    if total is not None:
        answer = replace(answer, headers={"x-wp-totalpages": total})
    return parse_posts(answer, outlet=PAPER, now=NOW)


def test_a_post_is_read_field_by_field() -> None:
    (entry,) = read([POST]).entries
    assert entry.canonical_url == "https://nazir.example/baresh"
    assert entry.external_id == "41"
    assert entry.title == "بارش … در ماهان"
    assert entry.summary == "باران بارید […]"
    assert entry.author == "مریم صادقی"
    assert (entry.section, entry.tags) == (("استان",), ("آب & هوا",))
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 22, 8, 30, tzinfo=UTC), "date may be Jalali"
    assert entry.published.trust is Trust.EXACT


@pytest.mark.parametrize(
    "post",
    [
        {"link": "/x"},
        {"link": "/x", "title": None, "excerpt": 3, "_embedded": [], "date_gmt": "soon"},
        {"link": "/x", "_embedded": {"author": "?", "wp:term": [7, [8, {"taxonomy": "category"}]]}},
        {"link": "/x", "id": "7", "date_gmt": None},
    ],
)
def test_posts_with_strange_fields_are_read_as_far_as_they_go(post: object) -> None:
    (entry,) = read([post]).entries
    assert entry.canonical_url == "https://nazir.example/x"
    assert (entry.published, entry.section, entry.author) == (None, (), None)


def test_a_post_of_the_future_is_doubtful() -> None:
    (entry,) = read([POST | {"date_gmt": "2026-11-29T00:00:00Z"}]).entries
    assert entry.published is not None
    assert entry.published.trust is Trust.DOUBTFUL


def test_posts_without_a_usable_link_are_left_out() -> None:
    body = [{"link": 5}, "x", None, {"link": "https://nazir.example/"}, POST, POST]
    assert len(read(body).entries) == 1


@pytest.mark.parametrize(
    "body", ["<html></html>", '{"code": "rest_disabled"}', "", "[" * 100_000, "null"]
)
def test_an_interface_that_is_closed_is_told(body: str) -> None:
    reading = read(body)
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.BROKEN_SITEMAP
    assert "REST interface may be closed" in reading.fault.detail


def test_pages_are_counted_by_the_headers() -> None:
    second = read([POST], total="3").further
    assert len(second) == 1
    assert parse_qs(urlsplit(second[0]).query)["page"] == ["2"]
    assert read([POST], total="3", url=f"{API}?page=3").further == ()
    assert read([POST], total="?").further == ()
    assert read([], total="3").further == ()


def test_the_address_asks_for_the_newest_with_what_is_needed() -> None:
    query = parse_qs(urlsplit(posts_url(f"{API}?categories=347", page=2)).query)
    assert query["categories"] == ["347"]
    assert (query["per_page"], query["page"], query["order"]) == (["50"], ["2"], ["desc"])
    assert "content" not in query["_fields"][0]


def test_a_window_ends_at_an_instant_in_utc() -> None:
    before = datetime.fromisoformat("2026-11-22T12:00:00+03:30")
    query = parse_qs(urlsplit(posts_url(API, before=before)).query)
    assert query["before"] == ["2026-11-22T08:30:00Z"]
