"""Turns one page of an outlet into an Article by the outlet's profile, or says why it is none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from crawler import identity, pagedates, polish
from crawler.article import Article, DateClaim
from crawler.bodies import read_body
from crawler.challenge import is_challenge
from crawler.entry import Entry
from crawler.fields import PageFields
from crawler.markup import parse
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind, Page

_HEADINGS: Final = "title, h1"


def extract(
    page: Page,
    outlet: Outlet,
    *,
    entry: Entry | None = None,
    directory: object = None,
    now: datetime,
) -> Article | Failure:
    """Read the article on `page`, field by field: profile, then generic extractor, then entry.

    A challenge page, a soft 404 and a page without an article's text give a Failure that names the
    address. The same page, outlet, entry and `now` give the same Article.
    """
    profile = outlet.profile
    if is_challenge(page.body, media_type=page.media_type, markers=profile.blocked_markers):
        return _failure(page, FailureKind.CHALLENGE, "answered with a challenge page", now)
    fields = PageFields(parse(page.body, page.charset))
    if _is_not_found(fields, outlet):
        return _failure(page, FailureKind.NOT_AN_ARTICLE, "says it has no such article", now)
    article = _article(page, outlet, fields, entry, now)
    _ = directory
    if article is None:
        return _failure(page, FailureKind.NOT_AN_ARTICLE, "holds no article", now)
    return article


def _failure(page: Page, kind: FailureKind, reason: str, now: datetime) -> Failure:
    return Failure(
        requested_url=page.requested_url,
        kind=kind,
        detail=f"{page.url} {reason}",
        status=page.status,
        failed_at=now,
    )


def _is_not_found(fields: PageFields, outlet: Outlet) -> bool:
    profile = outlet.profile
    if any(fields.tree.css_first(selector) for selector in profile.not_found):
        return True
    if not profile.not_found_markers:
        return False
    heads = " ".join(node.text() for node in fields.tree.css(_HEADINGS)[:3])
    return any(marker in heads for marker in profile.not_found_markers)


def _article(
    page: Page, outlet: Outlet, fields: PageFields, entry: Entry | None, now: datetime
) -> Article | None:
    rules = outlet.profile.fields
    body = read_body(fields, outlet.profile)
    title = fields.first(rules.title) or (entry.title if entry else None)
    if not title or not body.blocks:
        return None
    kicker = fields.first(rules.kicker)
    lead = polish.lead(fields.first(rules.lead), title, body.blocks)
    claims = list(_published_claims(page, outlet, fields, entry, now))
    published = pagedates.settle_published(claims, fetched_at=page.fetched_at)
    modified = pagedates.settle_modified(fields.dates(rules.modified, now=now), published)
    blocks = polish.without_head(body.blocks, (title, kicker, lead))
    url = _own_address(page, outlet, fields)
    article = Article(
        outlet_id=outlet.id,
        url=page.url,
        canonical_url=identity.canonical_url(url, outlet=outlet),
        external_id=identity.external_id(url, outlet=outlet)
        or (entry.external_id if entry else None),
        title=title,
        kicker=None if kicker and polish.repeats(kicker, title) else kicker,
        lead=lead,
        blocks=blocks,
        published=published,
        modified=modified,
        byline=polish.byline(fields.first(rules.byline), (outlet.name, *outlet.aliases)),
        section=polish.section(fields.all(rules.section), title)
        or (entry.section if entry else ()),
        tags=polish.tags(fields.all(rules.tags)) or (entry.tags if entry else ()),
        image_url=polish.image(fields.first(rules.image), page.url),
        tail="\n".join(body.tail) or None,
        is_excerpt=bool(blocks) and polish.is_cut(blocks[-1].text),
        fetched_at=page.fetched_at,
    )
    return replace(article, missing=_missing(article, outlet))


def _published_claims(
    page: Page, outlet: Outlet, fields: PageFields, entry: Entry | None, now: datetime
) -> Iterator[DateClaim]:
    yield from fields.dates(outlet.profile.fields.published, now=now)
    if entry and entry.published:
        yield entry.published
    from_url = pagedates.claim_from_url(page.url, now=now)
    if from_url:
        yield from_url


def _own_address(page: Page, outlet: Outlet, fields: PageFields) -> str:
    """Return the address the page declares for itself where that can be believed, else its own."""
    link = fields.tree.css_first("link[rel='canonical']")
    declared = link.attributes.get("href") if link else None
    if not declared:
        return page.url
    whole = urljoin(page.url, declared)
    if not identity.belongs(whole, outlet=outlet):
        return page.url
    if not identity.may_be_article(whole, outlet=outlet):
        return page.url
    asked = identity.external_id(page.url, outlet=outlet)
    told = identity.external_id(whole, outlet=outlet)
    return page.url if asked and told != asked else whole


def _missing(article: Article, outlet: Outlet) -> tuple[str, ...]:
    values = {
        "kicker": article.kicker,
        "title": article.title,
        "lead": article.lead,
        "body": article.blocks,
        "published": article.published,
        "byline": article.byline,
        "section": article.section,
        "tags": article.tags,
        "image": article.image_url,
    }
    return tuple(name for name in outlet.profile.promises if not values[name])
