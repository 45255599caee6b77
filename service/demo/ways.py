"""The ways in to a simulated outlet: what its site serves, and what its TOML file may name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from service.demo import indexes, lists, wordpress
from service.demo.cast import Member, Trouble
from service.demo.documents import Table
from service.demo.families import Posted

WORDPRESS: Final = frozenset({"wordpress", "jannah", "ap-single"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in as the outlet's TOML names it; `path` may hold the crawler's placeholders.

    `is_past` marks a way that only a backfill reads.
    """

    kind: str
    path: str
    links: str | None = None
    pages: int = 1
    is_past: bool = False


SITEMAP: Final = Way(kind="sitemap", path=indexes.SITEMAP)
NEWS_SITEMAP: Final = Way(kind="sitemap", path=indexes.NEWS_SITEMAP)
JSON_FEED: Final = Way(kind="feed", path=indexes.JSON_FEED)
REST: Final = Way(kind="wordpress", path=wordpress.REST)
CATEGORY: Final = Way(kind="list", path=lists.CATEGORY, links="h2.entry-title a", pages=3)
PROVINCE: Final = Way(kind="list", path=lists.PROVINCE)
KERMAN: Final = Way(kind="list", path=lists.KERMAN)
DAY_ARCHIVE: Final = Way(kind="archive", path="/archive?pi={page}&ms=0&dy={jd}&mn={jm}&yr={jy}")
PAGED_ARCHIVE: Final = Way(kind="archive", path="/fa/archive?rpp=10&p={page}")
DATE_ARCHIVE: Final = Way(
    kind="archive", path="/fa/archive?service=0&sub=0&date={jy}/{jm}/{jd}&page={page}"
)
PAST_SITEMAP: Final = Way(kind="sitemap", path=indexes.SITEMAP, is_past=True)
PAST_CATEGORY: Final = Way(
    kind="list", path=f"{lists.CATEGORY}page/{{page}}/", links="h2.entry-title a", is_past=True
)

#: The names that cast.toml gives to the ways in; «feed» is the outlet's own.
NAMED: Final[Mapping[str, Way]] = {
    "sitemap": SITEMAP,
    "news_sitemap": NEWS_SITEMAP,
    "json_feed": JSON_FEED,
    "rest": REST,
    "category": CATEGORY,
    "province": PROVINCE,
    "kerman": KERMAN,
    "day_archive": DAY_ARCHIVE,
    "paged_archive": PAGED_ARCHIVE,
    "date_archive": DATE_ARCHIVE,
    "past_sitemap": PAST_SITEMAP,
    "past_category": PAST_CATEGORY,
}
COMMON: Final = (SITEMAP, NEWS_SITEMAP, JSON_FEED)
TRAPS: Final[Mapping[Trouble, tuple[Way, ...]]] = {
    Trouble.MANY_LINKS: (Way(kind="list", path="/"),),
    Trouble.CALENDAR: (DAY_ARCHIVE,),
}


def ways_in(member: Member) -> tuple[Way, ...]:
    """Return the ways in that an outlet's file names: those of the cast, and its trap."""
    known = {**NAMED, "feed": Way(kind="feed", path=member.feed_path)}
    named = tuple(known[name] for name in member.ways)
    return (*named, *TRAPS.get(member.trouble, ()))


def every_way_in(member: Member) -> tuple[Way, ...]:
    """Return every way in that the outlet's site has."""
    own = Way(kind="feed", path=member.feed_path)
    if member.family in WORDPRESS:
        return (own, *COMMON, REST, CATEGORY)
    if member.family == "nastooh":
        return (own, *COMMON, PROVINCE, DAY_ARCHIVE)
    if member.family == "iransamaneh":
        return (own, *COMMON, KERMAN, PAGED_ARCHIVE)
    if member.family == "tasnim":
        return (own, *COMMON, DATE_ARCHIVE)
    return (own, *COMMON)


def ways_of(member: Member, posts: tuple[Posted, ...], origin: str, newest_at: datetime) -> Table:
    """Print every way in of a family; a site serves them all, whichever its TOML names."""
    common = indexes.indexes(member, posts, origin, newest_at)
    if member.family in WORDPRESS:
        rest = {wordpress.REST: partial(wordpress.rest, posts, origin, newest_at)}
        return {**common, **lists.wordpress_lists(posts, newest_at), **rest}
    if member.family == "nastooh":
        return {**common, **lists.nastooh_lists(posts, newest_at)}
    if member.family == "iransamaneh":
        return {**common, **lists.iransamaneh_lists(posts, newest_at)}
    if member.family == "tasnim":
        return {**common, **lists.tasnim_lists(posts, newest_at)}
    return {**common}
