"""Bound how often one asker may ask: a bucket of tokens for each, refilled as time passes."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Askers remembered at once; the longest silent is forgotten, which only gives it a full bucket.
MOST_ASKERS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many requests at once, and as many again in `period`."""

    name: str
    burst: int
    period: timedelta


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Limiter:
    """Remembers, in this process, how much each asker has left."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, limit: Limit, asker: str, *, now: datetime) -> timedelta | None:
        """Take one; return None when there was one, else how long until there is."""
        with self._lock:
            bucket = self._buckets.pop((limit.name, asker), None) or _Bucket(limit.burst, now)
            self._buckets[limit.name, asker] = bucket
            if len(self._buckets) > MOST_ASKERS:
                del self._buckets[next(iter(self._buckets))]
            each = limit.period / limit.burst
            bucket.left = min(float(limit.burst), bucket.left + (now - bucket.at) / each)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return None
            return (1 - bucket.left) * each
