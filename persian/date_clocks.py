"""Read the time of day and the zone that a mark names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone, tzinfo
from typing import Final

from persian.doubts import Doubt

_NOON: Final = 12
_WIDEST_OFFSET: Final = timedelta(hours=14)  # no place on Earth is further from UTC
_ZONES: Final[Mapping[str | None, tzinfo]] = {
    "irst": timezone(timedelta(hours=3, minutes=30)),
    "irdt": timezone(timedelta(hours=4, minutes=30)),
    **dict.fromkeys(("z", "utc", "gmt", "ut"), UTC),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day with the zone printed beside it; what was printed but cannot be is left out.

    `is_zero` says that the zone was printed as «Z» or «+00:00» and not named.
    """

    time: time | None
    zone: tzinfo | None = None
    is_zero: bool = False
    doubts: frozenset[Doubt] = frozenset()


def read_clock(mark: re.Match[str]) -> Clock:
    """Return the time of day a mark names."""
    if mark["at_hour"] is not None:
        parts = (mark["whole_hour"], mark["whole_minute"] or "0", "0")
        return _clock(parts, half=mark["whole_half"])
    if mark["time_m"] is not None:
        return _clock((*mark["time_m"].split(":"), "0")[:3])
    clock = _clock((mark["hour"], mark["minute"], mark["second"] or "0"), half=mark["half"])
    if mark["sign"] is not None:
        return _with_offset(clock, mark)
    zone, is_zero = _ZONES.get(mark["zone"]), mark["zone"] == "z"
    return Clock(time=clock.time, zone=zone, is_zero=is_zero, doubts=clock.doubts)


def _clock(parts: tuple[str, ...], *, half: str | None = None) -> Clock:
    hour, minute, second = map(int, parts)
    if half is not None and 1 <= hour <= _NOON:
        is_morning = half == "صبح" or half[0] in "aق"
        hour = hour % _NOON if is_morning else hour % _NOON + _NOON
    try:
        return Clock(time=time(hour, minute, second))
    except ValueError:
        return Clock(time=None, doubts=frozenset({Doubt.TIME_IMPOSSIBLE}))


def _with_offset(clock: Clock, mark: re.Match[str]) -> Clock:
    offset = timedelta(hours=int(mark["zone_hour"]), minutes=int(mark["zone_minute"]))
    if offset > _WIDEST_OFFSET:
        return Clock(time=clock.time, doubts=clock.doubts | {Doubt.OFFSET_IMPOSSIBLE})
    signed = -offset if mark["sign"] == "-" else offset
    return Clock(time=clock.time, zone=timezone(signed), is_zero=not offset, doubts=clock.doubts)
