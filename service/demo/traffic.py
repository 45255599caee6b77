"""The request log of the simulated press, and what it tells of a reader's manners."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request an outlet answered.

    `path` is percent-decoded, with its query. `at` is when it arrived, `until_at` when its answer
    began to leave: later than `at` where the outlet is slow.
    """

    outlet_id: str
    path: str
    status: int
    user_agent: str
    is_conditional: bool
    at: datetime
    until_at: datetime


def overlaps(asked: tuple[Asked, ...]) -> tuple[tuple[Asked, Asked], ...]:
    """Return the pairs of requests of which the second came before the first was answered."""
    return tuple((one, other) for one, other in _neighbours(asked) if other.at < one.until_at)


def shortest_pause(asked: tuple[Asked, ...]) -> timedelta | None:
    """Return the least time between an answer and the next request at the same outlet."""
    return min((other.at - one.until_at for one, other in _neighbours(asked)), default=None)


def requests_per_article(asked: tuple[Asked, ...], articles: int) -> float:
    """Return how many requests were answered for each new article; 0 when there is none."""
    return len(asked) / articles if articles else 0.0


def _neighbours(asked: tuple[Asked, ...]) -> list[tuple[Asked, Asked]]:
    """Pair each request with the next one at the same outlet."""
    by_outlet: dict[str, list[Asked]] = {}
    for each in sorted(asked, key=lambda request: request.at):
        by_outlet.setdefault(each.outlet_id, []).append(each)
    return [pair for requests in by_outlet.values() for pair in pairwise(requests)]
