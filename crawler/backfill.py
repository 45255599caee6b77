"""Walks an outlet's past backwards, address by address, so that a stop loses nothing.

The place a walk has reached is a short text, the cursor. Whoever keeps it after each step can stop
at any instant and go on from there; a step done twice finds the same entries again.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final, assert_never

from crawler.fetch import Fetches
from crawler.outlets import Outlet, WayIn, WayKind
from crawler.past import Past, Step
from crawler.pasts import ArchivePast, FeedPast, ListPast, PostsPast, SitemapPast
from crawler.templates import DATED, places_in

FAILURES_IN_A_ROW: Final = 3  # then the walk stops where it is and says so
_ORDER: Final = (
    WayKind.SITEMAP,
    WayKind.WORDPRESS,
    WayKind.ARCHIVE,
    WayKind.LIST,
    WayKind.FEED,
)


def ways_back(outlet: Outlet) -> tuple[WayIn, ...]:
    """Return the ways into the past, the most complete first.

    Ways that only a backfill reads come before those of a visit; a profile that knows its family's
    archive adds it. A list without page numbers leads nowhere, and so does a feed unless its
    dialect turns pages.
    """
    has_pages = outlet.profile.feed.page_parameter is not None
    own = [way for way in outlet.ways_in if _leads_back(way, feed_has_pages=has_pages)]
    archive = outlet.profile.lists.archive
    if archive and not any(way.kind is WayKind.ARCHIVE for way in own):
        url = outlet.homepage.rstrip("/") + archive
        own.append(WayIn(kind=WayKind.ARCHIVE, url=url, backfill_only=True))
    return tuple(sorted(own, key=lambda way: (not way.backfill_only, _ORDER.index(way.kind))))


def _leads_back(way: WayIn, *, feed_has_pages: bool) -> bool:
    match way.kind:
        case WayKind.SITEMAP | WayKind.WORDPRESS:
            return True
        case WayKind.ARCHIVE:
            return bool(places_in(way.url) & DATED)
        case WayKind.LIST:
            return "page" in places_in(way.url)
        case WayKind.FEED:
            return feed_has_pages
        case _:
            assert_never(way.kind)


async def walk_back(  # noqa: PLR0913 - what is walked, how far, and where from
    outlet: Outlet,
    way: WayIn,
    fetcher: Fetches,
    *,
    since: date,
    now: datetime,
    cursor: str | None = None,
) -> AsyncIterator[Step]:
    """Yield the past of one way in, newest first, down to the day `since` (of Tehran).

    Three failing addresses in a row end the walk; the cursor then stays at the first of them, so
    that nothing is skipped when it is taken up again.
    """
    past = _past(outlet, way, since, now)
    place: str | None = cursor or past.first()
    failed_at: list[str] = []
    while place is not None:
        step = await past.step(fetcher, place)
        failed_at = [*failed_at, place] if step.failure and not step.entries else []
        if len(failed_at) >= FAILURES_IN_A_ROW:
            yield replace(step, cursor=failed_at[0], is_last=True)
            return
        yield replace(step, is_last=step.cursor is None)
        place = step.cursor


def _past(outlet: Outlet, way: WayIn, since: date, now: datetime) -> Past:
    match way.kind:
        case WayKind.SITEMAP:
            return SitemapPast(outlet, way, since=since, now=now)
        case WayKind.WORDPRESS:
            return PostsPast(outlet, way, since=since, now=now)
        case WayKind.ARCHIVE:
            return ArchivePast(outlet, way, since=since, now=now)
        case WayKind.LIST:
            return ListPast(outlet, way, since=since, now=now)
        case WayKind.FEED:
            return FeedPast(outlet, way, since=since, now=now)
        case _:
            assert_never(way.kind)
