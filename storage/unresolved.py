"""List the names that texts credit and nobody has mapped, for the operator to map."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from crawler.article import Credit
from crawler.credits import unresolved_names
from storage.members import decode_credits
from storage.schema.stories import story_members


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedName:
    """A name as printed, how often it was credited, and the latest article that does."""

    name: str
    times: int
    article_id: int


def unresolved_credits(
    connection: Connection, *, since: datetime, limit: int = 100
) -> list[UnresolvedName]:
    """Return the unmapped names credited since an instant, the most frequent first."""
    times: Counter[str] = Counter()
    latest: dict[str, int] = {}
    for article_id, credits_ in _credits_since(connection, since):
        for name, count in unresolved_names(credits_).items():
            times[name] += count
            latest[name] = article_id
    ranked = sorted(times, key=lambda name: (-times[name], name))
    return [
        UnresolvedName(name=name, times=times[name], article_id=latest[name])
        for name in ranked[:limit]
    ]


def _credits_since(
    connection: Connection, since: datetime
) -> Iterator[tuple[int, tuple[Credit, ...]]]:
    rows = connection.execute(
        select(story_members.c.article_id, story_members.c.credits)
        .where(story_members.c.seen_at >= since, story_members.c.credits != "[]")
        .order_by(story_members.c.article_id)
    )
    for row in rows:
        yield row.article_id, decode_credits(row.credits)
