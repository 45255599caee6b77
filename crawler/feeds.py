"""Reads a feed (RSS 0.9-2.0, RDF, Atom, JSON Feed) into entries; feedparser's one importer."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import feedparser

from crawler import jsonfeed
from crawler.addresses import join, with_parameter
from crawler.decode import decode
from crawler.entry import Entry
from crawler.errors import BrokenFeedError, ContentError
from crawler.feeddates import feed_date
from crawler.feedshape import FeedForm, prepare
from crawler.findings import Findings
from crawler.identity import belongs, canonical_url, external_id, may_be_article
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind, Page
from crawler.plaintext import plain_line, plain_text
from crawler.rawitem import RawItem
from crawler.websub import Link

_NO_SOURCE: Final = frozenset({"بدون منبع", "-", "سایر"})
_LONGEST_NAME: Final = 300
_MAIL: Final = re.compile(r"\S+@\S+")
_EDGE: Final = " \u200c"
_SECTION_MARKS: Final = (" > ", " » ", " / ", "›")


def parse_feed(
    page: Page, *, outlet: Outlet, now: datetime, naive_zone: str | None = None
) -> Findings:
    """Read the feed in `page`; what is wrong with it is a value.

    `naive_zone` is the zone of stamps that name none; None means the profile's.
    """
    try:
        text = prepare(decode(page.body, page.charset), url=page.url)
        if text.form is FeedForm.JSON:
            items, links, problem = (*jsonfeed.read(text.text, url=page.url), "")
        else:
            items, links, problem = _read_xml(text.text, page.url)
    except ContentError as error:
        return Findings(fault=_fault(page, error.kind, str(error), now))
    if text.left_out:
        problem = f"holds {text.left_out:,} items beyond the first ones, which were not read"
    zone = naive_zone or outlet.profile.feed.naive_zone
    entries = tuple(_entries(items, page, outlet, zone, now))
    if problem:
        fault = _fault(page, FailureKind.BROKEN_FEED, f"{page.url} {problem}", now)
        return Findings(entries=entries, fault=fault, links=links)
    further = _next_page(page.url, outlet, entries)
    return Findings(entries=entries, links=links, further=further)


def _next_page(url: str, outlet: Outlet, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    parameter = outlet.profile.feed.page_parameter
    if parameter is None or not entries:
        return ()
    number = dict(parse_qsl(urlsplit(url).query)).get(parameter, "1")
    return (with_parameter(url, parameter, str(int(number) + 1)),) if number.isdecimal() else ()


def _fault(page: Page, kind: FailureKind, detail: str, now: datetime) -> Failure:
    return Failure(requested_url=page.requested_url, kind=kind, detail=detail, failed_at=now)


def _entries(
    items: tuple[RawItem, ...], page: Page, outlet: Outlet, zone: str, now: datetime
) -> Iterator[Entry]:
    seen: set[str] = set()
    for item, url in _with_addresses(items, page, outlet):
        canonical = canonical_url(url, outlet=outlet)
        if canonical in seen:
            continue
        seen.add(canonical)
        yield Entry(
            outlet_id=outlet.id,
            url=url,
            canonical_url=canonical,
            external_id=external_id(url, outlet=outlet),
            title=plain_line(item.title) or None,
            summary=plain_text(item.summary) or None,
            content_html=item.content_html.strip() or None,
            published=feed_date(item.published, naive_zone=zone, now=now),
            author=_person(item.author),
            section=_sections(item.categories),
            tags=_tags(item.categories),
            image_url=join(page.url, item.image) if item.image else None,
            source=_origin(item.source),
        )


def _with_addresses(
    items: tuple[RawItem, ...], page: Page, outlet: Outlet
) -> list[tuple[RawItem, str]]:
    found = [(item, _address(item, page, outlet)) for item in items]
    usable = [(item, url) for item, url in found if url and may_be_article(url, outlet=outlet)]
    own = [(item, url) for item, url in usable if belongs(url, outlet=outlet)]
    return own or usable  # an unknown host of the outlet's own is better read than lost


def _address(item: RawItem, page: Page, outlet: Outlet) -> str:
    href = item.link.strip()
    if not href and (item.guid_is_link or outlet.profile.feed.guid_is_link):
        href = item.guid.strip()
    return (join(page.url, href) or "") if href else ""


def _origin(source: str) -> str | None:
    name = plain_line(source)
    return name if name and name not in _NO_SOURCE else None


def _person(author: str) -> str | None:
    return plain_line(_MAIL.sub(" ", author[:_LONGEST_NAME])).strip("()<> ") or None


def _sections(categories: tuple[str, ...]) -> tuple[str, ...]:
    for category in map(plain_line, categories):
        for mark in _SECTION_MARKS:
            if mark in category:
                return tuple(filter(None, (part.strip(_EDGE) for part in category.split(mark))))
    first = next(iter(filter(None, map(plain_line, categories))), None)
    return (first,) if first else ()


def _tags(categories: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(plain_line, categories[1:]))))


def _read_xml(text: str, url: str) -> tuple[tuple[RawItem, ...], tuple[Link, ...], str]:
    parsed = _parsed(text, url)
    items = tuple(_item(entry) for entry in parsed.entries)
    links = tuple(_links(parsed.feed.get("links", ())))
    problem = ""
    if parsed.bozo:
        problem = f"is broken XML ({parsed.bozo_exception}); {len(items)} items could be read"
    return items, links, problem


def _parsed(text: str, url: str) -> Any:  # noqa: ANN401 - the library's own shape
    """Let the library read; what it stumbles over (a stray end tag is enough) is a broken feed."""
    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (LookupError, ValueError, AttributeError, TypeError, AssertionError) as error:
        raise BrokenFeedError(f"{url} is a feed that cannot be read ({error!r})") from error


def _links(found: Iterable[Mapping[str, str]]) -> Iterator[Link]:
    for each in found:
        one = Link.of(each.get("rel", ""), each.get("href", ""))
        if one.rels & {"hub", "self"}:
            yield one


def _item(entry: Any) -> RawItem:  # noqa: ANN401 - the library's own shape ends here
    return RawItem(
        link=entry.get("feedburner_origlink") or entry.get("link") or "",
        guid=entry.get("id") or "",
        guid_is_link=bool(entry.get("guidislink")),
        title=entry.get("title") or "",
        summary=entry.get("summary") or "",
        content_html=_longest(entry.get("content", ())),
        published=entry.get("published") or entry.get("created") or entry.get("updated") or "",
        author=entry.get("author") or "",
        categories=tuple(tag["term"] for tag in entry.get("tags", ()) if tag.get("term")),
        image=_image(entry),
        source=entry.get("source", {}).get("title") or "",
    )


def _longest(contents: Any) -> str:  # noqa: ANN401 - the library's own shape ends here
    return max((str(content.get("value") or "") for content in contents), key=len, default="")


def _image(entry: Any) -> str:  # noqa: ANN401 - the library's own shape ends here
    for link in entry.get("links", ()):
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/"):
            return str(link.get("href", ""))
    for media in (*entry.get("media_content", ()), *entry.get("media_thumbnail", ())):
        if media.get("medium", "image") == "image" and media.get("url"):
            return str(media["url"])
    return str(entry.get("image", {}).get("href") or entry.get("href") or "")
