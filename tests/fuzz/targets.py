"""What is fuzzed: each target takes any bytes, and may raise nothing but the error it promises."""

import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import CrawlerError
from crawler.extract import extract
from crawler.feeds import parse_feed
from crawler.outlets import outlet_from
from crawler.page import Page
from persian.dates import find_dates
from persian.fold import fold
from service.errors import SettingsError
from service.settings import Settings, load_settings
from storage.query_error import QueryError
from storage.query_format import format_query
from storage.query_parser import parse
from tests.crawler.making import outlet

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
OUTLET = outlet(profile="wordpress")


def query(data: bytes) -> None:
    """A query is read or refused with its place; what was read is written and reads alike."""
    text = data.decode("utf-8", "replace")
    with suppress(QueryError):
        read = parse(text, now=NOW)
        assert parse(format_query(read), now=NOW) == read


def dates(data: bytes) -> None:
    """Any text has some dates or none, each where the text says it stands."""
    text = data.decode("utf-8", "replace")
    for found in find_dates(text, now=NOW):
        assert text[found.start : found.end] == found.printed
        assert found.at.tzinfo is UTC


def folding(data: bytes) -> None:
    """Folding twice is folding once."""
    once = fold(data.decode("utf-8", "replace"))
    assert fold(once) == once


def feed(data: bytes) -> None:
    """A feed gives entries or a fault as a value."""
    parse_feed(_page(data, "application/rss+xml"), outlet=OUTLET, now=NOW)


def page(data: bytes) -> None:
    """A page gives an article or a failure as a value."""
    extract(_page(data, "text/html"), OUTLET, now=NOW)


def toml(data: bytes) -> None:
    """An outlet's file is an outlet or refused with its place."""
    with suppress(CrawlerError, tomllib.TOMLDecodeError, RecursionError):
        outlet_from(tomllib.loads(data.decode("utf-8", "replace")), place="fuzz.toml")


def settings(data: bytes) -> None:
    """A value from the environment is a setting or refused with its name."""
    value = data.decode("utf-8", "replace").replace("\0", "")
    for name in ("RASAD_CRAWL__ONLY", "RASAD_WEB__PORT", "RASAD_SMTP", "RASAD_LANGUAGE"):
        with suppress(SettingsError):
            assert isinstance(load_settings(NOWHERE, {name: value}), Settings)


def _page(data: bytes, media_type: str) -> Page:
    return Page(
        requested_url="https://nazir.example/1/",
        url="https://nazir.example/1/",
        status=200,
        media_type=media_type,
        charset=None,
        body=data,
        fetched_at=NOW,
    )


#: An empty settings file, so that only the environment speaks.
NOWHERE = Path("/dev/null")

TARGETS: dict[str, Callable[[bytes], None]] = {
    "query": query,
    "dates": dates,
    "folding": folding,
    "feed": feed,
    "page": page,
    "toml": toml,
    "settings": settings,
}

#: Where the mutation begins: small examples of what each target is meant to read.
SEEDS: dict[str, tuple[str, ...]] = {
    "query": (
        'مس OR "صنایع کوچک" NEAR/3 وام -تبلیغ outlet:nazir date:1404-01..1404/02/30',
        "title:(معدن AND (سیرجان OR زرند)) =آستان last:7d topic:copper NOT lang:en",
        "role:local copies:>2 «کارگاه‌های کوچک» after:1403 before:2025-01-01",
    ),
    "dates": (
        "دوشنبه ۲ آذر ۱۴۰۵ - ۱۴:۳۵",
        "1404/12/30 ساعت ۰۹:۰۵ | ۳ ساعت پیش | Mon, 23 Nov 2026 06:00:00 +0330",
        "بیست و نهم اسفند ۱۴۰۳ و 2026-11-23T06:00:00Z و دیروز ۲۳:۵۹",
    ),
    "folding": ("كتاب‌هاي ۱۲۳ مى‌رود َ ُ ِ ٤٥٦ ﻻ\u200f\u200e", "İıK ﷲ ｱ"),
    "feed": (
        (
            "<?xml version='1.0'?><rss version='2.0'><channel><item><title>خبر</title>"
            "<link>/1/</link><pubDate>Mon, 23 Nov 2026 06:00:00 +0330</pubDate></item>"
            "</channel></rss>"
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title>"
            "<link href='/2/'/><updated>2026-11-23T06:00:00Z</updated></entry></feed>"
        ),
        '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/3/"}]}',
    ),
    "page": (
        (
            "<!DOCTYPE html><html><head><meta charset=utf-8><script type='application/ld+json'>"
            '{"@type":"NewsArticle","headline":"خبر","datePublished":"2026-11-23"}</script></head>'
            "<body><h1>خبر</h1><div class='entry-content'><p>به گزارش ایرنا، کرمان.</p></div>"
            "</body>"
        ),
    ),
    "toml": (
        (
            "id = 'nazir'\nname = 'نذیر'\nname_en = 'N'\nhomepage = 'https://nazir.example'\n"
            "role = 'local'\nprofile = 'wordpress'\n[[ways_in]]\nkind = 'feed'\nurl = 'https://n.e/f'\n"
            "[politeness]\npause_seconds = 2\n[interval]\nmin_minutes = 5\n"
        ),
    ),
    "settings": ("['a', 'b']", "8765", "fa", "{}"),
}
