"""Say when an outlet's articles came out: what its rhythm and its volume are learned from."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from storage.schema.articles import articles

#: More than any outlet of the province publishes in the weeks a rhythm remembers.
MOST: Final = 5_000


def published_since(
    connection: Connection, outlet_id: str, since: datetime, *, limit: int = MOST
) -> tuple[datetime, ...]:
    """Return the instants at which an outlet's articles came out, the latest first.

    An article whose printed date nobody believes counts when it was first seen.
    """
    return tuple(
        connection.scalars(
            select(articles.c.sort_at)
            .where(articles.c.outlet_id == outlet_id, articles.c.sort_at >= since)
            .order_by(articles.c.sort_at.desc())
            .limit(limit)
        )
    )
