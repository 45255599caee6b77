"""Reads posts from the REST interface of WordPress (`/wp-json/wp/v2/posts`)."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.addresses import join
from crawler.article import DateClaim, DateSource, Trust
from crawler.decode import decode
from crawler.entry import Entry
from crawler.feeddates import CLOCK_SKEW
from crawler.findings import Findings
from crawler.identity import canonical_url, external_id, may_be_article
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind, Page
from crawler.plaintext import plain_line, plain_text

PER_PAGE: Final = 50  # the interface allows 100; half of it answers on small hosts
_FIELDS: Final = "id,date,date_gmt,link,title,excerpt,_links,_embedded"


def posts_url(url: str, *, page: int = 1, before: datetime | None = None) -> str:
    """Write the address that lists posts, newest first, optionally those before an instant."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query |= {
        "per_page": str(PER_PAGE),
        "orderby": "date",
        "order": "desc",
        "_fields": _FIELDS,
        "_embed": "author,wp:term",
    }
    if page > 1:
        query["page"] = str(page)
    if before is not None:
        query["before"] = before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return urlunsplit(parts._replace(query=urlencode(query)))


def parse_posts(page: Page, *, outlet: Outlet, now: datetime) -> Findings:
    """Read one page of posts; the next one is `further` when the headers say there is one."""
    try:
        posts = json.loads(decode(page.body, page.charset))
    except (ValueError, RecursionError):
        posts = None
    if not isinstance(posts, list):
        fault = Failure(
            requested_url=page.requested_url,
            kind=FailureKind.BROKEN_SITEMAP,
            detail=f"{page.url} gives no list of posts; the REST interface may be closed",
            failed_at=now,
        )
        return Findings(fault=fault)
    entries = {entry.canonical_url: entry for entry in _entries(posts, page, outlet, now)}
    return Findings(entries=tuple(entries.values()), further=_next(page, len(posts)))


def _next(page: Page, count: int) -> tuple[str, ...]:
    query = dict(parse_qsl(urlsplit(page.url).query))
    number = int(query.get("page", "1")) if query.get("page", "1").isdigit() else 1
    total = page.headers.get("x-wp-totalpages", "")
    if not count or not total.isdigit() or number >= int(total):
        return ()
    query["page"] = str(number + 1)
    return (urlunsplit(urlsplit(page.url)._replace(query=urlencode(query))),)


def _entries(posts: list[Any], page: Page, outlet: Outlet, now: datetime) -> Iterator[Entry]:
    for post in posts:
        link = post.get("link") if isinstance(post, dict) else None
        if not isinstance(link, str):
            continue
        url = join(page.url, link)
        if url and may_be_article(url, outlet=outlet):
            yield _entry(post, url, outlet, now)


def _entry(post: Mapping[str, Any], url: str, outlet: Outlet, now: datetime) -> Entry:
    return Entry(
        outlet_id=outlet.id,
        url=url,
        canonical_url=canonical_url(url, outlet=outlet),
        external_id=external_id(url, outlet=outlet) or _number(post),
        title=plain_line(_rendered(post, "title")) or None,
        summary=plain_text(_rendered(post, "excerpt")) or None,
        published=_published(post, now),
        author=next(_authors(post), None),
        section=tuple(_terms(post, "category")),
        tags=tuple(_terms(post, "post_tag")),
    )


def _number(post: Mapping[str, Any]) -> str | None:
    number = post.get("id")
    return str(number) if isinstance(number, int) else None


def _rendered(post: Mapping[str, Any], key: str) -> str:
    value = post.get(key)
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _published(post: Mapping[str, Any], now: datetime) -> DateClaim | None:
    # `date_gmt` is exempt from the plug-in that turns printed dates Jalali; `date` is local time
    printed = post.get("date_gmt")
    if not isinstance(printed, str):
        return None
    try:
        at = datetime.fromisoformat(printed)
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    trust = Trust.EXACT if at <= now + CLOCK_SKEW else Trust.DOUBTFUL
    return DateClaim(at=at, source=DateSource.FEED, trust=trust, printed=printed)


def _authors(post: Mapping[str, Any]) -> Iterator[str]:
    for author in _embedded(post, "author"):
        if isinstance(author, dict) and author.get("name"):
            yield plain_line(str(author["name"]))


def _terms(post: Mapping[str, Any], taxonomy: str) -> Iterator[str]:
    for group in _embedded(post, "wp:term"):
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict) and term.get("taxonomy") == taxonomy and term.get("name"):
                yield plain_line(str(term["name"]))


def _embedded(post: Mapping[str, Any], key: str) -> list[Any]:
    embedded = post.get("_embedded")
    found = embedded.get(key) if isinstance(embedded, dict) else None
    return found if isinstance(found, list) else []
