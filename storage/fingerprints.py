"""Keep fingerprints in SQL by period, and look up who shares them, in both dialects."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, any_, bindparam, delete, func, select, text

from storage.prepared import Prepared
from storage.schema.stories import fingerprints, story_members
from storage.schema.types import Numbers

#: A period of the index. A look-up touches the one before, the article's own and, for an article
#: that is read late, the one after: at least 30 days back, and an archive of ten years costs what
#: one of two months does.
PERIOD: Final = timedelta(days=30)
_BACK: Final = 1
_AHEAD: Final = 1
_EPOCH: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Posting(NamedTuple):
    """One archived article that has a fingerprint, and the period it is indexed in."""

    hash: int
    article_id: int
    story_id: int
    period: int


_HASHES: Final = bindparam("hashes", type_=Numbers)
_PERIODS: Final = bindparam("periods", type_=Numbers)
_COLUMNS: Final = (
    fingerprints.c.hash,
    fingerprints.c.article_id,
    story_members.c.story_id,
    fingerprints.c.period,
)
_LOOK_UP: Final = Prepared(
    text(
        "SELECT f.hash, f.article_id, m.story_id, f.period FROM json_each(:periods) AS p "
        "CROSS JOIN json_each(:hashes) AS h "
        "CROSS JOIN fingerprints AS f ON f.period = p.value AND f.hash = h.value "
        "CROSS JOIN story_members AS m ON m.article_id = f.article_id"
    )
    .bindparams(_HASHES, _PERIODS)
    .columns(*_COLUMNS),
    postgresql=text(
        "SELECT f.hash, f.article_id, m.story_id, f.period FROM fingerprints AS f "
        "JOIN story_members AS m ON m.article_id = f.article_id "
        "WHERE f.period = ANY(:periods) AND f.hash = ANY(:hashes)"
    )
    .bindparams(_HASHES, _PERIODS)
    .columns(*_COLUMNS),
    row=Posting._make,
)
_KEEP: Final = Prepared(
    text(
        "INSERT OR IGNORE INTO fingerprints (period, hash, article_id) "
        "SELECT :period, h.value, :article_id FROM json_each(:hashes) AS h"
    ).bindparams(_HASHES),
    postgresql=text(
        "INSERT INTO fingerprints (period, hash, article_id) "
        "SELECT :period, h, :article_id FROM unnest(:hashes) AS h ON CONFLICT DO NOTHING"
    ).bindparams(_HASHES),
)
_OF_ARTICLE: Final = delete(fingerprints).where(
    fingerprints.c.period == bindparam("at_period"), fingerprints.c.article_id == bindparam("key")
)
_DROP: Final = Prepared(
    _OF_ARTICLE.where(
        fingerprints.c.hash.in_(select(func.json_each(_HASHES).table_valued("value").c.value))
    ),
    postgresql=_OF_ARTICLE.where(fingerprints.c.hash == any_(_HASHES)),
)


def period_of(at: datetime) -> int:
    """Return the number of the period an instant falls into."""
    return (at - _EPOCH) // PERIOD


def look_up(
    connection: Connection, hashes: Collection[int], at: datetime, *, read_at: datetime
) -> Sequence[Posting]:
    """Return every posting of `hashes` (signed 64 bit) in the window around `at`.

    Nothing is looked for in periods that begin after `read_at`.
    """
    if not hashes:
        return []
    here = period_of(at)
    latest = max(here, min(here + _AHEAD, period_of(read_at)))
    periods = range(here - _BACK, latest + 1)
    return _LOOK_UP.rows(connection, {"periods": periods, "hashes": hashes})


def keep_fingerprints(
    connection: Connection, article_id: int, hashes: Collection[int], at: datetime
) -> None:
    """Add an article's fingerprints. Repeatable."""
    if hashes:
        values = {"period": period_of(at), "article_id": article_id, "hashes": hashes}
        _KEEP.rows(connection, values)


def drop_fingerprints(
    connection: Connection, article_id: int, hashes: Collection[int], at: datetime
) -> None:
    """Take an article's fingerprints out, because its text has changed."""
    values = {"at_period": period_of(at), "key": article_id, "hashes": hashes}
    _DROP.rows(connection, values)


def forget_fingerprints(connection: Connection, *, before: datetime) -> int:
    """Drop the periods that ended before an instant; return how many rows went."""
    gone = connection.execute(delete(fingerprints).where(fingerprints.c.period < period_of(before)))
    return gone.rowcount
