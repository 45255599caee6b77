"""What a way in (feed, sitemap, list) says about one article before its page is read."""

from dataclasses import dataclass

from crawler.article import DateClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item found by discovery.

    `url` is absolute and percent-decoded only where the source was; `canonical_url` is the identity
    (see `crawler.identity`). `summary` is plain text as printed; an excerpt ending in «[…]» keeps
    it. `content_html` is set when the feed carries the whole body. `source` is the origin that the
    feed itself names (the `<source>` of an item), a credit.
    """

    outlet_id: str
    url: str
    canonical_url: str
    external_id: str | None = None
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    published: DateClaim | None = None
    author: str | None = None
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    source: str | None = None
