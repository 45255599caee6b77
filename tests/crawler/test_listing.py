from datetime import UTC, datetime

import pytest

from crawler.article import DateSource
from crawler.findings import Findings
from crawler.listing import MAX_LINKS, parse_list
from crawler.outlets import Outlet
from crawler.page import FailureKind
from tests.crawler.making import NOW, outlet, page

PAPER = outlet(
    overrides={
        "id_patterns": [r"/news/(?P<id>\d+)"],
        "canonical_template": "{scheme}://{host}/news/{id}",
        "article_url_pattern": r"/news/\d+",
        "lists": {
            "items": ["li.box"],
            "links": ["h3 a"],
            "published": ["span.when"],
            "next": ["a.next"],
        },
    }
)
PLAIN = outlet(profile="generic")


def read(body: str, of: Outlet = PAPER, links: str | None = None) -> Findings:
    html = f"<html><body>{body}</body></html>"
    answer = page(html, url="https://nazir.example/service/kerman", media_type="text/html")
    return parse_list(answer, outlet=of, now=NOW, links=links)


def box(number: int, title: str = "بارش در ماهان", when: str = "۱ آذر ۱۴۰۵ - ۱۰:۰۰") -> str:
    return (
        f"<li class=box><a href='/news/{number}'><img src=x></a>"
        f"<h3><a href='/news/{number}/slug'>{title}</a></h3><span class=when>{when}</span></li>"
    )


def test_boxes_give_address_title_and_date() -> None:
    reading = read(box(11) + box(12, "نرخ ارز", "نامعلوم") + "<a class=next href='?page=2'>بعد</a>")
    first, second = reading.entries
    assert first.url == "https://nazir.example/news/11/slug"
    assert first.canonical_url == "https://nazir.example/news/11"
    assert (first.external_id, first.title) == ("11", "بارش در ماهان")
    assert first.published is not None
    assert first.published.source is DateSource.LISTING
    assert first.published.at == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    assert second.published is None
    assert reading.further == ("https://nazir.example/service/kerman?page=2",)


def test_an_article_linked_by_picture_and_headline_is_one_entry_with_its_headline() -> None:
    links = "<a href='/news/7'><img></a><a href='/news/7/x?utm_source=a'>سیل در بم</a>"
    (entry,) = read(links, links="a").entries
    assert entry.title == "سیل در بم"


def test_the_headline_is_told_from_kicker_and_lead_that_link_to_the_same_article() -> None:
    lead = "شرح بلندی که زیر تیتر می‌آید و خود نیز پیوند است. " * 5
    body = (
        "<li class=box><h3><a href='/service/economy'>اقتصاد</a></h3>"
        "<h3><a href='/news/7'>استاندار:</a></h3><h3><a href='/news/7/x'>بازار بزرگ کرمان مرمت شد"
        f"</a></h3><h3><a href='/news/7'>{lead}</a></h3>"
        "<h3><a href='/news/8'>خبر دیگری که همسایه است و پیوندش این‌جاست</a></h3>"
        "<span class=when>۱ آذر ۱۴۰۵ - ۱۰:۰۰</span></li>"
    )
    (entry,) = read(body).entries
    assert (entry.external_id, entry.title) == ("7", "بازار بزرگ کرمان مرمت شد")


def test_nested_boxes_add_up_to_one_entry_with_title_and_date() -> None:
    inner = "<li class=box><h3><a href='/news/7'>سیل در بم فروکش کرد</a></h3></li>"
    body = f"<div class=box>{inner}</div><li class=box><h3><a href='/news/7'>سیل</a></h3>"
    reading = read(f"{body}<span class=when>۱ آذر ۱۴۰۵ - ۱۰:۰۰</span></li>")
    (entry,) = reading.entries
    assert entry.title == "سیل در بم فروکش کرد"
    assert entry.published is not None


def test_the_ways_own_selector_comes_before_the_profiles() -> None:
    body = box(11) + "<div class=more><a href='/news/12'>تیتر دوم</a></div>"
    assert [e.external_id for e in read(body, links=".more a").entries] == ["12"]


def test_links_that_are_no_articles_or_not_its_own_are_left_out() -> None:
    hrefs = (
        "#top",
        "javascript:void(0)",
        "mailto:a@b.ir",
        "tel:034",
        "/service/economy",
        "https://other.example/news/5",
        "http://[broken",
        "/news/7/" + "x" * 5_000,
        "",
        "/news/9/?random-post=1",
        "/news/10",
    )
    body = "".join(f"<a href='{href}'>تیتر خبر امروز</a>" for href in hrefs)
    assert [e.url for e in read(body, links="a").entries] == ["https://nazir.example/news/10"]


def test_a_base_element_is_obeyed() -> None:
    body = "<base href='https://www.nazir.example/fa/'><a class=t href='news/5'>تیتر</a>"
    assert read(body, links="a.t").entries[0].url == "https://www.nazir.example/fa/news/5"


def test_a_page_whose_markup_changed_is_read_by_its_headlines() -> None:
    body = (
        "<nav><a href='/about-us-page-1'>درباره این روزنامه و ما</a></nav>"
        "<div><a href='/2026-opening-of-a-bridge'>گشایش پل تازه در مسیر سیرجان</a>"
        "<a href='/12345'>ادامه</a></div>"
    )
    assert [e.title for e in read(body, PLAIN).entries] == ["گشایش پل تازه در مسیر سیرجان"]


@pytest.mark.parametrize("body", ["", "<p>به زودی</p>", "<a href='/about'>درباره ما</a>"])
def test_a_page_without_articles_is_a_fault_that_says_so(body: str) -> None:
    reading = read(body)
    assert reading.entries == ()
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.NOTHING_FOUND
    assert "markup may have changed" in reading.fault.detail


def test_fifty_thousand_links_are_cut() -> None:
    body = "".join(f"<a href='/news/{n}'>تیتر شماره {n}</a>" for n in range(1, 50_001))
    assert len(read(body, links="a").entries) == MAX_LINKS


def test_the_next_page_of_another_host_is_not_followed() -> None:
    body = box(11) + "<a class=next href='https://trap.example/?page=2'>بعد</a>"
    assert read(body).further == ()
