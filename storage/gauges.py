"""Measure the archive for monitoring: what came in, what waits and how late it is.

Every figure is asked of an index over a bounded stretch of time, over what is still open, or over
the outlets; none of them costs more as the archive grows old.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, case, func, select

from storage.delivery import DeliveryState
from storage.relations import COPIES, Relation
from storage.schema.articles import articles
from storage.schema.deliveries import deliveries
from storage.schema.rules import matches
from storage.schema.stories import stories, story_members
from storage.schema.visits import outlet_states, visits
from storage.schema.workers import workers
from storage.visits import VisitOutcome

#: Deliveries that somebody, the worker or the operator, still has to do something about.
OPEN: Final = (
    DeliveryState.OWED,
    DeliveryState.SENDING,
    DeliveryState.FAILED,
    DeliveryState.DEAD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """The state of an installation at one instant.

    Counts of visits, articles, copies, stories, matches and `deliveries` are of the time since the
    `since` that was asked; articles read from an outlet's past are left out. Ages and lateness are
    seconds, never negative. `success_age` has the outlets that were ever read and are visited now.
    """

    visits: Mapping[VisitOutcome, int]
    articles: int
    copies: int
    stories: int
    matches: Mapping[str, int]
    deliveries: Mapping[DeliveryState, int]
    open_deliveries: Mapping[DeliveryState, int]
    visit_lateness: float
    delivery_lateness: float
    outlets: Mapping[str, int]
    success_age: Mapping[str, float]
    workers_alive: int
    workers_silent: int


def measure(
    connection: Connection,
    *,
    now: datetime,
    since: datetime,
    silent_before: datetime,
    rule_ids: Collection[str],
) -> Gauges:
    """Measure the archive. `rule_ids` are the topics and rules whose matches are counted.

    A worker whose last sign of life is older than `silent_before` is silent.
    """
    came, copied = _articles(connection, since)
    alive, silent = _workers(connection, silent_before)
    return Gauges(
        visits=_visits(connection, since),
        articles=came,
        copies=copied,
        stories=_count(connection, stories, stories.c.created_at >= since),
        matches=_matches(connection, since, rule_ids),
        deliveries=_lately_owed(connection, since),
        open_deliveries=_open(connection),
        visit_lateness=_lateness(connection, outlet_states.c.next_visit_at, now),
        delivery_lateness=_lateness(connection, deliveries.c.next_attempt_at, now),
        outlets=_health(connection),
        success_age=_ages(connection, now),
        workers_alive=alive,
        workers_silent=silent,
    )


def _visits(connection: Connection, since: datetime) -> dict[VisitOutcome, int]:
    counted = _by(connection, visits.c.outcome, visits.c.started_at >= since)
    return {outcome: counted.get(outcome.value, 0) for outcome in VisitOutcome}


def _articles(connection: Connection, since: datetime) -> tuple[int, int]:
    """Count the articles first seen, and those of them that ran somebody else's text."""
    ran = story_members.c.relation.in_([Relation(one).value for one in COPIES])
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(case((ran, 1), else_=0)), 0))
        .select_from(articles)
        .outerjoin(story_members, story_members.c.article_id == articles.c.id)
        .where(articles.c.first_seen_at >= since, articles.c.is_backfill.is_(False))
    ).one()
    return int(row[0]), int(row[1])


def _matches(connection: Connection, since: datetime, rule_ids: Collection[str]) -> dict[str, int]:
    wanted = and_(matches.c.rule_id.in_(sorted(rule_ids)), matches.c.matched_at >= since)
    counted = _by(connection, matches.c.rule_id, wanted)
    return {rule_id: counted.get(rule_id, 0) for rule_id in sorted(rule_ids)}


def _lately_owed(connection: Connection, since: datetime) -> dict[DeliveryState, int]:
    """Count without GROUP BY: for its sake SQLite would read the whole index by state instead."""
    states = tuple(DeliveryState)
    counts = [func.count(case((deliveries.c.state == one.value, 1))) for one in states]
    row = connection.execute(select(*counts).where(deliveries.c.owed_at >= since)).one()
    return dict(zip(states, row, strict=True))


def _open(connection: Connection) -> dict[DeliveryState, int]:
    counted = _by(connection, deliveries.c.state, deliveries.c.state.in_(OPEN))
    return {state: counted.get(state.value, 0) for state in OPEN}


def _lateness(connection: Connection, due: ColumnElement[Any], now: datetime) -> float:
    """Return for how long the oldest of what is due has been due."""
    earliest: datetime | None = connection.scalar(select(func.min(due)))
    return 0.0 if earliest is None else max(0.0, (now - earliest).total_seconds())


def _health(connection: Connection) -> dict[str, int]:
    return _by(connection, outlet_states.c.health, outlet_states.c.next_visit_at.is_not(None))


def _ages(connection: Connection, now: datetime) -> dict[str, float]:
    """Return how long ago each visited outlet could last be read."""
    rows = connection.execute(
        select(outlet_states.c.outlet_id, outlet_states.c.last_success_at)
        .where(
            outlet_states.c.next_visit_at.is_not(None),
            outlet_states.c.last_success_at.is_not(None),
        )
        .order_by(outlet_states.c.outlet_id)
    )
    return {row.outlet_id: max(0.0, (now - row.last_success_at).total_seconds()) for row in rows}


def _workers(connection: Connection, silent_before: datetime) -> tuple[int, int]:
    known = _count(connection, workers, workers.c.beat_at.is_not(None))
    alive = _count(connection, workers, workers.c.beat_at >= silent_before)
    return alive, known - alive


def _count(connection: Connection, table: Table, wanted: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(wanted)) or 0


def _by(
    connection: Connection, key: ColumnElement[Any], wanted: ColumnElement[bool]
) -> dict[str, int]:
    rows = connection.execute(select(key, func.count()).where(wanted).group_by(key).order_by(key))
    return {row[0]: row[1] for row in rows}
