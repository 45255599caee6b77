"""Keep the fetch log: every visit, what each way in gave, and the ways' validators."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from crawler.page import FailureKind, Validators
from storage.codec import storable
from storage.schema.visits import visit_ways, visits, ways_in
from storage.upsert import insert_into


class VisitOutcome(StrEnum):
    """How a visit stands or ended."""

    RUNNING = "running"
    DONE = "done"  # every way in answered
    PARTIAL = "partial"  # some ways in or pages failed
    FAILED = "failed"  # no way in answered


class WayOutcome(StrEnum):
    """What a way in answered."""

    READ = "read"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayResult:
    """What one way in gave during a visit; `kind` is the catalogue's word (feed, sitemap …)."""

    url: str
    kind: str
    outcome: WayOutcome
    found: int = 0
    failure_kind: FailureKind | None = None
    failure_detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit of one outlet.

    `found` counts entries that were new to the archive, `read` pages read, `new`, `revised` and
    `copies` what became of them, `failed` pages that failed, `requests` every request made.
    `missing` counts, per field, the articles whose profile promises it and whose page lacked it.
    """

    id: str
    outlet_id: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: VisitOutcome = VisitOutcome.RUNNING
    found: int = 0
    read: int = 0
    new: int = 0
    revised: int = 0
    copies: int = 0
    failed: int = 0
    requests: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    failure_kind: FailureKind | None = None
    failure_detail: str | None = None
    ways: tuple[WayResult, ...] = ()


def save_visit(connection: Connection, visit: Visit) -> None:
    """Keep a visit as it stands, begun or ended. Repeatable: the last word counts.

    A visit that ended is not made running again by a worker that repeats its beginning.
    """
    values = _columns(visit)
    insert = insert_into(connection, visits).values(**values)
    begins = visit.outcome is VisitOutcome.RUNNING
    connection.execute(
        insert.on_conflict_do_nothing()
        if begins
        else insert.on_conflict_do_update(index_elements=[visits.c.id], set_=values)
    )
    for way in visit.ways:
        _save_way(connection, visit.id, way)


def find_visit(connection: Connection, visit_id: str) -> Visit | None:
    """Return the visit of this name."""
    row = connection.execute(select(visits).where(visits.c.id == visit_id)).one_or_none()
    return None if row is None else _read(connection, [row])[0]


def recent_visits(
    connection: Connection, *, limit: int, outlet_id: str | None = None
) -> tuple[Visit, ...]:
    """List the latest visits, the newest first."""
    statement = select(visits).order_by(visits.c.started_at.desc(), visits.c.id.desc())
    if outlet_id is not None:
        statement = statement.where(visits.c.outlet_id == outlet_id)
    return _read(connection, connection.execute(statement.limit(limit)).all())


def forget_visits(connection: Connection, *, before: datetime) -> int:
    """Delete the visits begun before an instant; return how many."""
    old = select(visits.c.id).where(visits.c.started_at < before)
    connection.execute(delete(visit_ways).where(visit_ways.c.visit_id.in_(old)))
    return connection.execute(delete(visits).where(visits.c.started_at < before)).rowcount


def validators_of(connection: Connection, outlet_id: str) -> dict[str, Validators]:
    """Return what the next conditional GET of each way in sends, by the way's URL."""
    rows = connection.execute(select(ways_in).where(ways_in.c.outlet_id == outlet_id))
    return {row.url: Validators(etag=row.etag, last_modified=row.last_modified) for row in rows}


def keep_validators(
    connection: Connection, outlet_id: str, by_way: Mapping[str, Validators], *, now: datetime
) -> None:
    """Keep the validators of ways in that were read.

    In the same transaction as `remember_entries`, or after it: a feed that then answers "unchanged"
    must have left nothing unremembered.
    """
    for url, validators in sorted(by_way.items()):
        values = {
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "read_at": now,
        }
        row = insert_into(connection, ways_in).values(outlet_id=outlet_id, url=url, **values)
        keys = [ways_in.c.outlet_id, ways_in.c.url]
        connection.execute(row.on_conflict_do_update(index_elements=keys, set_=values))


def _save_way(connection: Connection, visit_id: str, way: WayResult) -> None:
    values = {
        "kind": way.kind,
        "outcome": way.outcome.value,
        "found": way.found,
        "failure_kind": _value(way.failure_kind),
        "failure_detail": _storable(way.failure_detail),
    }
    row = insert_into(connection, visit_ways).values(visit_id=visit_id, url=way.url, **values)
    keys = [visit_ways.c.visit_id, visit_ways.c.url]
    connection.execute(row.on_conflict_do_update(index_elements=keys, set_=values))


def _columns(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "outlet_id": visit.outlet_id,
        "started_at": visit.started_at,
        "finished_at": visit.finished_at,
        "outcome": visit.outcome.value,
        "found": visit.found,
        "read": visit.read,
        "new": visit.new,
        "revised": visit.revised,
        "copies": visit.copies,
        "failed": visit.failed,
        "requests": visit.requests,
        "missing": json.dumps(dict(visit.missing), sort_keys=True) if visit.missing else None,
        "failure_kind": _value(visit.failure_kind),
        "failure_detail": _storable(visit.failure_detail),
    }


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Visit, ...]:
    ways = _ways_of(connection, [row.id for row in rows])
    return tuple(_visit(row, ways[row.id]) for row in rows)


def _ways_of(connection: Connection, visit_ids: Sequence[str]) -> dict[str, tuple[WayResult, ...]]:
    found: defaultdict[str, tuple[WayResult, ...]] = defaultdict(tuple)
    rows = connection.execute(
        select(visit_ways).where(visit_ways.c.visit_id.in_(visit_ids)).order_by(visit_ways.c.url)
    )
    for row in rows:
        found[row.visit_id] += (_way(row),)
    return found


def _way(row: Row[Any]) -> WayResult:
    return WayResult(
        url=row.url,
        kind=row.kind,
        outcome=WayOutcome(row.outcome),
        found=row.found,
        failure_kind=_kind(row.failure_kind),
        failure_detail=row.failure_detail,
    )


def _visit(row: Row[Any], ways: tuple[WayResult, ...]) -> Visit:
    return Visit(
        id=row.id,
        outlet_id=row.outlet_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=VisitOutcome(row.outcome),
        found=row.found,
        read=row.read,
        new=row.new,
        revised=row.revised,
        copies=row.copies,
        failed=row.failed,
        requests=row.requests,
        missing=json.loads(row.missing) if row.missing else {},
        failure_kind=_kind(row.failure_kind),
        failure_detail=row.failure_detail,
        ways=ways,
    )


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _value(kind: FailureKind | None) -> str | None:
    return None if kind is None else kind.value


def _kind(value: str | None) -> FailureKind | None:
    return None if value is None else FailureKind(value)
