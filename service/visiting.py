"""Keep the books of a visit: what it knows when it begins, what it noted, and how it ended."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from sqlalchemy import Connection

from crawler.discover import Discovery, IsKnown, WayReport
from crawler.entry import Entry
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind, Page, Validators
from crawler.rereading import read_again_at, retry_at
from service.condition import Circumstance, state_after
from service.house import House
from service.reports import Taken, VisitReport
from service.watching import tell_watchers
from service.websub import note_offers
from storage import kept_pages, known_pages, outlet_states, visits
from storage.articles import Outcome, get_article
from storage.known_pages import PageToRead, Reading
from storage.relations import COPIES
from storage.visits import Visit, VisitOutcome, WayOutcome, WayResult

#: Failures that concern the whole host: going on would only knock at a closed door.
HOST_FAILURES: Final = frozenset(
    {
        FailureKind.DNS,
        FailureKind.REFUSED,
        FailureKind.TIMEOUT,
        FailureKind.TLS,
        FailureKind.CHALLENGE,
        FailureKind.FORBIDDEN_ADDRESS,
    }
)
ENOUGH_HOST_FAILURES: Final = 3


@dataclass(slots=True)
class VisitLog:
    """The running count of one visit."""

    visit_id: str
    outlet: Outlet
    began_at: datetime
    validators: Mapping[str, Validators]
    tally: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def count(self, taken: Taken) -> None:
        """Count one page."""
        self.tally["read"] += 1
        self.tally["owed"] += taken.owed
        self.tally["held"] += taken.held
        if taken.failure is not None:
            self.tally["failed"] += 1
            self.failures.append(taken.failure)
        if taken.article is not None:
            self.missing.update(taken.article.missing)
        if taken.archived is not None:
            self.tally[taken.archived.outcome.value] += 1
            if taken.archived.outcome is Outcome.NEW and taken.archived.relation in COPIES:
                self.tally["copies"] += 1


def begin(house: House, outlet: Outlet, visit_id: str) -> VisitLog:
    """Write that the visit runs, and recall what the ways in said last."""
    house.rulebook.refresh()
    began_at = house.clock()
    with house.database.write() as connection:
        visits.save_visit(connection, Visit(id=visit_id, outlet_id=outlet.id, started_at=began_at))
        validators = visits.validators_of(connection, outlet.id)
    return VisitLog(visit_id=visit_id, outlet=outlet, began_at=began_at, validators=validators)


def recognising(house: House, log: VisitLog) -> IsKnown | None:
    """Return what tells a visit which addresses are known; None on a first visit, when none is."""
    if not log.validators:
        return None

    def look_up(addresses: Collection[str]) -> frozenset[str]:
        with house.database.read() as connection:
            return known_pages.known_among(connection, log.outlet.id, addresses)

    async def is_known(addresses: Collection[str]) -> frozenset[str]:
        return await asyncio.to_thread(look_up, addresses)

    return is_known


def remember(house: House, log: VisitLog, found: Discovery) -> None:
    """Remember the entries, and only with them the validators that will hide them next time."""
    with house.database.write() as connection:
        new = known_pages.remember_entries(connection, found.entries, now=log.began_at)
        visits.keep_validators(connection, log.outlet.id, found.validators_by_way, now=log.began_at)
    log.tally["found"] = new
    log.failures.extend(found.failures)


def pages_due(house: House, outlet: Outlet) -> tuple[PageToRead, ...]:
    """Return the pages to be read now, at most as many as one visit may ask for."""
    limit = min(outlet.politeness.requests_per_visit, house.settings.crawl.articles_per_visit)
    with house.database.read() as connection:
        return known_pages.pages_to_read(connection, outlet.id, now=house.clock(), limit=limit)


def is_welcome(log: VisitLog) -> bool:
    """Say whether it makes sense to ask this host for another page now."""
    closed = sum(failure.kind in HOST_FAILURES for failure in log.failures)
    return closed < ENOUGH_HOST_FAILURES and not any(map(_asks_for_peace, log.failures))


def _asks_for_peace(failure: Failure) -> bool:
    # going on would cost every waiting page one of its attempts without being asked for
    return failure.status == HTTPStatus.TOO_MANY_REQUESTS or (
        failure.status == HTTPStatus.SERVICE_UNAVAILABLE and failure.retry_after is not None
    )


def note_unchanged(house: House, known: PageToRead) -> None:
    """Note that a page read again says what it said."""
    now = house.clock()
    with house.database.write() as connection:
        again_at = None
        if known.article_id is not None:
            kept = get_article(connection, known.article_id)
            again_at = read_again_at(
                kept.article, first_seen_at=kept.first_seen_at, is_watched=True, now=now
            )
        reading = Reading(read_at=now, article_id=known.article_id, read_again_at=again_at)
        known_pages.page_was_read(connection, known.entry, reading)


def keep_page(connection: Connection, house: House, entry: Entry, page: Page) -> None:
    """Keep what was fetched, so that a better profile can read it again without asking anybody."""
    if house.pages is None:
        return
    kept_pages.keep_page(
        connection,
        house.pages,
        page,
        outlet_id=entry.outlet_id,
        canonical_url=entry.canonical_url,
    )


def note_failure(
    house: House, known: PageToRead, failure: Failure, *, page: Page | None = None
) -> None:
    """Note that a page failed, and when it is tried again; one that told nothing is kept."""
    again_at = retry_at(failure, attempts=known.attempts, now=house.clock())
    with house.database.write() as connection:
        if page is not None:
            keep_page(connection, house, known.entry, page)
        known_pages.page_failed(connection, known.entry, failure, read_again_at=again_at)


def note_read(
    connection: Connection, known: PageToRead, page: Page, taken: Taken, *, now: datetime
) -> None:
    """Note a good reading in the transaction that archived it."""
    if taken.archived is None or taken.article is None:
        return
    article_id = taken.archived.article_id
    again_at = read_again_at(
        taken.article,
        first_seen_at=get_article(connection, article_id).first_seen_at,
        is_watched=bool(taken.matched),
        now=now,
    )
    reading = Reading(
        read_at=now, article_id=article_id, validators=page.validators, read_again_at=again_at
    )
    known_pages.page_was_read(connection, known.entry, reading)


def close(
    house: House,
    log: VisitLog,
    found: Discovery,
    *,
    requests: int,
    crawl_delay: timedelta = timedelta(0),
) -> VisitReport:
    """End the visit in the archive: its row, the outlet's state, and when it is due again."""
    now = house.clock()
    ended = _visit(log, found, requests=requests, now=now)
    with house.database.write() as connection:
        visits.save_visit(connection, ended)
        if house.settings.crawl.websub:
            note_offers(connection, log.outlet, found.reports, now=now)
        before = outlet_states.get_state(connection, log.outlet.id)
        learned = Circumstance(failures=log.failures, crawl_delay=crawl_delay)
        after = state_after(
            connection,
            before,
            ended,
            log.outlet,
            learned,
            now=now,
        )
        outlet_states.save_state(connection, after)
        tell_watchers(connection, house, before, after)
    return _report(log, ended, now)


