"""Keep fingerprints in SQL by period, and look up who shares them, in both dialects."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, TextClause, delete, text

from storage.schema.stories import fingerprints

#: A period of the index. A look-up touches the one before, the article's own and, for an article
#: that is read late, the one after: at least 30 days back, and an archive of ten years costs what
#: one of two months does.
PERIOD: Final = timedelta(days=30)
_BACK: Final = 1
_AHEAD: Final = 1
_EPOCH: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

_LOOK_UP_SQLITE: Final = text(
    "SELECT f.hash, f.article_id, m.story_id, f.period FROM json_each(:periods) AS p "
    "CROSS JOIN json_each(:hashes) AS h "
    "CROSS JOIN fingerprints AS f ON f.period = p.value AND f.hash = h.value "
    "CROSS JOIN story_members AS m ON m.article_id = f.article_id"
)
_LOOK_UP_POSTGRESQL: Final = text(
    "SELECT f.hash, f.article_id, m.story_id, f.period FROM fingerprints AS f "
    "JOIN story_members AS m ON m.article_id = f.article_id "
    "WHERE f.period = ANY(CAST(:periods AS integer[])) AND f.hash = ANY(CAST(:hashes AS bigint[]))"
)
_KEEP_SQLITE: Final = text(
    "INSERT OR IGNORE INTO fingerprints (period, hash, article_id) "
    "SELECT :period, h.value, :article_id FROM json_each(:hashes) AS h"
)
_KEEP_POSTGRESQL: Final = text(
    "INSERT INTO fingerprints (period, hash, article_id) "
    "SELECT :period, h, :article_id FROM unnest(CAST(:hashes AS bigint[])) AS h "
    "ON CONFLICT DO NOTHING"
)


class Posting(NamedTuple):
    """One archived article that has a fingerprint, and the period it is indexed in."""

    hash: int
    article_id: int
    story_id: int
    period: int


def period_of(at: datetime) -> int:
    """Return the number of the period an instant falls into."""
    return (at - _EPOCH) // PERIOD


def look_up(
    connection: Connection, hashes: Collection[int], at: datetime, *, read_at: datetime
) -> list[Posting]:
    """Return every posting of `hashes` (signed 64 bit) in the window around `at`.

    Nothing is looked for in periods that begin after `read_at`.
    """
    if not hashes:
        return []
    here = period_of(at)
    latest = max(here, min(here + _AHEAD, period_of(read_at)))
    periods = range(here - _BACK, latest + 1)
    statement, values = _in_dialect(connection, _LOOK_UP_SQLITE, _LOOK_UP_POSTGRESQL, hashes)
    values["periods"] = _array(connection, periods)
    return [Posting(*row) for row in connection.execute(statement, values).all()]


def keep_fingerprints(
    connection: Connection, article_id: int, hashes: Collection[int], at: datetime
) -> None:
    """Add an article's fingerprints. Repeatable."""
    if not hashes:
        return
    statement, values = _in_dialect(connection, _KEEP_SQLITE, _KEEP_POSTGRESQL, hashes)
    values["period"] = period_of(at)
    values["article_id"] = article_id
    connection.execute(statement, values)


def drop_fingerprints(
    connection: Connection, article_id: int, hashes: Collection[int], at: datetime
) -> None:
    """Take an article's fingerprints out, because its text has changed."""
    connection.execute(
        delete(fingerprints).where(
            fingerprints.c.period == period_of(at),
            fingerprints.c.hash.in_(hashes),
            fingerprints.c.article_id == article_id,
        )
    )


def forget_fingerprints(connection: Connection, *, before: datetime) -> int:
    """Drop the periods that ended before an instant; return how many rows went."""
    gone = connection.execute(delete(fingerprints).where(fingerprints.c.period < period_of(before)))
    return gone.rowcount


def _in_dialect(
    connection: Connection, sqlite: TextClause, postgresql: TextClause, hashes: Collection[int]
) -> tuple[TextClause, dict[str, Any]]:
    statement = sqlite if connection.dialect.name == "sqlite" else postgresql
    return statement, {"hashes": _array(connection, list(hashes))}


def _array(connection: Connection, numbers: Sequence[int]) -> str | list[int]:
    """Pass many numbers as one parameter: JSON for SQLite, an array for PostgreSQL."""
    return json.dumps(list(numbers)) if connection.dialect.name == "sqlite" else list(numbers)
