"""Turns one page of an outlet into an Article by the outlet's profile, or says why it is none."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from crawler import identity, pagedates, polish
from crawler.article import Article, DateClaim, DateSource
from crawler.bylines import find_reporter
from crawler.challenge import is_challenge
from crawler.credits import NameDirectory, OwnNames, find_credits
from crawler.entry import Entry
from crawler.fields import PageFields
from crawler.markup import parse
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind, Page
from crawler.passages import Passages, read_passages
from crawler.profiles import Profile
from crawler.reading import Reading, believed_address
from persian.digits import to_latin_digits
from persian.language import UNDETERMINED, detect_language

_NOBODY: Final = NameDirectory()
_YEAR: Final = re.compile(r"(?<!\d)(?:1[34]|20)\d\d(?!\d)")  # a label without a year is no date
_BEGINNING: Final = 400  # characters; a headline is enough to tell a language


def extract(
    page: Page,
    outlet: Outlet,
    *,
    entry: Entry | None = None,
    directory: NameDirectory | None = None,
    now: datetime,
) -> Article | Failure:
    """Read the article on `page` with everything about it: fields, credits, language.

    Without a `directory` only the outlet's own names are resolved in credits. The same arguments
    give the same Article. See `read_page` for what a Failure means.
    """
    said = read_page(page, outlet, entry=entry, now=now)
    if isinstance(said, Failure):
        return said
    found = find_credits(
        said.text,
        outlet=OwnNames.of(outlet),
        directory=directory or _NOBODY,
        tail=said.tail,
    )
    byline = said.byline or find_reporter(said.blocks, said.tail)
    return replace(said, byline=byline, credits=found, language=_language(said))


def read_page(
    page: Page, outlet: Outlet, *, entry: Entry | None = None, now: datetime
) -> Article | Failure:
    """Read the fields of `page` one by one: by profile, else by the generic extractor, else entry.

    A challenge page, a soft 404 and a page without an article's text give a Failure that names the
    address. `missing` of the Article names the promised fields that the profile itself did not
    yield, also when something else filled them. Its language is the outlet's.
    """
    profile = outlet.profile
    if is_challenge(page.body, media_type=page.media_type, markers=profile.blocked_markers):
        return _failure(page, FailureKind.CHALLENGE, "answered with a challenge page", now)
    fields = PageFields(parse(page.body, page.charset), profile.fields.body)
    if _is_not_found(fields, profile):
        return _failure(page, FailureKind.NOT_AN_ARTICLE, "says it has no such article", now)
    address = believed_address(page.url, fields.declared_address(page.url), outlet=outlet)
    reading = Reading(
        page=page, address=address, outlet=outlet, fields=fields, entry=entry, now=now
    )
    passages = read_passages(reading)
    if passages is None:
        return _failure(page, FailureKind.NOT_AN_ARTICLE, "holds no article", now)
    return _article(reading, passages)


def _failure(page: Page, kind: FailureKind, reason: str, now: datetime) -> Failure:
    return Failure(
        requested_url=page.requested_url,
        kind=kind,
        detail=f"{page.url} {reason}",
        status=page.status,
        failed_at=now,
    )


def _is_not_found(fields: PageFields, profile: Profile) -> bool:
    if not fields.chunks and any(map(fields.tree.css_first, profile.not_found)):
        return True
    heads = fields.heads() if profile.not_found_markers else ""
    return any(marker in heads for marker in profile.not_found_markers)


def _article(reading: Reading, passages: Passages) -> Article:
    page, outlet, fields, now = reading.page, reading.outlet, reading.fields, reading.now
    rules = outlet.profile.fields
    own_claims = tuple(fields.dates(rules.published, now=now))
    claims = (*own_claims, *_other_claims(reading, passages if not own_claims else None))
    published = pagedates.settle_published(claims, fetched_at=page.fetched_at)
    url = reading.address
    entry = reading.entry or Entry(outlet_id=outlet.id, url=url, canonical_url=url)
    article = Article(
        outlet_id=outlet.id,
        url=page.url,
        canonical_url=identity.canonical_url(url, outlet=outlet),
        external_id=identity.external_id(url, outlet=outlet) or entry.external_id,
        title=passages.title,
        kicker=passages.kicker,
        lead=passages.lead,
        blocks=passages.blocks,
        published=published,
        modified=pagedates.settle_modified(fields.dates(rules.modified, now=now), published),
        byline=_byline(reading),
        section=polish.section(fields.all(rules.section), passages.title) or entry.section,
        tags=polish.tags(fields.all(rules.tags)) or entry.tags,
        image_url=polish.image(fields.first(rules.image), page.url) or entry.image_url,
        tail=passages.tail,
        language=outlet.language,
        is_excerpt=passages.is_excerpt,
        fetched_at=page.fetched_at,
    )
    missing = _missing(article, outlet, passages, own_claims)
    return replace(article, missing=missing) if missing else article


def _other_claims(reading: Reading, passages: Passages | None) -> Iterator[DateClaim]:
    for label in passages.labels if passages else ():
        printed = pagedates.claim(label, DateSource.VISIBLE, now=reading.now)
        if printed and _YEAR.search(to_latin_digits(label)):
            yield printed
            break
    if reading.entry and reading.entry.published:
        yield reading.entry.published
    from_url = pagedates.claim_from_url(reading.page.url, now=reading.now)
    if from_url:
        yield from_url


def _byline(reading: Reading) -> str | None:
    """Return who signed; a site that signs with its own name counts as unsigned."""
    outlet, fields = reading.outlet, reading.fields
    printed = fields.first(outlet.profile.fields.byline, near=True)
    if printed is None:
        return None
    sites = (*fields.metadata.meta("og:site_name"), *fields.metadata.json_ld("publisher.name"))
    return polish.byline(printed, (outlet.name, outlet.name_en, *outlet.aliases, *sites))


def _language(article: Article) -> str:
    """Return the language of the article's beginning; the outlet's own when it cannot be told."""
    texts = [article.title, article.lead or "", *(block.text for block in article.blocks[:2])]
    found = detect_language(" ".join(texts)[:_BEGINNING])
    return found if found != UNDETERMINED else article.language


def _missing(
    article: Article, outlet: Outlet, passages: Passages, own_claims: tuple[DateClaim, ...]
) -> tuple[str, ...]:
    present = {
        "kicker": article.kicker,
        "title": "title" not in passages.guessed,
        "lead": article.lead and "lead" not in passages.guessed,
        "body": article.blocks and "body" not in passages.guessed,
        "published": own_claims,
        "byline": article.byline,
        "section": article.section,
        "tags": article.tags,
        "image": article.image_url,
    }
    return tuple(name for name in outlet.profile.promises if not present[name])
