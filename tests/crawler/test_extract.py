from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.article import Article, DateClaim, DateSource, Trust
from crawler.credits import NameDirectory
from crawler.entry import Entry
from crawler.extract import extract
from crawler.outlets import Outlet, Role
from crawler.page import Failure, FailureKind, Page
from crawler.profiles import resolve

NOW = datetime(2024, 5, 20, 9, 0, tzinfo=UTC)
URL = "https://paper.example/news/777/slug"
BODY = (
    "<p>کارگاه‌های کوچک شهر از هفته آینده با برق پایدار کار می‌کنند و زیان سال پیش جبران می‌شود.</p>"
)


def outlet(profile: str = "generic", **overrides: Any) -> Outlet:
    return Outlet(
        id="paper",
        name="روزنامه نمونه",
        name_en="Paper",
        homepage="https://paper.example/",
        role=Role.LOCAL,
        profile=resolve(profile, overrides),
    )


def read(html: str, *, of: Outlet | None = None, url: str = URL, **more: Any) -> Article:
    found = attempt(html, of=of, url=url, **more)
    assert isinstance(found, Article)
    return found


def attempt(
    html: str, *, of: Outlet | None = None, url: str = URL, **more: Any
) -> Article | Failure:
    page = Page(requested_url=url, url=url, status=200, body=html.encode(), fetched_at=NOW)
    return extract(page, of or outlet(), now=NOW, **more)


def entry(**known: Any) -> Entry:
    return Entry(outlet_id="paper", url=URL, canonical_url=URL, **known)


def test_each_field_falls_through_its_extractors_in_order() -> None:
    ordered = outlet(
        fields={"title": [".absent", "meta:og:title", "h1"], "body": [".none", ".text"]}
    )
    html = (
        f'<meta property="og:title" content="از متا"><h1>از تیتر</h1><div class=text>{BODY}</div>'
    )
    article = read(html, of=ordered)
    assert article.title == "از متا"
    assert len(article.blocks) == 1
    assert article.missing == ("published",)


def test_a_promised_field_that_only_the_generic_extractor_found_is_missing() -> None:
    article = read(f"<h1>برق پایدار</h1><div>{BODY}{BODY}</div>", of=outlet("wordpress"))
    assert "برق پایدار" in article.body
    assert article.missing == ("body", "published")


def test_what_the_page_does_not_say_comes_from_the_entry() -> None:
    feed = DateClaim(
        at=datetime(2024, 5, 19, 6, tzinfo=UTC),
        source=DateSource.FEED,
        trust=Trust.EXACT,
        printed="x",
    )
    known = entry(
        title="از خوراک", published=feed, tags=("برق",), section=("صنعت",), external_id="e1",
        image_url="https://paper.example/1.jpg", content_html=f"{BODY}<p>بند دوم خوراک.</p>",
    )  # fmt: skip
    article = read("<div class=nothing></div>", of=outlet("wordpress"), entry=known)
    assert article.title == "از خوراک"
    assert [block.text for block in article.blocks][1] == "بند دوم خوراک."
    assert (article.published, article.tags, article.section) == (feed, ("برق",), ("صنعت",))
    assert article.external_id == "e1"
    assert article.image_url == "https://paper.example/1.jpg"
    assert article.missing == ("title", "body", "published")


def test_the_pages_exact_date_is_preferred_to_the_feeds() -> None:
    feed = DateClaim(
        at=datetime(2024, 5, 19, 6, tzinfo=UTC),
        source=DateSource.FEED,
        trust=Trust.EXACT,
        printed="x",
    )
    meta = '<meta property="article:published_time" content="2024-05-19T06:30:00Z">'
    html = f"{meta}<h1>برق پایدار</h1>{BODY}"
    article = read(html, entry=entry(published=feed))
    assert article.published is not None
    assert article.published.source is DateSource.META


def test_a_date_printed_beside_an_unknown_pages_title_is_found() -> None:
    html = f"<h1>برق پایدار</h1><p>بازدید: 12 | ۲۵ اردیبهشت ۱۴۰۳ - ۱۰:۳۰</p><div>{BODY}{BODY}</div>"
    published = read(html).published
    assert published is not None
    assert published.at == datetime(2024, 5, 14, 7, 0, tzinfo=UTC)
    assert read(html.replace("۱۴۰۳", "")).published is None


def test_the_lead_of_an_unknown_page_is_kept_apart_from_its_body() -> None:
    lead = "برق کارگاه‌ها از هفته آینده پایدار می‌شود."
    article = read(f"<h1>برق پایدار</h1><div class=lead>{lead}</div><div>{BODY}<p>پایان.</p></div>")
    assert article.lead == lead
    assert lead not in article.body


def test_a_declared_canonical_address_is_believed_when_it_may_be_this_article() -> None:
    link = '<link rel="canonical" href="/news/777/real-slug?utm_source=x">'
    html = f"{link}<h1>برق پایدار</h1>{BODY}"
    article = read(html, url="https://www.paper.example/news/777/?random-post=1")
    assert article.canonical_url == "https://paper.example/news/777/real-slug"


