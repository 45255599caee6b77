"""Reads sitemaps: indexes, news sitemaps, gzip files, JSON leaves, plain lists of addresses."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from crawler.addresses import join
from crawler.article import DateClaim, DateSource, Trust
from crawler.decode import decode
from crawler.entry import Entry
from crawler.errors import BrokenSitemapError, ContentError
from crawler.feeddates import feed_date
from crawler.findings import Findings
from crawler.identity import belongs, canonical_url, external_id, may_be_article
from crawler.inflate import inflate_gzip
from crawler.outlets import Outlet
from crawler.page import Failure, Page
from crawler.plaintext import plain_line

INFLATED_LIMIT_BYTES: Final = 6_000_000  # as much as one that comes without gzip may have
MAX_LINKS: Final = 50_000  # sitemaps.org's own limit
MAX_DEPTH: Final = 20  # a sitemap nests three or four
_LOC: Final = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"\d+")
_LINK_KEYS: Final = ("loc", "url", "link", "href")
_DATE_KEYS: Final = ("lastmod", "date", "publishDate", "modified", "published")
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One address of a sitemap; empty texts mean "not said"."""

    link: str
    is_sitemap: bool = False
    changed: str = ""
    published: str = ""
    title: str = ""
    image: str = ""


def parse_sitemap(
    page: Page, *, outlet: Outlet, now: datetime, since: datetime | None = None
) -> Findings:
    """Read a sitemap; its leaves come as `further`, the newest first.

    With `since`, entries and leaves known to be older are left out. A date of change is no date of
    publication: it is kept as a claim that decides nothing.
    """
    try:
        body = inflate_gzip(page.body, limit_bytes=INFLATED_LIMIT_BYTES)
        lines = _lines(decode(body, page.charset), page.url)
    except ContentError as error:
        fault = Failure(
            requested_url=page.requested_url,
            kind=error.kind,
            detail=f"{page.url}: {error}",
            failed_at=now,
        )
        return Findings(fault=fault)
    leaves = [line for line in lines if line.is_sitemap]
    return Findings(
        entries=tuple(_entries(lines, page, outlet, now, since)),
        further=tuple(_newest_first(leaves, page, outlet, now, since)),
    )


def _lines(text: str, url: str) -> list[_Line]:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _from_json(start, url)
    if start.startswith("<"):
        return _from_xml(start, url)
    found = [_Line(link=line.strip()) for line in start.splitlines()[:MAX_LINKS]]
    if not found or not all(_is_web(line.link) for line in found):
        raise BrokenSitemapError(f"{url} is no sitemap")
    return found


def _from_xml(text: str, url: str) -> list[_Line]:
    try:
        return _walk(text, url)
    except (ParseError, DefusedXmlException, ValueError) as error:
        rescued = [_Line(link=found[1]) for found in _LOC.finditer(text)][:MAX_LINKS]
        if not rescued:
            raise BrokenSitemapError(f"{url} is no sitemap ({error!r})") from error
        return rescued


def _walk(text: str, url: str) -> list[_Line]:
    """Read element by element and keep no tree: 50,000 of them would take 40 MB."""
    lines: list[_Line] = []
    open_nodes: list[Element] = []
    for event, node in iterparse(_Encoded(text), ("start", "end"), forbid_dtd=True):
        if event == "start":
            open_nodes.append(node)
            if len(open_nodes) > MAX_DEPTH:
                raise BrokenSitemapError(f"{url} nests more than {MAX_DEPTH} elements")
            continue
        open_nodes.pop()
        if len(open_nodes) == 1 and len(lines) < MAX_LINKS:
            root = open_nodes[0]
            lines.append(_line(node, is_index=_name(root) == "sitemapindex"))
            root.clear()
        if not open_nodes:
            _require_sitemap(_name(node), lines, url)
    return [line for line in lines if line.link]


