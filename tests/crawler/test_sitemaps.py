import gzip
import json
from datetime import timedelta

import pytest

from crawler.article import DateSource, Trust
from crawler.findings import Findings
from crawler.page import FailureKind
from crawler.sitemaps import MAX_LINKS, parse_sitemap
from tests.crawler.making import NOW, outlet, page

PAPER = outlet(profile="nastooh")
HEAD = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
URL = "https://nazir.example/sitemap.xml"


def read(body: str | bytes, days: int | None = None, url: str = URL) -> Findings:
    since = None if days is None else NOW - timedelta(days=days)
    answer = page(body, url=url, media_type="application/xml")
    return parse_sitemap(answer, outlet=PAPER, now=NOW, since=since)


def url(number: int, more: str = "") -> str:
    return f"<url><loc>https://nazir.example/news/{number}/x</loc>{more}</url>"


def test_a_news_sitemap_gives_title_picture_and_a_date_to_believe() -> None:
    news = (
        "<image:image><image:loc>https://nazir.example/i.jpg</image:loc></image:image>"
        "<news:news><news:publication_date>2026-11-22T10:00:00+03:30</news:publication_date>"
        "<news:title>سیل در بم</news:title></news:news><lastmod>2026-11-23</lastmod>"
    )
    (entry,) = read(f"{HEAD}{url(12345, news)}</urlset>").entries
    assert entry.canonical_url == "https://nazir.example/news/12345"
    assert (entry.title, entry.image_url) == ("سیل در بم", "https://nazir.example/i.jpg")
    assert entry.published is not None
    assert (entry.published.trust, entry.published.source) == (Trust.EXACT, DateSource.LISTING)
    assert entry.published.at.isoformat() == "2026-11-22T06:30:00+00:00"


def test_a_date_of_change_is_no_date_of_publication() -> None:
    (entry,) = read(
        f"{HEAD}{url(12345, '<lastmod>2026-11-22T10:00:00Z</lastmod>')}</urlset>"
    ).entries
    assert entry.published is not None
    assert entry.published.trust is Trust.DOUBTFUL


def test_old_entries_are_left_out_and_undated_ones_kept() -> None:
    body = (
        HEAD
        + url(11111, "<lastmod>2026-11-01</lastmod>")
        + url(22222, "<lastmod>2026-11-22</lastmod>")
        + url(33333)
        + "</urlset>"
    )
    assert [entry.external_id for entry in read(body, days=3).entries] == ["22222", "33333"]


def test_an_index_gives_its_leaves_newest_first() -> None:
    leaves = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for loc, day in (
            ("https://nazir.example/sitemap/1403/1.xml", ""),
            ("https://nazir.example/sitemap/1405/2.xml", ""),
            ("https://nazir.example/sitemap/1405/10.xml", ""),
            ("/sitemap/new.xml", "2026-11-22"),
            ("/sitemap/old.xml", "2019-01-01"),
            ("https://trap.example/sitemap.xml", "2026-11-23"),
        )
    )
    index = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    reading = read(f"{index}{leaves}</sitemapindex>", days=30)
    assert [leaf.rsplit("sitemap/")[-1] for leaf in reading.further] == [
        "new.xml",
        "1405/10.xml",
        "1405/2.xml",
        "1403/1.xml",
    ]
    assert reading.entries == ()


def test_gzip_files_are_inflated_within_bounds() -> None:
    body = f"{HEAD}{url(12345)}</urlset>".encode()
    assert len(read(gzip.compress(body)).entries) == 1
    bomb = read(gzip.compress(b" " * 70_000_000))
    assert bomb.fault is not None
    assert bomb.fault.kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize(
    "value",
    [
        ["https://nazir.example/news/12345"],
        {"urls": [{"loc": "/news/12345", "lastmod": "2026-11-22"}]},
        [{"url": "https://nazir.example/news/12345", "title": "سیل"}],
        {"data": {"items": [{"link": "https://nazir.example/news/12345"}], "n": 3}},
    ],
)
def test_leaves_in_json_are_read_in_any_shape(value: object) -> None:
    (entry,) = read(json.dumps(value)).entries
    assert entry.external_id == "12345"


def test_a_plain_list_of_addresses_is_a_sitemap() -> None:
    body = "https://nazir.example/news/11111\n https://nazir.example/news/22222 \n"
    assert [entry.external_id for entry in read(body).entries] == ["11111", "22222"]


def test_broken_xml_is_rescued_address_by_address() -> None:
    body = f"{HEAD}{url(11111)}<url><loc>https://nazir.example/news/22222</loc> & <br>"
    assert [entry.external_id for entry in read(body).entries] == ["11111", "22222"]


@pytest.mark.parametrize(
    "body", ["<html><body>x</body></html>", "سلام", "", "{", "[1, 2]", "<a>", "<!DOCTYPE html><p>"]
)
def test_what_is_no_sitemap_is_told(body: str) -> None:
    reading = read(body)
    assert reading.entries == ()
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.BROKEN_SITEMAP
    assert URL in reading.fault.detail


def test_entities_of_a_dtd_are_never_expanded() -> None:
    body = f'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}<url><loc>&x;</loc></url></urlset>'
    assert read(body).entries == ()


def test_an_empty_sitemap_is_no_fault() -> None:
    assert read(f"{HEAD}</urlset>") == Findings()


def test_articles_only_each_once_and_only_its_own() -> None:
    body = (
        HEAD
        + url(12345)
        + url(12345, "<lastmod>2026-11-20</lastmod>")
        + "<url><loc>https://nazir.example/service/economy</loc></url>"
        + "<url><loc>https://other.example/news/99999</loc></url>"
        + "<url></url></urlset>"
    )
    assert [entry.external_id for entry in read(body).entries] == ["12345"]


def test_no_more_links_than_the_standard_allows_are_read() -> None:
    body = json.dumps([f"https://nazir.example/news/{10000 + n}" for n in range(MAX_LINKS + 5)])
    assert len(read(body).entries) == MAX_LINKS
