"""Reads one way in, whatever its kind: where it begins, what an answer says, what comes next."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from crawler.feeds import parse_feed
from crawler.findings import Findings
from crawler.listing import parse_list
from crawler.outlets import Outlet, WayIn, WayKind
from crawler.page import Page
from crawler.sitemaps import is_fresh, parse_sitemap
from crawler.templates import DATED, fill, places_in, tehran_day
from crawler.wordpress import parse_posts, posts_url

FRESH: Final = timedelta(days=3)  # how far back a visit looks in a sitemap
LATE: Final = timedelta(hours=6)
MAX_UNDATED: Final = 200  # addresses a visit takes from a sitemap that tells no dates


def first_addresses(way: WayIn, now: datetime) -> tuple[str, ...]:
    """Return the addresses a visit begins with.

    A dated archive is asked for today's page, and in the first hours of a day for yesterday's too:
    what was published before midnight may have been listed after the last visit.
    """
    match way.kind:
        case WayKind.FEED | WayKind.SITEMAP:
            return (way.url,)
        case WayKind.WORDPRESS:
            return (posts_url(way.url),)
        case WayKind.LIST | WayKind.ARCHIVE:
            days = (tehran_day(now), tehran_day(now - LATE))
            return tuple(dict.fromkeys(fill(way.url, day=day) for day in days))
        case _:
            assert_never(way.kind)


def is_dated(way: WayIn) -> bool:
    """Tell whether the way's address changes with the day, so that no validators belong to it."""
    return bool(places_in(way.url) & DATED)


def read_answer(page: Page, way: WayIn, outlet: Outlet, now: datetime) -> Findings:
    """Read what one address of the way answered."""
    match way.kind:
        case WayKind.FEED:
            return parse_feed(page, outlet=outlet, now=now, naive_zone=way.naive_zone)
        case WayKind.SITEMAP:
            return _fresh(parse_sitemap(page, outlet=outlet, now=now, since=now - FRESH), now)
        case WayKind.WORDPRESS:
            return parse_posts(page, outlet=outlet, now=now)
        case WayKind.LIST | WayKind.ARCHIVE:
            return parse_list(page, outlet=outlet, now=now, links=way.links)
        case _:
            assert_never(way.kind)


def further_addresses(found: Findings, way: WayIn, *, pages_read: int, now: datetime) -> list[str]:
    """Return what a visit reads next of this way; numbered pages count themselves."""
    if "page" in places_in(way.url) and way.kind in {WayKind.LIST, WayKind.ARCHIVE}:
        return [fill(way.url, day=tehran_day(now), page=pages_read + 1)]
    return list(found.further)


def _fresh(found: Findings, now: datetime) -> Findings:
    fresh = [entry for entry in found.entries if is_fresh(entry, now=now, within=FRESH)]
    undated = [entry for entry in fresh if entry.published is None][MAX_UNDATED:]
    late = {entry.canonical_url for entry in undated}
    kept = tuple(entry for entry in fresh if entry.canonical_url not in late)
    return replace(found, entries=kept)