class _Encoded:
    """A text as the file of bytes the parser wants, encoded a piece at a time: no second copy."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._read = 0

    def read(self, size: int = 1, /) -> bytes:
        """Return the next `size` characters, encoded; nothing at the end."""
        begin, self._read = self._read, self._read + size
        return self._text[begin : self._read].encode("utf-8", "replace")


def _require_sitemap(root: str, lines: list[_Line], url: str) -> None:
    if root not in {"urlset", "sitemapindex"} and not any(line.link for line in lines):
        raise BrokenSitemapError(f"{url} is no sitemap but <{root}>")


def _line(node: Element, *, is_index: bool) -> _Line:
    texts: dict[str, str] = {}
    for child in node.iter():
        within = "image_loc" if str(child.tag).endswith("/sitemap-image/1.1}loc") else _name(child)
        texts.setdefault(within, (child.text or "").strip())
    return _Line(
        link=texts.get("loc", ""),
        is_sitemap=is_index or _name(node) == "sitemap",
        changed=intern(texts.get("lastmod", "")),  # thousands share a day
        published=texts.get("publication_date", ""),
        title=texts.get("title", ""),
        image=texts.get("image_loc", ""),
    )


def _name(node: Element) -> str:
    return str(node.tag).rsplit("}", 1)[-1].lower()


def _from_json(text: str, url: str) -> list[_Line]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenSitemapError(f"{url} is broken JSON ({error})") from error
    found: list[_Line] = []
    _collect(value, found)
    if not found:
        raise BrokenSitemapError(f"{url} is JSON without addresses")
    return found


def _collect(value: Any, found: list[_Line]) -> None:  # noqa: ANN401 - any JSON
    if len(found) >= MAX_LINKS:
        return
    match value:
        case str() if _is_web(value):
            found.append(_Line(link=value))
        case list():
            for part in value:
                _collect(part, found)
        case dict():
            link = next((value[key] for key in _LINK_KEYS if _is_web(value.get(key))), None)
            if link is None:
                _collect(list(value.values()), found)
                return
            changed = next((str(value[key]) for key in _DATE_KEYS if value.get(key)), "")
            found.append(_Line(link=link, changed=changed, title=str(value.get("title") or "")))


def _is_web(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://", "/"))


def _entries(
    lines: list[_Line], page: Page, outlet: Outlet, now: datetime, since: datetime | None
) -> Iterator[Entry]:
    seen: set[str] = set()
    for line in lines:
        url = join(page.url, line.link)
        if line.is_sitemap or not url or _is_leaf(url) or not _is_own_article(url, outlet):
            continue
        claim = _claim(line, now)
        canonical = canonical_url(url, outlet=outlet)
        if canonical in seen or (since and claim and claim.at < since):
            continue
        seen.add(canonical)
        yield Entry(
            outlet_id=outlet.id,
            url=url,
            canonical_url=canonical,
            external_id=external_id(url, outlet=outlet),
            title=plain_line(line.title) or None,
            published=claim,
            image_url=line.image or None,
        )


def _is_own_article(url: str, outlet: Outlet) -> bool:
    return belongs(url, outlet=outlet) and may_be_article(url, outlet=outlet)


def _is_leaf(url: str) -> bool:
    return urlsplit(url).path.lower().endswith((".xml", ".xml.gz"))


def _claim(line: _Line, now: datetime) -> DateClaim | None:
    published = _date(line.published, now)
    if published:
        return published
    changed = _date(line.changed, now)
    if changed is None:
        return None
    return DateClaim(
        at=changed.at, source=changed.source, trust=Trust.DOUBTFUL, printed=changed.printed
    )


def _date(text: str, now: datetime) -> DateClaim | None:
    claim = feed_date(text, naive_zone="Asia/Tehran", now=now)
    if claim is None:
        return None
    return DateClaim(
        at=claim.at, source=DateSource.LISTING, trust=claim.trust, printed=claim.printed
    )


def _newest_first(
    leaves: list[_Line], page: Page, outlet: Outlet, now: datetime, since: datetime | None
) -> list[str]:
    dated: list[tuple[datetime, list[int], str]] = []
    for leaf in leaves:
        url = join(page.url, leaf.link)
        claim = _date(leaf.changed, now)
        if not url or not belongs(url, outlet=outlet) or (since and claim and claim.at < since):
            continue
        numbers = [int(number) for number in _NUMBERS.findall(urlsplit(url).path)]
        dated.append((claim.at if claim else _LONG_AGO, numbers, url))
    return [url for *_, url in sorted(dated, reverse=True)]


def is_fresh(entry: Entry, *, now: datetime, within: timedelta) -> bool:
    """Tell whether a sitemap's entry changed lately, or does not say when."""
    return entry.published is None or entry.published.at >= now - within