@pytest.mark.parametrize(
    "declared",
    ["https://paper.example/", "https://other.example/news/777", "/news/778/other", "http://["],
)
def test_a_canonical_address_of_something_else_is_not_believed(declared: str) -> None:
    html = f'<link rel="canonical" href="{declared}"><h1>برق پایدار</h1>{BODY}'
    assert read(html).canonical_url == "https://paper.example/news/777/slug"


def test_heads_printed_again_in_the_body_are_said_once() -> None:
    said = outlet(fields={"title": ["h1"], "lead": [".lead"], "kicker": [".k"], "body": [".text"]})
    html = (
        "<div class=k>برای سال ۱۴۰۳</div><h1>بودجه ۱۴۰۳ تصویب شد</h1>"
        "<div class=lead>شورا بودجه را پذیرفت.</div><div class=text><p>بودجه 1403 تصويب شد</p>"
        "<p>شورا بودجه را پذیرفت.</p><p>متن خبر.</p></div>"
    )
    article = read(html, of=said)
    assert [block.text for block in article.blocks] == ["متن خبر."]
    assert article.text == "شورا بودجه را پذیرفت.\nمتن خبر."


def test_drop_stop_and_tail_rules_shape_the_body() -> None:
    ruled = outlet(
        fields={"title": ["h1"], "body": [".text"]},
        body={
            "drop": [".ad"], "stop": [".more"], "drop_text": ["^آگهی بازرگانی"],
            "stop_text": ["^خبرهای دیگر"], "tail_text": ["جمعیت این شهر"],
        },
    )  # fmt: skip
    html = (
        "<h1>تیتر</h1><div class=text><p>یک.</p><p class=ad>تبلیغی که نباید بیاید</p>"
        "<p>آگهی بازرگانی: دو</p>"
        "<p>سه. جمعیت این شهر صد نفر است.</p><p>چهار</p></div>"
    )
    article = read(html, of=ruled)
    assert article.body == "یک.\nسه."
    assert article.tail == "جمعیت این شهر صد نفر است.\nچهار"
    stopped = read(html.replace("آگهی بازرگانی: دو", "خبرهای دیگر"), of=ruled)
    assert (stopped.body, stopped.tail) == ("یک.", None)
    assert read(html.replace("<p>سه", "<p class=more>سه"), of=ruled).body == "یک."


def test_split_chunks_of_one_name_are_joined_and_strangers_are_not() -> None:
    joined = outlet(fields={"title": ["h1"], "body": [".part"]})
    html = (
        "<h1>تیتر</h1><article><div class=part>یک.</div><div>تبلیغ میانی</div>"
        "<div class=part>دو.</div></article><footer><div class=part>نه</div></footer>"
    )
    assert read(html, of=joined).body == "یک.\nدو."


def test_a_chunk_that_two_selectors_of_a_list_match_is_read_once() -> None:
    listed = outlet(fields={"title": ["h1"], "body": [".text, .entry"]})
    assert read("<h1>تیتر</h1><div class='text entry'>یک.</div>", of=listed).body == "یک."


def test_credits_are_found_and_the_outlets_own_name_is_marked() -> None:
    html = f"<h1>برق پایدار</h1><p>به گزارش روزنامه نمونه، {BODY[3:]}"
    directory = NameDirectory.of([outlet()])
    (credit,) = read(html, directory=directory).credits
    assert (credit.name, credit.is_own) == ("روزنامه نمونه", True)


def test_a_page_without_a_byline_is_signed_in_its_tail() -> None:
    page = "<h1>باران</h1><div class=entry-content>{}<p>انتهای خبر/ نمونه‌فر</p></div>"
    article = read(page.format(BODY * 2), of=outlet("wordpress"))
    assert article.byline == "نمونه‌فر"
    assert article.tail == "انتهای خبر/ نمونه‌فر"


def test_a_site_that_signs_with_its_own_name_has_no_byline() -> None:
    head = '<meta name="author" content="{}"><meta property="og:site_name" content="Paper Daily">'
    page = f"<h1>برق پایدار</h1>{BODY}"
    assert read(head.format("Paper Daily") + page).byline is None
    assert read(head.format("مدیر سایت") + page).byline is None
    assert read(head.format("نویسنده: مینا نمونه‌فر") + page).byline == "مینا نمونه‌فر"


@pytest.mark.parametrize(
    "html", ["", "<h1>تیتر</h1>", "<p>x</p>", "\x00" * 50, "<h1></h1>" + BODY * 3]
)
def test_a_page_without_title_or_text_is_no_article(html: str) -> None:
    found = attempt(html)
    assert isinstance(found, Failure)
    assert found.kind is FailureKind.NOT_AN_ARTICLE
    assert URL in found.detail


def test_a_soft_404_is_known_by_its_title() -> None:
    lost = outlet(not_found_markers=["یافت نشد"])
    found = attempt(f"<title>صفحه یافت نشد</title><h1>نیست</h1>{BODY}", of=lost)
    assert isinstance(found, Failure)
    assert "says it has no such article" in found.detail
    assert isinstance(attempt(f"<h1>برق پایدار</h1>{BODY}<p>یافت نشد</p>", of=lost), Article)
