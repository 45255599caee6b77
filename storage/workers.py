"""Know which workers are alive, and let exactly one live worker adopt a silent one's work."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage.schema.workers import workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One worker as it last reported. `adopted_by` is set once another took over its work."""

    id: str
    machine: str
    process: int
    started_at: datetime
    beat_at: datetime
    adopted_by: str | None = None


def shared_now(connection: Connection, own_now: datetime) -> datetime:
    """Return the time by which workers judge each other: the server's, where there is one.

    By its own clock a worker an hour ahead would take every other for dead.
    """
    if connection.dialect.name != "postgresql":
        return own_now
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def beat(connection: Connection, worker: Worker) -> bool:
    """Say that the worker lives; return whether it was adopted meanwhile.

    An adopted worker that comes back (a paused machine) must not go on with work it no longer owns:
    it hears so here, once, and is then alive again.
    """
    values = {
        "machine": worker.machine,
        "process": worker.process,
        "started_at": worker.started_at,
        "beat_at": worker.beat_at,
        "adopted_by": None,
    }
    here = workers.c.id == worker.id
    known = connection.execute(select(workers.c.adopted_by).where(here).with_for_update()).first()
    if known is None:
        connection.execute(insert(workers).values(id=worker.id, **values))
        return False
    connection.execute(update(workers).where(here).values(**values))
    return known.adopted_by is not None


def claim_silent(connection: Connection, *, before: datetime, by: str) -> list[str]:
    """Claim every worker silent since `before` that nobody adopted yet; return their ids.

    A compare-and-set: of two workers that look at the same instant, one gets each id.
    """
    silent = connection.scalars(
        select(workers.c.id)
        .where(workers.c.beat_at < before, workers.c.adopted_by.is_(None), workers.c.id != by)
        .order_by(workers.c.id)
    ).all()
    return [worker_id for worker_id in silent if _claim(connection, worker_id, before, by)]


def _claim(connection: Connection, worker_id: str, before: datetime, by: str) -> bool:
    result = connection.execute(
        update(workers)
        .where(
            workers.c.id == worker_id,
            workers.c.beat_at < before,
            workers.c.adopted_by.is_(None),
        )
        .values(adopted_by=by)
    )
    return result.rowcount == 1


def leave(connection: Connection, worker_id: str) -> None:
    """Forget a worker that stopped in good order."""
    connection.execute(delete(workers).where(workers.c.id == worker_id))


def all_workers(connection: Connection) -> list[Worker]:
    """Return every worker known, the latest to speak first."""
    rows = connection.execute(select(workers).order_by(workers.c.beat_at.desc()))
    return [_worker(row) for row in rows]


def _worker(row: Row[tuple[object, ...]]) -> Worker:
    return Worker(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
