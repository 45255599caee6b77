"""Finds what is new at one outlet: reads its ways in, one by one, and keeps what belongs here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from crawler.entry import Entry
from crawler.feeds import FeedReading, parse_feed
from crawler.fetch import Fetches
from crawler.outlets import Outlet, WayIn
from crawler.page import Failure, Page, Unchanged, Validators
from crawler.places import belongs_here


@dataclass(frozen=True, slots=True, kw_only=True)
class WayReport:
    """What one way in gave: items found, items kept after the place filter, or why none."""

    way: WayIn
    found: int = 0
    kept: int = 0
    unchanged: bool = False
    failure: Failure | None = None
    hub: str | None = None


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


@dataclass(slots=True)
class _Found:
    """What the ways read so far gave."""

    entries: dict[str, Entry] = field(default_factory=dict)
    validators: dict[str, Validators] = field(default_factory=dict)
    reports: list[WayReport] = field(default_factory=list)


async def discover(
    outlet: Outlet,
    fetcher: Fetches,
    validators_by_way: Mapping[str, Validators],
    now: datetime,
) -> Discovery:
    """Read every way in of `outlet` that a visit reads; one that fails does not stop the others."""
    found = _Found(validators=dict(validators_by_way))
    for way in outlet.ways_in:
        if not way.backfill_only:
            await _read_way(way, outlet, fetcher, found, now)
    return Discovery(
        entries=tuple(found.entries.values()),
        validators_by_way=found.validators,
        failures=tuple(report.failure for report in found.reports if report.failure),
        reports=tuple(found.reports),
    )


async def _read_way(
    way: WayIn, outlet: Outlet, fetcher: Fetches, found: _Found, now: datetime
) -> None:
    answer = await fetcher.fetch(way.url, validators=found.validators.get(way.url))
    match answer:
        case Unchanged():
            found.reports.append(WayReport(way=way, unchanged=True))
        case Failure():
            found.reports.append(WayReport(way=way, failure=answer))
        case Page():
            reading = _read(answer, way, outlet, now)
            kept = _keep(reading.entries, way, outlet, found)
            if reading.fault is None:
                found.validators[way.url] = answer.validators
            found.reports.append(
                WayReport(
                    way=way,
                    found=len(reading.entries),
                    kept=kept,
                    failure=reading.fault,
                    hub=reading.hub,
                )
            )
        case _:
            assert_never(answer)


def _read(page: Page, way: WayIn, outlet: Outlet, now: datetime) -> FeedReading:
    return parse_feed(page, outlet=outlet, now=now, naive_zone=way.naive_zone)


def _keep(entries: tuple[Entry, ...], way: WayIn, outlet: Outlet, found: _Found) -> int:
    place = None if way.local else outlet.place_filter
    here = [entry for entry in entries if belongs_here(entry, place)]
    for entry in here:
        found.entries.setdefault(entry.canonical_url, entry)
    return len(here)
