"""Tells a country-wide outage from outlets that fail on their own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crawler.diagnosis import Look
from crawler.page import FailureKind

LATELY: Final = timedelta(hours=2)
MOST: Final = 0.6
AT_LEAST: Final = 5  # outlets that were looked at; fewer prove nothing
_NETWORK: Final = frozenset(
    {FailureKind.DNS, FailureKind.REFUSED, FailureKind.TIMEOUT, FailureKind.RESET}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Most outlets fail at once: `failing` of `looked_at`, the first of them at `since_at`."""

    failing: int
    looked_at: int
    since_at: datetime


def outage(
    latest: Mapping[str, Look], *, usually_failing: frozenset[str], now: datetime
) -> Outage | None:
    """Say whether most outlets fail at once, by the network and not by what they answer.

    `latest` maps outlets to their latest visit; those in `usually_failing` (geo-blocked, dead)
    prove nothing and are not counted.
    """
    recent = [
        look
        for outlet_id, look in latest.items()
        if outlet_id not in usually_failing and now - look.at <= LATELY
    ]
    failing = [look for look in recent if not look.answered and look.failure in _NETWORK]
    if len(recent) < AT_LEAST or len(failing) < MOST * len(recent):
        return None
    since = min(look.at for look in failing)
    return Outage(failing=len(failing), looked_at=len(recent), since_at=since)
