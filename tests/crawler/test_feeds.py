import re
from datetime import UTC, datetime

import pytest

from crawler.article import Trust
from crawler.findings import Findings
from crawler.page import FailureKind
from tests.crawler.feedmaking import item, one, read, rss
from tests.crawler.making import outlet


def test_a_wordpress_item_is_read_field_by_field() -> None:
    entry = one(
        rss(
            item(
                "baresh",
                "بارش &#8230; ۱۲ میلی‌متر",
                "<dc:creator><![CDATA[مریم صادقی]]></dc:creator>"
                "<pubDate>Sun, 22 Nov 2026 08:30:00 +0000</pubDate>"
                "<category><![CDATA[استان]]></category><category><![CDATA[هواشناسی]]></category>"
                "<guid isPermaLink='false'>https://nazir.example/?p=41</guid>"
                "<description><![CDATA[<p>باران در ماهان بارید [&#8230;]</p>\n"
                "<p>نوشته <a href='x'>بارش</a> اولین بار در <a href='y'>نذیر</a> پدیدار شد.</p>"
                "]]></description>"
                "<content:encoded><![CDATA[<p>باران</p>]]></content:encoded>"
                "<media:content url='/img/1.jpg' medium='image'/>",
            )
        )
    )
    assert entry.outlet_id == "nazir"
    assert entry.url == entry.canonical_url == "https://nazir.example/baresh"
    assert entry.external_id is None, "a guid is no permalink"
    assert entry.title == "بارش … ۱۲ میلی‌متر"
    assert entry.summary == "باران در ماهان بارید […]"
    assert entry.content_html == "<p>باران</p>"
    assert entry.author == "مریم صادقی"
    assert entry.section == ("استان",)
    assert entry.tags == ("هواشناسی",)
    assert entry.image_url == "https://nazir.example/img/1.jpg"
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert entry.published.printed == "Sun, 22 Nov 2026 08:30:00 +0000"


def test_a_nastooh_item_has_a_doubly_encoded_section_a_source_and_no_body() -> None:
    mehr = outlet(id="mehr", homepage="https://www.mehr.example", profile="nastooh")
    entry = one(
        rss(
            "<title>افتتاح</title><link>https://www.mehr.example/news/6983317/%D8%A2%D8%B3</link>"
            "<description /><content:encoded /><source>خانه ملت</source>"
            "<enclosure url='https://media.mehr.example/1.jpg' length='1024000' type='image/jpeg'/>"
            "<category domain='Lorestan'>استانها &amp;gt; لرستان</category>"
            "<pubDate>Sun, 22 Nov 2026 19:30:10 GMT</pubDate>"
            "<guid>https://www.mehr.example/news/6983317/%D8%A2%D8%B3</guid>"
        ),
        mehr,
        url="https://www.mehr.example/rss",
    )
    assert entry.external_id == "6983317"
    assert entry.canonical_url == "https://www.mehr.example/news/6983317"
    assert entry.section == ("استانها", "لرستان")
    assert entry.tags == ()
    assert (entry.summary, entry.content_html) == (None, None)
    assert entry.source == "خانه ملت"
    assert entry.image_url == "https://media.mehr.example/1.jpg"


def test_a_sepehr_item_has_no_weekday_no_guid_a_raw_link_and_an_address_for_an_author() -> None:
    sima = outlet(id="sima", homepage="https://www.sima.example", profile="iransamaneh")
    entry = one(
        rss(
            "<title>رونمایی</title><link>https://www.sima.example/fa/news/5682908/کشف-انبار</link>"
            "<description>شرح</description><author>info@sima.example</author>"
            "<pubDate>22 Nov 2026 15:55:42 +0330</pubDate>"
        ),
        sima,
        url="https://www.sima.example/fa/rss/allnews",
    )
    assert entry.external_id == "5682908"
    assert entry.author is None
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 22, 12, 25, 42, tzinfo=UTC)
    assert entry.published.trust is Trust.EXACT


def test_naive_stamps_are_read_in_the_zone_of_the_dialect() -> None:
    body = rss(item(more="<pubDate>2026-11-22T12:30:41</pubDate>"))
    at = {
        zone: entry.published.at.hour
        for zone in ("UTC", "Asia/Tehran")
        if (entry := one(body, naive_zone=zone)).published
    }
    assert at == {"UTC": 12, "Asia/Tehran": 9}


