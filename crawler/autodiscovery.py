"""Finds the ways in that a site offers: what its page declares, links to, and its family has."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urljoin

from crawler.addresses import join, normal_host
from crawler.markup import Tree, parse
from crawler.outlets import WayIn, WayKind
from crawler.page import Page

MOST_CANDIDATES: Final = 12
_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_FEED_LINKS: Final = "a[href*='/rss'], a[href*='/feed'], a[href*='format=feed'], a[href$='.rss']"
_REST: Final = "link[rel='https://api.w.org/']"
# Where a family usually keeps its ways in; each is tried before it is believed.
_USUAL: Final[Mapping[str, tuple[tuple[WayKind, str], ...]]] = {
    "nastooh": ((WayKind.FEED, "/rss"), (WayKind.SITEMAP, "/sitemap/all/sitemap.xml")),
    "iransamaneh": ((WayKind.FEED, "/fa/rss/allnews"), (WayKind.SITEMAP, "/fa-sitemap-news")),
    "aasaam": ((WayKind.FEED, "/feeds/"), (WayKind.FEED, "/fa/feeds/")),
    "wordpress": ((WayKind.FEED, "/feed/"), (WayKind.WORDPRESS, "/wp-json/wp/v2/posts")),
    "joomla": ((WayKind.FEED, "/?format=feed&type=rss"),),
    "drupal": ((WayKind.FEED, "/rss.xml"),),
}
_ANYWHERE: Final = ((WayKind.FEED, "/rss"), (WayKind.FEED, "/feed/"))
_LAST: Final = ((WayKind.SITEMAP, "/sitemap.xml"),)


def candidates(page: Page, *, profile: str, robots: str = "") -> tuple[WayIn, ...]:
    """Return the ways in worth trying, the best first; the front page as a list comes last.

    `robots` is the text of robots.txt, which may name sitemaps. Feeds of comments are left out.
    """
    tree = parse(page.body, page.charset)
    found: dict[str, WayIn] = {}
    home = urljoin(page.url, "/")
    for way in (
        *_declared(tree, page.url),
        *_rest(tree, page.url),
        *_linked(tree, page.url),
        *_usual(_USUAL.get(profile, _ANYWHERE), home),
        *_in_robots(robots, home),
        *_usual(_LAST, home),
    ):
        if normal_host(way.url) == normal_host(home) and not _is_of_comments(way.url):
            found.setdefault(way.url.rstrip("/"), way)
    front = WayIn(kind=WayKind.LIST, url=home)
    return (*list(found.values())[:MOST_CANDIDATES], front)


def _declared(tree: Tree, base: str) -> Iterator[WayIn]:
    for link in tree.css("link[rel~='alternate'][href]"):
        if (link.attributes.get("type") or "").lower() in _FEED_TYPES:
            yield from _ways(WayKind.FEED, [link.attributes.get("href")], base)


def _rest(tree: Tree, base: str) -> Iterator[WayIn]:
    for link in tree.css(_REST):
        root = join(base, link.attributes.get("href") or "")
        yield from _ways(WayKind.WORDPRESS, [root and urljoin(root, "wp/v2/posts")], base)


def _linked(tree: Tree, base: str) -> Iterator[WayIn]:
    hrefs = (link.attributes.get("href") for link in tree.css(_FEED_LINKS))
    yield from _ways(WayKind.FEED, hrefs, base)


def _usual(places: Iterable[tuple[WayKind, str]], home: str) -> Iterator[WayIn]:
    for kind, path in places:
        yield from _ways(kind, [path], home)


def _in_robots(robots: str, home: str) -> Iterator[WayIn]:
    for line in robots.splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "sitemap":
            yield from _ways(WayKind.SITEMAP, [value.strip()], home)


def _ways(kind: WayKind, hrefs: Iterable[str | None], base: str) -> Iterator[WayIn]:
    for href in hrefs:
        url = join(base, href) if href else None
        if url:
            yield WayIn(kind=kind, url=url.split("#", 1)[0])


def _is_of_comments(url: str) -> bool:
    return "comment" in url.lower()
