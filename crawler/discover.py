"""Finds what is new at one outlet: reads its ways in, one by one, and keeps what belongs here."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final, assert_never

from crawler.entry import Entry
from crawler.fetch import Fetches
from crawler.findings import Findings
from crawler.outlets import Outlet, WayIn, WayKind
from crawler.page import Failure, Fetched, Page, Unchanged, Validators
from crawler.places import belongs_here
from crawler.ways import first_addresses, further_addresses, is_dated, read_answer
from crawler.websub import HubOffer, offered


@dataclass(frozen=True, slots=True, kw_only=True)
class WayReport:
    """What one way in gave: items found, items kept after the place filter, or why none.

    `hub` is the WebSub hub it offers, of which only a way that was read tells.
    """

    way: WayIn
    found: int = 0
    kept: int = 0
    unchanged: bool = False
    failure: Failure | None = None
    hub: HubOffer | None = None

    @property
    def was_read(self) -> bool:
        """Whether the way itself was read now, so that what it offers is known."""
        return not self.unchanged and self.failure is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What one look at an outlet found.

    `entries` are in the order of the ways in, each canonical address once (the first that names it
    wins). `validators_by_way` maps a way's address to what its next conditional GET sends; the old
    ones are kept where a way was unchanged or failed. `failures` are one per way that failed.
    """

    entries: tuple[Entry, ...] = ()
    validators_by_way: Mapping[str, Validators] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    reports: tuple[WayReport, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """Whether every way in said that nothing changed."""
        return bool(self.reports) and all(report.unchanged for report in self.reports)


IsKnown = Callable[[Collection[str]], Awaitable[Collection[str]]]
GAP_PAGES: Final = 5  # how far a visit reads on to close a gap


async def discover(
    outlet: Outlet,
    fetcher: Fetches,
    validators_by_way: Mapping[str, Validators],
    now: datetime,
    *,
    is_known: IsKnown | None = None,
) -> Discovery:
    """Read every way in of `outlet` that a visit reads; one that fails does not stop the others.

    `is_known` returns those of the canonical addresses given that the archive knows. With it, a
    way whose whole first page is unknown is read further, up to five pages: something was published
    in between and has already slid off that page. Leave it out on a first visit.
    """
    entries: dict[str, Entry] = {}
    validators = dict(validators_by_way)
    reports: list[WayReport] = []
    for way in outlet.ways_in:
        if way.backfill_only:
            continue
        walk = _Walk(way, outlet, now, is_known)
        await walk.run(fetcher, validators.get(way.url))
        for entry in walk.kept:
            entries.setdefault(entry.canonical_url, entry)
        if walk.validators is not None:
            validators[way.url] = walk.validators
        reports.append(walk.report())
    return Discovery(
        entries=tuple(entries.values()),
        validators_by_way=validators,
        failures=tuple(report.failure for report in reports if report.failure),
        reports=tuple(reports),
    )


class _Walk:
    """One way in, page after page, until its pages are read or bring nothing new."""

    def __init__(self, way: WayIn, outlet: Outlet, now: datetime, is_known: IsKnown | None) -> None:
        self.kept: list[Entry] = []
        self.validators: Validators | None = None
        self._way = way
        self._outlet = outlet
        self._now = now
        self._is_known = is_known
        self._has_gap = False
        self._seen: set[str] = set()
        self._pages = 0
        self._unchanged = False
        self._failure: Failure | None = None
        self._hub: HubOffer | None = None

    async def run(self, fetcher: Fetches, validators: Validators | None) -> None:
        """Read the way; only its first address is asked for conditionally."""
        first = first_addresses(self._way, self._now)
        waiting = deque(first)
        asked: set[str] = set()
        while waiting and len(asked) < self._budget() + len(first) - 1:
            url = waiting.popleft()
            if url in asked:
                continue
            conditional = validators if not asked and not is_dated(self._way) else None
            answer = await fetcher.fetch(url, validators=conditional)
            asked.add(url)
            waiting.extend(await self._take(answer, is_first=len(asked) == 1))
        if self._failure is not None:
            self.validators = None  # an "unchanged" next time would hide what was not read now

    def report(self) -> WayReport:
        """Sum up the walk."""
        return WayReport(
            way=self._way,
            found=len(self._seen),
            kept=len(self.kept),
            unchanged=self._unchanged,
            failure=self._failure,
            hub=self._hub,
        )

    def _budget(self) -> int:
        # the index of a sitemap is no page of it
        pages = self._way.pages + (self._way.kind is WayKind.SITEMAP)
        return max(pages, GAP_PAGES) if self._has_gap else pages

    async def _take(self, answer: Fetched, *, is_first: bool) -> Iterable[str]:
        match answer:
            case Unchanged():
                self._unchanged = is_first
                return ()
            case Failure():
                if is_first or answer.status != HTTPStatus.NOT_FOUND:  # the pages just ended
                    self._failure = self._failure or answer
                return ()
            case Page():
                # a large sitemap costs seconds; the loop serves others meanwhile
                found = await asyncio.to_thread(
                    read_answer, answer, self._way, self._outlet, self._now
                )
                self._has_gap = await self._leaves_gap(found.entries)
                return self._read(answer, found, is_first=is_first)
            case _:
                assert_never(answer)

    def _read(self, page: Page, found: Findings, *, is_first: bool) -> Iterable[str]:
        self._pages += 1
        self._failure = self._failure or found.fault
        if is_first:
            self._hub = offered(page, found.links)
        if is_first and found.fault is None and not is_dated(self._way):
            self.validators = page.validators
        return self._next(found, found_new=self._keep(found.entries))

    async def _leaves_gap(self, entries: tuple[Entry, ...]) -> bool:
        """Tell whether nothing on the page is known; where a filter dropped some, nobody can."""
        place = None if self._way.local else self._outlet.place_filter
        if self._is_known is None or place or self._way.kind is WayKind.SITEMAP:
            return False
        addresses = {entry.canonical_url for entry in entries}
        return bool(addresses) and not await self._is_known(addresses)

    def _next(self, found: Findings, *, found_new: bool) -> Iterable[str]:
        is_index = self._way.kind is WayKind.SITEMAP and bool(found.further)
        if not found_new and not is_index:
            return ()  # a calendar or a list that repeats itself leads nowhere
        return further_addresses(found, self._way, pages_read=self._pages, now=self._now)

    def _keep(self, entries: Iterable[Entry]) -> bool:
        new = [entry for entry in entries if entry.canonical_url not in self._seen]
        self._seen.update(entry.canonical_url for entry in new)
        place = None if self._way.local else self._outlet.place_filter
        self.kept.extend(entry for entry in new if belongs_here(entry, place))
        return bool(new)
