"""Remember how far each walk into an outlet's past has come."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from storage.schema.backfills import backfills
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """One walk down to the day `since` by one way in; `cursor` is None before its first step."""

    outlet_id: str
    way_url: str
    since: date
    cursor: str | None = None
    is_done: bool = False
    steps: int = 0
    articles: int = 0


def find_backfill(
    connection: Connection, outlet_id: str, way_url: str, since: date
) -> Backfill | None:
    """Return the walk of this outlet, way and day, if it was ever begun."""
    row = connection.execute(
        select(backfills).where(
            backfills.c.outlet_id == outlet_id,
            backfills.c.way_url == way_url,
            backfills.c.since == since,
        )
    ).one_or_none()
    if row is None:
        return None
    return Backfill(
        outlet_id=row.outlet_id,
        way_url=row.way_url,
        since=row.since,
        cursor=row.cursor,
        is_done=bool(row.is_done),
        steps=row.steps,
        articles=row.articles,
    )


def keep_backfill(connection: Connection, walk: Backfill, *, now: datetime) -> None:
    """Keep how far a walk has come. Repeatable."""
    values = {
        "cursor": walk.cursor,
        "is_done": int(walk.is_done),
        "steps": walk.steps,
        "articles": walk.articles,
        "changed_at": now,
    }
    row = insert_into(connection, backfills).values(
        outlet_id=walk.outlet_id, way_url=walk.way_url, since=walk.since, **values
    )
    keys = [backfills.c.outlet_id, backfills.c.way_url, backfills.c.since]
    connection.execute(row.on_conflict_do_update(index_elements=keys, set_=values))