def test_an_outlets_override_of_the_zone_is_obeyed() -> None:
    utc = outlet(overrides={"feed": {"naive_zone": "UTC"}})
    entry = one(rss(item(more="<pubDate>2026-11-22 12:30</pubDate>")), utc)
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://nazir.example"><title>نذیر</title></channel>
<item rdf:about="https://nazir.example/r"><title>رصد</title><link>https://nazir.example/r</link>
<dc:date>2026-11-22T10:00:00+03:30</dc:date><dc:subject>استان</dc:subject></item></rdf:RDF>"""

RSS_091 = """<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd">
<rss version="0.91"><channel><title>نذیر</title><item><title>رصد</title>
<link>https://nazir.example/r</link><description>متن</description></item></channel></rss>"""

RSS_090 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>نذیر</title></channel>
<item><title>رصد</title><link>https://nazir.example/r</link></item></rdf:RDF>"""

RSS_092 = """<?xml version="1.0"?><rss version="0.92"><channel><title>نذیر</title><item>
<title>رصد</title><link>https://nazir.example/r</link><source url="https://x.example/">نقل</source>
</item></channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>نذیر</title>
<link rel="hub" href="https://hub.example/"/>
<entry><title type="html">رصد &amp;amp; خبر</title><id>tag:x,1</id>
<link rel="alternate" href="/r"/><updated>2026-11-22T10:00:00Z</updated>
<published>2026-11-22T06:30:00Z</published><author><name>مریم</name></author>
<summary>متن</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>تن</p></div>
</content></entry></feed>"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "نذیر",
"hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
"items": [{"id": "9", "url": "https://nazir.example/r", "title": "رصد", "content_text": "تن\\nدوم",
"date_published": "2026-11-22T10:00:00+03:30", "authors": [{"name": "مریم"}],
"tags": ["استان", "آب"], "image": "/i.png", "summary": "متن"}]}"""


@pytest.mark.parametrize("body", [RDF, RSS_090, RSS_091, RSS_092, ATOM, JSON_FEED])
def test_every_family_of_feeds_is_read(body: str) -> None:
    entry = one(body)
    assert entry.canonical_url == "https://nazir.example/r"
    assert entry.title in {"رصد", "رصد & خبر"}
    if entry.published:
        assert entry.published.at == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def test_rss_dates_of_rdf_atom_and_json_are_all_read() -> None:
    assert all(one(body).published for body in (RDF, ATOM, JSON_FEED))


@pytest.mark.parametrize("body", [ATOM, JSON_FEED])
def test_a_hub_is_reported(body: str) -> None:
    hubs = [link.href for link in read(body).links if "hub" in link.rels]
    assert hubs == ["https://hub.example/"]


def test_a_json_feed_gives_its_text_author_tags_and_picture() -> None:
    entry = one(JSON_FEED)
    assert entry.content_html == "<p>تن</p><p>دوم</p>"
    assert entry.author == "مریم"
    assert (entry.section, entry.tags) == (("استان",), ("آب",))
    assert entry.image_url == "https://nazir.example/i.png"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!DOCTYPE html><html><body>صفحه</body></html>", "an HTML page"),
        ("\ufeff <html lang=fa>", "an HTML page"),
        ("", "nothing"),
        ("سلام", "something else"),
        ("<sitemap></sitemap>", "something else"),
        ('{"routes": {}}', "no JSON Feed"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: str, words: str) -> None:
    reading = read(body)
    assert reading.entries == ()
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.NOT_A_FEED
    assert words in reading.fault.detail
    assert "nazir.example/feed" in reading.fault.detail


def test_an_empty_channel_is_no_fault() -> None:
    assert read(rss()) == Findings()


def test_broken_xml_gives_what_could_be_read_and_says_so() -> None:
    whole = rss(item("a"), item("b"), item("c"))
    torn = whole[: whole.index("example/c")]
    reading = read(torn)
    assert [entry.url[-1] for entry in reading.entries][:2] == ["a", "b"]
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.BROKEN_FEED


def test_unescaped_signs_bad_characters_and_foreign_entities_do_not_break_a_feed() -> None:
    body = rss(item("a", "آب & برق\x0b &nbsp;&zwnj;&laquo;مس&raquo; &unknown; &#11;"))
    assert one(body).title == "آب & برق \u200c«مس» &unknown;"


def test_a_warning_before_the_feed_is_passed_over() -> None:
    body = "Warning: Undefined index in /x.php on line 3\n" + rss(item())
    assert one(body).title == "بارش در ماهان"


def test_broken_json_is_a_broken_feed() -> None:
    reading = read('{"items": [')
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.BROKEN_FEED


def test_a_feed_in_windows_1256_is_read() -> None:
    body = rss(item("a", "خبر تازه")).replace("UTF-8", "windows-1256")
    assert one(body.replace("بارش در ماهان", "").encode("cp1256", "xmlcharrefreplace")).title == (
        "خبر تازه"
    )


