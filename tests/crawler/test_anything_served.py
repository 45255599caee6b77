"""Whatever bytes a server sends, the answer is a value: a page, or a failure in words."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.entry import Entry
from crawler.fetch import Fetcher
from crawler.outlets import WayIn, WayKind
from crawler.page import Failure, Fetched, Page, Unchanged
from crawler.ways import read_answer
from tests.crawler.hostile import OPEN, Press, hang_up
from tests.crawler.making import NOW, outlet, page

PAPER = outlet(profile="nastooh")
QUICK = replace(OPEN, time_limit=timedelta(seconds=2), size_limit_bytes=100_000)

STATUS_LINES = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 302 Found", b"HTTP/1.0 304", b"HTTP/9 999", b"ICY 200 OK", b""]
)
HEADERS = st.lists(
    st.sampled_from(
        [
            b"Content-Length: 5",
            b"Content-Length: -1",
            b"Content-Length: 99999999999999999999",
            b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: gzip, chunked",
            b"Content-Encoding: gzip",
            b"Content-Encoding: deflate",
            b"Content-Type: text/html; charset=\xff\xfe",
            b"Location: /x",
            b"Location: //[::",
            b"Location: http://\xd8\xb3/",
            b"Location: data:text/html,x",
            b"Set-Cookie: a=b",
            b"Retry-After: 99999999999999999999",
            b"Retry-After: Mon, 99 Foo 2026",
            b": nameless",
            b"broken line",
            b"X: " + b"y" * 70_000,
        ]
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(STATUS_LINES, HEADERS, st.binary(max_size=60))
def test_any_response_becomes_a_value(first: bytes, headers: list[bytes], body: bytes) -> None:
    async def scene() -> Fetched:
        async with Press() as press, Fetcher(QUICK) as fetcher:
            wire = b"\r\n".join([first, *headers, b"", b""]) + body
            return await fetcher.fetch(press.serve("/*", hang_up(wire)) or press.url("/x"))

    assert isinstance(asyncio.run(scene()), Page | Unchanged | Failure)


PIECES = st.sampled_from(
    [
        "<rss>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>",
        "</link>", "<![CDATA[", "]]>", "<!--", "-->", "https://nazir.example/news/12345",
        "/news/54321", "http://[", "&", ";", "<url>", "</url>", "<loc>", "</loc>", "<urlset>",
        "</urlset>", "<sitemapindex>", "<sitemap>", "<lastmod>", "2026-11-22", "۱۴۰۵/۰۹/۰۱",
        "<pubDate>", "</pubDate>", "<entry>", "<feed xmlns='x'>", "<a href='", "'>", "</a>",
        "<base href='http://[", "<?xml version='1.0'?>", "<!DOCTYPE x [", "]>", "{", "}", "[",
        "]", '"items":', '"url":', '"', ",", "\x00", "کرمان", "\u200c", "\ufeff", "\ufffe",
        "<", ">", "/", "<h3>", "null", "[]", "{}", "<li class=news>",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(list(WayKind)))
def test_any_text_is_read_or_told(text: str, kind: WayKind) -> None:
    way = WayIn(kind=kind, url="https://nazir.example/x")
    findings = read_answer(page(text), way, PAPER, NOW)
    assert all(isinstance(entry, Entry) for entry in findings.entries)
    addresses = [entry.canonical_url for entry in findings.entries]
    assert len(addresses) == len(set(addresses))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(list(WayKind)))
def test_any_bytes_are_read_or_told(body: bytes, kind: WayKind) -> None:
    way = WayIn(kind=kind, url="https://nazir.example/x")
    findings = read_answer(page(body), way, PAPER, NOW)
    assert findings.entries or findings.fault or kind in {WayKind.FEED, WayKind.SITEMAP}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("/news/12345"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["link", "url", "loc", "title", "rendered", "id", "items", "_embedded"])
            | st.sampled_from(["author", "authors", "wp:term", "date_gmt", "name", "hubs", "tags"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON_VALUES, st.sampled_from([WayKind.FEED, WayKind.SITEMAP, WayKind.WORDPRESS]))
def test_any_json_is_read_or_told(value: object, kind: WayKind) -> None:
    way = WayIn(kind=kind, url="https://nazir.example/x")
    findings = read_answer(page(json.dumps(value)), way, PAPER, NOW)
    assert all(entry.url.startswith("http") for entry in findings.entries)
