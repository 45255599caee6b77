"""The indexes every simulated site keeps for machines: sitemaps, and a JSON Feed."""

import gzip
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from persian.calendar import to_jalali
from service.demo import printed_dates
from service.demo.cast import Member
from service.demo.documents import GZIP, XML, Document, document
from service.demo.families import ENVIRONMENT, Posted

SITEMAP: Final = "/sitemap.xml"
NEWS_SITEMAP: Final = "/sitemap-news.xml.gz"
JSON_FEED: Final = "/feed.json"
#: Where a family keeps its sitemap and the one of news, beside the addresses every site here has.
FAMILY_SITEMAPS: Final[Mapping[str, tuple[str, str]]] = {
    "nastooh": ("/sitemap/all/sitemap.xml", "/sitemap/news/sitemap.xml"),
    "iransamaneh": ("/fa-sitemap-newsarchive", "/fa-sitemap-news"),
}
NEWS_ITEMS: Final = 20


def indexes(
    member: Member, posts: tuple[Posted, ...], origin: str, newest_at: datetime
) -> dict[str, Document]:
    """Print a sitemap index, a leaf per Jalali year, a gzipped one of news, and a JSON Feed."""
    leaves = _by_year(posts)
    index = _printed("sitemap-index", leaves=tuple(leaves), origin=origin, newest_at=newest_at)
    news = _printed("sitemap-news", posts=posts[:NEWS_ITEMS], name=member.name)
    packed = gzip.compress(news.encode(), mtime=0)
    whole, latest = FAMILY_SITEMAPS.get(member.family, (SITEMAP, NEWS_SITEMAP))
    return {
        path: document(_printed("sitemap", posts=own), XML, newest_at)
        for path, own in leaves.items()
    } | {
        whole: document(index, XML, newest_at),
        latest: document(news, XML, newest_at),
        SITEMAP: document(index, XML, newest_at),
        NEWS_SITEMAP: Document(body=packed, media_type=GZIP, modified_at=newest_at),
        JSON_FEED: _json_feed(member, posts, origin, newest_at),
    }


def _by_year(posts: tuple[Posted, ...]) -> dict[str, list[Posted]]:
    leaves: dict[str, list[Posted]] = {}
    for post in posts:
        year = to_jalali(post.piece.published_at).year
        leaves.setdefault(f"/sitemap/{year}/sitemap.xml", []).append(post)
    return leaves


def _printed(template: str, **values: object) -> str:
    return ENVIRONMENT.get_template(f"{template}.xml.j2").render(**values)


def _json_feed(
    member: Member, posts: tuple[Posted, ...], origin: str, newest_at: datetime
) -> Document:
    items = [
        {
            "id": post.url,
            "url": post.url,
            "title": post.piece.title,
            "summary": post.piece.lead or post.piece.paragraphs[0],
            "date_published": printed_dates.iso_tehran(post.piece.published_at),
            "date_modified": printed_dates.iso_tehran(post.piece.modified_at),
            "tags": list(post.piece.tags),
        }
        for post in posts
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": member.name,
        "home_page_url": origin,
        "items": items,
    }
    text = json.dumps(feed, ensure_ascii=False)
    return document(text, "application/feed+json; charset=utf-8", newest_at)