def test_an_item_twice_is_one_entry_and_the_first_wins() -> None:
    entry = one(rss(item("a", "نخست"), item("a/?utm_source=rss", "دوم")))
    assert entry.title == "نخست"


def test_repeated_ids_for_new_stories_lose_no_story() -> None:
    guid = "<guid isPermaLink='false'>same</guid>"
    reading = read(rss(item("a", "نخست", guid), item("b", "دوم", guid), item("c", "سوم", guid)))
    assert [entry.title for entry in reading.entries] == ["نخست", "دوم", "سوم"]


def test_a_guid_stands_in_for_a_missing_link_only_when_it_is_one() -> None:
    body = rss(
        "<title>یک</title><guid>https://nazir.example/one</guid>",
        "<title>دو</title><guid isPermaLink='false'>17</guid>",
        "<title>سه</title>",
    )
    assert [entry.title for entry in read(body).entries] == ["یک"]


def test_links_to_other_hosts_are_left_out_when_there_are_own_ones() -> None:
    own = item("a")
    foreign = "<title>آگهی</title><link>https://ads.example/buy</link>"
    assert [entry.url for entry in read(rss(own, foreign)).entries] == ["https://nazir.example/a"]


def test_a_feed_of_an_unlisted_host_is_read_rather_than_lost() -> None:
    foreign = "<title>خبر</title><link>https://new-domain.example/5/x</link>"
    assert len(read(rss(foreign)).entries) == 1


def test_relative_broken_and_script_links_are_resolved_or_left_out() -> None:
    body = rss(
        "<title>یک</title><link>\n  /news/one\n</link>",
        "<title>دو</title><link>javascript:alert(1)</link>",
        "<title>سه</title><link>http://[bad/</link>",
    )
    assert [entry.url for entry in read(body).entries] == ["https://nazir.example/news/one"]


def test_the_origin_link_behind_a_counter_is_used() -> None:
    more = "<feedburner:origLink>https://nazir.example/real</feedburner:origLink>"
    entry = one(rss(item("proxy", more=more)))
    assert entry.canonical_url == "https://nazir.example/real"


@pytest.mark.parametrize(
    "more",
    [
        "<image><url>https://nazir.example/i.jpg</url></image>",
        "<media:thumbnail url='https://nazir.example/i.jpg'/>",
        "<enclosure url='https://nazir.example/i.jpg' type='image/jpeg' length='1'/>",
    ],
)
def test_pictures_are_found_wherever_a_feed_puts_them(more: str) -> None:
    assert one(rss(item(more=more))).image_url == "https://nazir.example/i.jpg"


def test_a_source_that_says_no_source_is_none() -> None:
    assert one(rss(item(more="<source>بدون منبع</source>"))).source is None


def test_a_title_with_markup_and_breaks_is_one_line() -> None:
    body = rss(item(title="<![CDATA[<b>مس</b>\n  سرچشمه &amp;laquo;نو&amp;raquo;]]>"))
    assert one(body).title == "مس سرچشمه «نو»"


def test_a_summary_in_blocks_keeps_lines_and_glues_no_words() -> None:
    html = "<![CDATA[<p>آب <b>و</b>برق</p><ul><li>یک</li><li>دو</li></ul><script>x()</script>]]>"
    entry = one(rss(item(more=f"<description>{html}</description>")))
    assert entry.summary == "آب وبرق\nیک\nدو"


def test_the_english_tail_of_wordpress_goes_too() -> None:
    html = '<![CDATA[متن<p>The post <a href="a">x</a> first appeared on <a href="b">y</a>.</p>]]>'
    assert one(rss(item(more=f"<description>{html}</description>"))).summary == "متن"


def test_an_outlet_a_day_ahead_gives_doubtful_dates_and_loses_nothing() -> None:
    more = "<pubDate>Tue, 24 Nov 2026 06:00:00 GMT</pubDate>"
    entry = one(rss(item(more=more)))
    assert entry.published is not None
    assert entry.published.trust is Trust.DOUBTFUL


def test_every_entry_is_timed_by_aware_utc() -> None:
    stamps = (
        "Sun, 22 Nov 2026 08:30:00 +0000",
        "2026-11-22",
        "۱۴۰۵/۰۹/۰۱ ۱۰:۳۰",
        "1405-09-01T10:30",
    )
    body = rss(*(item(f"i{i}", more=f"<pubDate>{s}</pubDate>") for i, s in enumerate(stamps)))
    for entry in read(body).entries:
        assert entry.published is not None
        assert entry.published.at.tzinfo is UTC
        assert re.search(r"22|21", str(entry.published.at.day))
