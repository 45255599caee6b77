"""Feeds written to hurt: bounded, told, and read as far as they go."""

import pytest

from crawler.page import FailureKind
from tests.crawler.feedmaking import item, one, read, rss


def test_deep_nesting_is_refused_without_being_parsed() -> None:
    body = rss(item(more="<a>" * 200_000 + "</a>" * 200_000))
    reading = read(body)
    assert reading.fault is not None
    assert "nests more than" in reading.fault.detail


@pytest.mark.parametrize("opening", ["<![CDATA[", "<!--", "<", "<?", "&", "<a "])
def test_unclosed_openings_cost_no_more_than_their_length(opening: str) -> None:
    reading = read(rss(item(), head=opening * 200_000))
    assert len(reading.entries) <= 1


def test_a_billion_laughs_stay_a_short_joke() -> None:
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{levels}]>' + rss(
        item(title="&l9;")
    ).removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    assert one(body).title == "&l9;"


def test_external_entities_are_not_read() -> None:
    body = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(item(title="&x;"))
    assert one(body.replace('<?xml version="1.0" encoding="UTF-8"?>', "")).title == "&x;"


def test_fifty_thousand_items_are_cut_and_reported() -> None:
    reading = read(rss(*(item(f"n{i}") for i in range(50_000))))
    assert len(reading.entries) == 2_000
    assert reading.fault is not None
    assert "48,000 items" in reading.fault.detail


HOSTILE_UNITS = ("<!--", "<a ", "<![", "</", "&", "x", "<a href='", "نوشته اولین بار در ", "]]")


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_names_and_dates_of_a_megabyte_are_cut_and_the_item_is_read(unit: str) -> None:
    long = f"<![CDATA[{unit * (1_000_000 // len(unit))}]]>"
    names = ("category", "author", "pubDate", "guid", "source", "dc:creator")
    more = "".join(f"<{name}>{long}</{name}>" for name in names)
    entry = one(rss(item(more=more), head=f"<managingEditor>{long}</managingEditor>"))
    assert entry.title == "بارش در ماهان"
    assert len(entry.author or "") <= 300
    assert all(len(tag) <= 2_000 for tag in (*entry.section, *entry.tags))


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_a_summary_of_a_megabyte_is_read_whatever_it_holds(unit: str) -> None:
    long = unit * (1_000_000 // len(unit))
    assert read(rss(item(more=f"<description><![CDATA[{long}]]></description>"))).entries
    assert read(rss(item(more=f"<description>{long}</description>"))).entries


def test_a_long_body_is_kept_whole_while_a_long_title_is_cut() -> None:
    body = "<p>" + "خبر " * 50_000 + "</p>"
    more = f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    entry = one(rss(item(title="تیتر " * 5_000, more=more)))
    assert entry.content_html == body
    assert len(entry.title or "") <= 2_000


def test_a_feed_that_the_library_stumbles_over_is_told_as_broken() -> None:
    """Found by fuzzing: an end tag of a link that never began, in a feed that is torn."""
    reading = read(
        "<rss version='2.0'><channel><item><title>خبر</title><link>/1/</lin0000k>"
        "<pubDate>x</pubDate></item><<lin1/</link></item></channel></rss>"
    )
    assert reading.fault is not None
    assert reading.fault.kind is FailureKind.BROKEN_FEED
