"""Walk an outlet's past into the archive, resumable, and without ever alerting."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date

from crawler.backfill import walk_back, ways_back
from crawler.entry import Entry
from crawler.extract import extract
from crawler.outlets import Outlet, WayIn
from crawler.page import Failure, Page
from crawler.past import Step
from crawler.visitor import Visitor
from service import pipeline, visiting
from service.errors import NoPastError
from service.house import House, Reach
from storage.articles import find_article
from storage.backfills import Backfill, find_backfill, keep_backfill


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How far the walk is: 0 to 1, addresses read, articles archived, pages that failed."""

    progress: float
    walk: Backfill
    failed: int
    failure: Failure | None = None


async def backfill(
    house: House, reach: Reach, outlet: Outlet, *, since: date
) -> AsyncIterator[Walked]:
    """Walk back to the Tehran day `since` by the most complete way in; yield after every step.

    What was read before is not asked for again. A stop at any instant loses nothing: the next call
    goes on from the last whole step. Raises NoPastError for an outlet of feeds only.
    """
    way = _best_way(outlet)
    walk = await asyncio.to_thread(_begin, house, outlet, way, since)
    if walk.is_done:
        yield Walked(progress=1.0, walk=walk, failed=0)
        return
    visitor = reach.visitor(outlet)
    failed = 0
    now = house.clock()
    async for step in walk_back(outlet, way, visitor, since=since, now=now, cursor=walk.cursor):
        taken, missed = await _read(house, outlet, visitor, step)
        failed += missed
        walk = replace(
            walk,
            cursor=step.cursor,
            is_done=step.is_last and step.cursor is None,
            steps=walk.steps + 1,
            articles=walk.articles + taken,
        )
        await asyncio.to_thread(_keep, house, walk)
        yield Walked(progress=step.progress, walk=walk, failed=failed, failure=step.failure)


def _best_way(outlet: Outlet) -> WayIn:
    ways = ways_back(outlet)
    if not ways:
        raise NoPastError(
            f"{outlet.id}: its file names no archive, sitemap, REST or paged list; add one with"
            " `backfill_only = true`"
        )
    return ways[0]


def _begin(house: House, outlet: Outlet, way: WayIn, since: date) -> Backfill:
    with house.database.read() as connection:
        standing = find_backfill(connection, outlet.id, way.url, since)
    return standing or Backfill(outlet_id=outlet.id, way_url=way.url, since=since)


def _keep(house: House, walk: Backfill) -> None:
    with house.database.write() as connection:
        keep_backfill(connection, walk, now=house.clock())


async def _read(house: House, outlet: Outlet, visitor: Visitor, step: Step) -> tuple[int, int]:
    """Read a step's pages that the archive lacks; return how many were taken in, and failed."""
    taken = failed = 0
    for entry in step.entries:
        if await asyncio.to_thread(_stands, house, entry):
            continue
        answer = await visitor.fetch(entry.url)
        ok = isinstance(answer, Page) and await asyncio.to_thread(
            _take_in, house, outlet, entry, answer
        )
        taken, failed = taken + ok, failed + (not ok)
    return taken, failed


def _stands(house: House, entry: Entry) -> bool:
    with house.database.read() as connection:
        return find_article(connection, entry.outlet_id, entry.canonical_url) is not None


def _take_in(house: House, outlet: Outlet, entry: Entry, page: Page) -> bool:
    now = house.clock()
    said = extract(page, outlet, entry=entry, directory=house.directory, now=now)
    with house.database.write() as connection:
        visiting.keep_page(connection, house, entry, page)
        if isinstance(said, Failure):
            return False
        pipeline.keep(connection, house, outlet, said, is_backfill=True)
    return True
