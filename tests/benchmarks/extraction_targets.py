"""The ways to read a page as an outside harness calls them: `f(html, url) -> dict`."""

import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.article import Article, DateClaim
from crawler.extract import extract, read_page
from crawler.families import Seen, recognise
from crawler.fields import PageFields
from crawler.generic import extract_generic
from crawler.markup import as_utf8, parse, select
from crawler.metadata import Metadata
from crawler.outlets import Outlet, Role
from crawler.page import Page
from crawler.profiles import load_profile
from persian.calendar import TEHRAN

_NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
_ISO_DAY: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_SIX: Final = ("h1", ".subtitle", ".body", ".item-date", ".breadcrumb li", ".tags li")
_FAMILIES: dict[str, str] = {}
_OUTLETS: dict[tuple[str, str], Outlet] = {}


def text(html: bytes, _url: str) -> dict[str, Any]:
    """Read title and text alone of a page without knowing its site, as text extractors do."""
    found = extract_generic(PageFields(parse(html)))
    return {"title": found.title, "text": "\n".join(block.text for block in found.blocks)}


def generic(html: bytes, url: str) -> dict[str, Any]:
    """Read a page without knowing its site."""
    return as_data(read(html, url, "generic"))


def by_profile(html: bytes, url: str) -> dict[str, Any]:
    """Read a page by the profile of its family, which is recognised once a host."""
    return as_data(read(html, url, _family(html, url)))


def _family(html: bytes, url: str) -> str:
    host = urlsplit(url).netloc
    if host not in _FAMILIES:
        _FAMILIES[host] = family(html, url)
    return _FAMILIES[host]


def family(html: bytes, url: str) -> str:
    """Return the family that a page alone betrays."""
    return recognise([Seen.of(_page(html, url))])


def read(html: bytes, url: str, profile: str) -> Article | None:
    """Read a page by a profile; None when there is no article on it."""
    found = read_page(_page(html, url), _outlet(url, profile), now=_NOW)
    return found if isinstance(found, Article) else None


def _page(html: bytes, url: str) -> Page:
    return Page(requested_url=url, url=url, status=200, body=html, fetched_at=_NOW)


def whole(html: bytes, url: str) -> dict[str, Any]:
    """Read a page by its family's profile and do all that the pipeline does: credits, language."""
    found = extract(_page(html, url), _outlet(url, _family(html, url)), now=_NOW)
    return as_data(found if isinstance(found, Article) else None)


def limit_decode(html: bytes, _url: str) -> dict[str, Any]:
    """Only make text of the bytes: no extractor in Python is faster."""
    return {"text": as_utf8(html).decode()[:0]}


def limit_parse(html: bytes, _url: str) -> dict[str, Any]:
    """Only parse: no extractor that looks at the tree is faster."""
    return {"text": str(parse(html).body)[:0]}


def limit_select(html: bytes, _url: str) -> dict[str, Any]:
    """Parse, read the JSON-LD, and ask six selectors; nothing is made of the answers."""
    tree = parse(html)
    Metadata(tree).json_ld("datePublished")
    return {"text": "".join(str(select(tree, each)) for each in _SIX)[:0]}


def as_data(article: Article | None) -> dict[str, Any]:
    """Return what the harness compares; the lead is no part of its texts, the tail is."""
    if article is None:
        return {"title": None, "text": "", "published": None, "author": None}
    return {
        "title": article.title,
        "text": "\n".join(filter(None, (article.body, article.tail))),
        "published": _day(article.published),
        "author": article.byline,
    }


def _day(published: DateClaim | None) -> str | None:
    """Return the day as the page means it: as printed in ISO, else in Tehran."""
    if published is None:
        return None
    printed = _ISO_DAY.match(published.printed)
    return printed[0] if printed else published.at.astimezone(TEHRAN).date().isoformat()


def _outlet(url: str, profile: str) -> Outlet:
    parts = urlsplit(url or "https://unknown.invalid/")
    key = (parts.netloc, profile)
    if key not in _OUTLETS:
        _OUTLETS[key] = Outlet(
            id="measured",
            name="نمونه",
            name_en="Measured",
            homepage=f"{parts.scheme}://{parts.netloc}/",
            role=Role.AGENCY,
            profile=load_profile(profile),
        )
    return _OUTLETS[key]
