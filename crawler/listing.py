"""Reads the links of a list page (section, tag, archive, front page) into entries."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from crawler.addresses import join
from crawler.article import DateClaim, DateSource
from crawler.blocks import inline_text
from crawler.entry import Entry
from crawler.extractors import Extractor, Where
from crawler.findings import Findings
from crawler.identity import belongs, canonical_url, external_id, may_be_article
from crawler.markup import Node, Tree, parse
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind, Page
from crawler.pagedates import claim
from crawler.profiles import ListRules
from crawler.websub import Link

MAX_LINKS: Final = 500  # a page of 50,000 links is a trap, not a list
_LONGEST_TITLE: Final = 300
_LONGEST_HEADLINE: Final = 160  # what is longer and links to an article is its lead
_HEADLINE_LETTERS: Final = 15  # shorter link texts are menus («سیاسی», «ادامه مطلب»)
_MENU: Final = "nav a, header a, footer a, .menu a, .navbar a, .breadcrumb a"
_SLUG: Final = re.compile(r"\d{3,}|-.*-")


def parse_list(page: Page, *, outlet: Outlet, now: datetime, links: str | None = None) -> Findings:
    """Read the articles a list page links to, in the page's order, each once.

    `links` is the way's own selector; without one the profile's rules apply, and where they find
    nothing, links that look like headlines. A page without any is a fault: its markup changed.
    """
    tree = parse(page.body, page.charset)
    base = _base(tree, page.url)
    rules = outlet.profile.lists
    found = _entries(_boxes(tree, rules, links), base, outlet, now, rules.published)
    entries = _each_once(found) or _each_once(_headlines(tree, base, outlet))
    if not entries:
        return Findings(fault=_nothing(page, now))
    return Findings(
        entries=entries,
        further=tuple(_next(tree, rules, base, outlet)),
        links=tuple(_offers(tree)),
    )


def _offers(tree: Tree) -> Iterator[Link]:
    """Yield the links of the head only: in a body they may be a reader's (WebSub §8.1)."""
    for one in tree.css("head link[rel~='hub'][href], head link[rel~='self'][href]"):
        yield Link.of(one.attributes.get("rel") or "", one.attributes.get("href") or "")


def _nothing(page: Page, now: datetime) -> Failure:
    return Failure(
        requested_url=page.requested_url,
        kind=FailureKind.NOTHING_FOUND,
        detail=f"{page.url} holds no link to an article; the list's markup may have changed",
        failed_at=now,
    )


def _base(tree: Tree, url: str) -> str:
    base = tree.css_first("base[href]")
    named = join(url, base.attributes.get("href") or "") if base else None
    return named or url


def _boxes(
    tree: Tree, rules: ListRules, links: str | None
) -> Iterator[tuple[Node, Sequence[Node]]]:
    """Yield every box that may hold a date, with the links in it."""
    selectors = (links,) if links else rules.links
    if rules.items and not links:
        for box in _all(tree, rules.items):
            yield box, _all(box, selectors or ("a[href]",))
        return
    for link in _all(tree, selectors):
        yield link.parent or link, (link,)


def _all(within: Tree | Node, selectors: Iterable[str]) -> list[Node]:
    selector = ", ".join(selectors)
    return within.css(selector) if selector else []


def _entries(
    boxes: Iterable[tuple[Node, Sequence[Node]]],
    base: str,
    outlet: Outlet,
    now: datetime,
    dates: tuple[Extractor, ...],
) -> Iterator[Entry]:
    for box, links in boxes:
        found = [(url, link) for link in links if (url := _article_url(link, base, outlet))]
        if found:
            first = canonical_url(found[0][0], outlet=outlet)
            same = (link for url, link in found if canonical_url(url, outlet=outlet) == first)
            title = _best_title(map(_title, same))
            yield _entry(found[0][0], title, _date(box, dates, now), outlet)


def _best_title(titles: Iterable[str | None]) -> str | None:
    """Choose the headline among the kicker, the headline and the lead that link to one article."""
    known = [title for title in titles if title]
    headlines = [title for title in known if len(title) <= _LONGEST_HEADLINE]
    return max(headlines, key=len, default=known[0] if known else None)


def _headlines(tree: Tree, base: str, outlet: Outlet) -> Iterator[Entry]:
    menus = {link.mem_id for link in tree.css(_MENU)}
    for link in tree.css("a[href]"):
        if link.mem_id in menus:
            continue
        url = _article_url(link, base, outlet)
        title = _title(link)
        if url and title and len(title) >= _HEADLINE_LETTERS and _SLUG.search(url):
            yield _entry(url, title, None, outlet)


def _article_url(link: Node, base: str, outlet: Outlet) -> str | None:
    href = (link.attributes.get("href") or "").strip()
    url = join(base, href) if href and not href.startswith("#") else None
    if url is None or url == base or not belongs(url, outlet=outlet):
        return None
    return url if may_be_article(url, outlet=outlet) else None


def _entry(url: str, title: str | None, date: DateClaim | None, outlet: Outlet) -> Entry:
    return Entry(
        outlet_id=outlet.id,
        url=url,
        canonical_url=canonical_url(url, outlet=outlet),
        external_id=external_id(url, outlet=outlet),
        title=title,
        published=date,
    )


def _title(link: Node) -> str | None:
    text = inline_text(link) or (link.attributes.get("title") or "").strip()
    return " ".join(text.split())[:_LONGEST_TITLE] or None


def _date(box: Node, dates: tuple[Extractor, ...], now: datetime) -> DateClaim | None:
    for date in dates:
        for node in box.css(date.query) if date.where is Where.SELECTOR else ():
            text = node.attributes.get(date.attribute) if date.attribute else inline_text(node)
            found = claim((text or "").strip()[:100], DateSource.LISTING, now=now)
            if found:
                return found
    return None


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    kept: dict[str, Entry] = {}
    for entry in islice(entries, MAX_LINKS * 4):
        known = kept.setdefault(entry.canonical_url, entry)
        kept[entry.canonical_url] = replace(
            known,
            title=_best_title((known.title, entry.title)),
            published=known.published or entry.published,
        )
    return tuple(islice(kept.values(), MAX_LINKS))


def _next(tree: Tree, rules: ListRules, base: str, outlet: Outlet) -> Iterator[str]:
    for link in _all(tree, rules.next)[:1]:
        url = join(base, link.attributes.get("href") or "")
        if url and belongs(url, outlet=outlet):
            yield url
