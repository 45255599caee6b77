"""Tells a volume of news or dates that are far from usual. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from crawler.diagnosis import Anomaly, Circumstances
from persian.calendar import TEHRAN

FROZEN_EXPECTED: Final = 7.0  # Poisson: silence has a chance of 1 in 1,100 where 7 are expected
LOW_EXPECTED: Final = 12.0
HIGH_FACTOR: Final = 4.0
HIGH_AT_LEAST: Final = 20
EQUAL_DATES_AT_LEAST: Final = 5
LATEST: Final = 10
_DAY: Final = timedelta(days=1)


def anomalies(around: Circumstances, *, now: datetime) -> tuple[Anomaly, ...]:
    """Say what of volume and dates is far from usual: the last day against the rhythm."""
    expected = around.rhythm.expected(now - _DAY, now)
    seen = sum(now - _DAY < at <= now for at in around.published_at)
    return tuple(
        anomaly
        for anomaly, holds in (
            (Anomaly.FROZEN, expected >= FROZEN_EXPECTED and not seen),
            (Anomaly.LOW, expected >= LOW_EXPECTED and 0 < seen <= expected / HIGH_FACTOR),
            (Anomaly.HIGH, seen >= max(HIGH_AT_LEAST, HIGH_FACTOR * expected)),
            (Anomaly.EQUAL_DATES, _are_equal(around.published_at)),
        )
        if holds and around.rhythm.known_weeks >= 1
    )


def _are_equal(published_at: Sequence[datetime]) -> bool:
    latest = sorted(published_at, reverse=True)[:LATEST]
    if len(latest) < EQUAL_DATES_AT_LEAST or len(set(latest)) > 1:
        return False
    # an outlet that prints days without times has many articles at one midnight
    return latest[0].astimezone(TEHRAN).time() != time()