def _visit(log: VisitLog, found: Discovery, *, requests: int, now: datetime) -> Visit:
    first = log.failures[0] if log.failures else None
    ways = tuple(_way(report) for report in found.reports)
    return Visit(
        id=log.visit_id,
        outlet_id=log.outlet.id,
        started_at=log.began_at,
        finished_at=now,
        outcome=_outcome(log, ways),
        found=log.tally["found"],
        read=log.tally["read"],
        new=log.tally[Outcome.NEW.value],
        revised=log.tally[Outcome.REVISED.value],
        copies=log.tally["copies"],
        failed=log.tally["failed"],
        requests=requests,
        missing=dict(log.missing),
        failure_kind=first.kind if first else None,
        failure_detail=first.detail if first else None,
        ways=ways,
    )


def _outcome(log: VisitLog, ways: tuple[WayResult, ...]) -> VisitOutcome:
    if ways and all(way.outcome is WayOutcome.FAILED for way in ways):
        return VisitOutcome.FAILED
    return VisitOutcome.PARTIAL if log.failures else VisitOutcome.DONE


def _way(report: WayReport) -> WayResult:
    failure = report.failure
    outcome = WayOutcome.UNCHANGED if report.unchanged else WayOutcome.READ
    if failure is not None and not report.found:
        outcome = WayOutcome.FAILED
    return WayResult(
        url=report.way.url,
        kind=report.way.kind.value,
        outcome=outcome,
        found=report.found,
        failure_kind=failure.kind if failure else None,
        failure_detail=failure.detail if failure else None,
    )


def _report(log: VisitLog, ended: Visit, now: datetime) -> VisitReport:
    return VisitReport(
        outlet_id=log.outlet.id,
        name=log.outlet.name,
        found=ended.found,
        read=ended.read,
        new=ended.new,
        revised=ended.revised,
        copies=ended.copies,
        alerts=log.tally["owed"],
        held=log.tally["held"],
        failed=ended.failed,
        requests=ended.requests,
        failure=ended.failure_detail,
        seconds=(now - log.began_at).total_seconds(),
    )
