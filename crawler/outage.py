"""Tells a country-wide outage from outlets that fail on their own. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from crawler.diagnosis import Look, Network
from crawler.page import FailureKind

LATELY: Final = timedelta(hours=2)
MOST: Final = 0.6
AT_LEAST: Final = 5  # outlets that were looked at; fewer prove nothing
_NETWORK: Final = frozenset(
    {FailureKind.DNS, FailureKind.REFUSED, FailureKind.TIMEOUT, FailureKind.RESET}
)


def network(
    looks: Iterable[tuple[str, Look]], *, usually_failing: frozenset[str], now: datetime
) -> Network:
    """Say whether most outlets fail at once, by the network and not by what they answer.

    `looks` are visits of all outlets by their ids, the latest first; outlets in `usually_failing`
    (geo-blocked, dead) prove nothing and are not counted. A handful that failed one after the other
    while nobody answered is an outage too: the others have only not been visited since it began.
    """
    recent = [
        (outlet_id, look)
        for outlet_id, look in looks
        if outlet_id not in usually_failing and now - look.at <= LATELY
    ]
    latest: dict[str, Look] = {}
    for outlet_id, look in recent:
        latest.setdefault(outlet_id, look)
    if len(latest) < AT_LEAST:
        return Network()
    answered_at = max((look.at for _, look in recent if look.answered), default=now - LATELY)
    failing = [look for look in latest.values() if not look.answered and look.failure in _NETWORK]
    since = sum(look.at > answered_at for look in failing)
    is_out = len(failing) >= MOST * len(latest) or since >= AT_LEAST
    return Network(is_out=is_out, answered_at=answered_at)
