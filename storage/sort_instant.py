"""Decide where an article stands in time, from the date it claims (pure)."""

from datetime import datetime, timedelta
from typing import Final

from crawler.article import DateClaim, Trust

#: How far an outlet's clock may run ahead of ours before its date is not believed for sorting.
CLOCK_SKEW: Final = timedelta(hours=1)


def sort_instant(published: DateClaim | None, first_seen_at: datetime) -> datetime:
    """Decide where an article stands in time.

    Its publication when that can be believed. A bare day counts as the first reading when that fell
    on it, else as its noon. A doubtful or future date does not count.
    """
    at = published_instant(published)
    if published is None or at is None or at > first_seen_at + CLOCK_SKEW:
        return first_seen_at
    if published.trust is not Trust.DAY:
        return at
    return first_seen_at if first_seen_at < at + timedelta(days=1) else at + timedelta(hours=12)


def published_instant(published: DateClaim | None) -> datetime | None:
    """Take the instant of a claim that is not doubtful."""
    if published is None or published.trust is Trust.DOUBTFUL:
        return None
    return published.at
