"""Say how an outlet fares, why, and when it is due again: gather what the crawler judges.

`crawler.health`, `crawler.rhythm` and `crawler.outage` decide, purely; this file brings them the
visits, the publication times and the holidays.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alerts.message import Name
from alerts.week import holiday
from crawler.diagnosis import Cause, Circumstances, Diagnosis, Health, Look, Network
from crawler.health import diagnose
from crawler.health_words import sentence
from crawler.outage import LATELY, network
from crawler.outlets import Outlet
from crawler.page import Failure, FailureKind
from crawler.rhythm import REMEMBERED, Rhythm, Wishes, next_visit_at, rhythm_of
from storage.outlet_states import OutletState, all_states
from storage.publication import published_since
from storage.visits import Visit, VisitOutcome, WayOutcome, recent_visits

#: Visits a diagnosis looks back on, and visits of all outlets an outage is told from.
LOOKS: Final = 20
ALL_LATELY: Final = 1_000
FAILING: Final = frozenset({Health.BLOCKED, Health.GEO_BLOCKED, Health.DEAD, Health.CERTIFICATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """What the visit itself taught: its failures in order, and how the host wants to be asked."""

    failures: Sequence[Failure] = ()
    crawl_delay: timedelta = timedelta(0)

    @property
    def retry_after(self) -> timedelta | None:
        """The longest wait any answer asked for."""
        return max((one.retry_after for one in self.failures if one.retry_after), default=None)


def state_after(  # noqa: PLR0913 - a visit, and what was known before it
    connection: Connection,
    before: OutletState,
    visit: Visit,
    outlet: Outlet,
    learned: Circumstance,
    *,
    now: datetime,
) -> OutletState:
    """Return where the outlet stands after a visit, the visit's row being written already."""
    failed = visit.outcome is VisitOutcome.FAILED
    looks = [_look(visit, learned), *_earlier_looks(connection, visit)]
    published = published_since(connection, outlet.id, now - REMEMBERED)
    watched_since = before.first_success_at or now
    rhythm = rhythm_of(published, watched_since_at=watched_since, now=now, holidays=_holidays(now))
    diagnosis = diagnose(
        looks,
        _circumstances(connection, before, outlet, rhythm, published, failed=failed, now=now),
        now=now,
    )
    failures = before.consecutive_failures + 1 if failed else 0
    due_at = next_visit_at(
        rhythm,
        now=now,
        interval=outlet.interval,
        jitter=random.random(),  # noqa: S311 - spreads visits, keeps no secret
        wishes=Wishes(
            failures=failures,
            retry_after=learned.retry_after,
            crawl_delay=learned.crawl_delay,
            requests=max(visit.requests, 1),
        ),
    )
    return replace(
        before,
        next_visit_at=due_at,
        interval=due_at - now,
        health=diagnosis.state.value,
        health_since_at=diagnosis.since_at,
        health_reason=diagnosis.reason,
        consecutive_failures=failures,
        last_visit_at=visit.started_at,
        first_success_at=before.first_success_at or (None if failed else now),
        last_success_at=before.last_success_at if failed else now,
        last_new_at=now if visit.new else before.last_new_at,
    )


def why(state: OutletState, *, language: str, now: datetime) -> str:
    """Say in one sentence why an outlet is in its state; "" when nothing is known of it."""
    if state.health_reason is None:
        return ""
    return sentence(state.health_reason, state.health_since_at, language=language, now=now)


def why_told(state: OutletState, *, now: datetime) -> Name:
    """Say why in every language, for a message whose reader is not known yet."""
    return Name(
        fa=why(state, language="fa", now=now),
        en=why(state, language="en", now=now),
    )


def _circumstances(  # noqa: PLR0913 - what is known beside the visits
    connection: Connection,
    before: OutletState,
    outlet: Outlet,
    rhythm: Rhythm,
    published: tuple[datetime, ...],
    *,
    failed: bool,
    now: datetime,
) -> Circumstances:
    return Circumstances(
        rhythm=rhythm,
        access=outlet.access,
        published_at=published[:100],
        last_new_at=before.last_new_at,
        network=_network(connection, now) if failed else Network(),
        before=_diagnosis(before),
    )


def _diagnosis(before: OutletState) -> Diagnosis | None:
    if before.health == Health.NEW.value:
        return None
    return Diagnosis(
        state=Health(before.health), cause=Cause.WORKING, since_at=before.health_since_at
    )


def _network(connection: Connection, now: datetime) -> Network:
    lately = recent_visits(connection, limit=ALL_LATELY)
    usually = frozenset(
        state.outlet_id
        for state in all_states(connection)
        if state.health in {one.value for one in FAILING}
    )
    looks = [
        (one.outlet_id, _look(one, None))
        for one in lately
        if one.finished_at is not None and now - one.started_at <= LATELY
    ]
    return network(looks, usually_failing=usually, now=now)


def _earlier_looks(connection: Connection, visit: Visit) -> list[Look]:
    earlier = recent_visits(connection, limit=LOOKS, outlet_id=visit.outlet_id)
    return [
        _look(one, None) for one in earlier if one.id != visit.id and one.finished_at is not None
    ]


def _look(visit: Visit, learned: Circumstance | None) -> Look:
    first = learned.failures[0] if learned and learned.failures else None
    unreadable = visit.failed if visit.failure_kind is FailureKind.NOT_AN_ARTICLE else 0
    return Look(
        at=visit.started_at,
        answered=any(way.outcome is not WayOutcome.FAILED for way in visit.ways),
        new=visit.new,
        articles=visit.new + visit.revised,
        unreadable=unreadable,
        failed_pages=visit.failed,
        missing=visit.missing,
        failure=visit.failure_kind,
        status=first.status if first else None,
    )


def _holidays(now: datetime) -> frozenset[date]:
    """Return the official holidays of the weeks a rhythm is learned from, and of the next one."""
    first = (now - REMEMBERED).date()
    days = (first + timedelta(days=n) for n in range(REMEMBERED.days + 8))
    return frozenset(day for day in days if holiday(day))
