"""Read the dates the press prints, in every form, without guessing silently.

A year of 13xx or 14xx is always Jalali. A time without a zone is Tehran's. A Gregorian or Hijri
date beside a Jalali one confirms it and is not a second date. «امروز : شنبه …» in a header is the
day of the visit and no date of anything. A day that does not exist is no date; a date that can be
read but contradicts something carries a `Doubt`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from persian.calendar import TEHRAN
from persian.date_clocks import Clock, read_clock
from persian.date_days import Day, read_day, weekday_of
from persian.date_marks import are_glued, marks
from persian.date_names import WEEKDAY_BY_LETTERS, Calendar
from persian.doubts import CONTRADICTIONS, Doubt
from persian.fold import fold_with_offsets, letters
from persian.trace import Folded

_CLOCK_SKEW: Final = timedelta(hours=1)  # a server's clock may run ahead of ours
_RANK: Final = (Calendar.JALALI, Calendar.GREGORIAN, Calendar.RELATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """One date as printed.

    `at` is UTC; without `has_time` it is midnight in Tehran (or in the zone given to the parser).
    `start` and `end` are the offsets of `printed` in the text. `doubts` says what was filled in or
    contradicts something.
    """

    at: datetime
    has_time: bool
    calendar: Calendar
    printed: str
    start: int
    end: int
    doubts: frozenset[Doubt] = frozenset()

    @property
    def is_doubtful(self) -> bool:
        """Whether something printed contradicts this date (filled-in parts alone do not)."""
        return bool(self.doubts & CONTRADICTIONS)


def parse_date(text: str, *, now: datetime, zone: tzinfo = TEHRAN) -> ParsedDate | None:
    """Return the first date of a text, or None when it holds none.

    `now` is the aware moment of reading; `zone` is the one of times printed without a zone.
    """
    return next(_dates(text, now, zone), None)


def find_dates(text: str, *, now: datetime, zone: tzinfo = TEHRAN) -> tuple[ParsedDate, ...]:
    """Return every date of a text in order, each with its span; see `parse_date`."""
    return tuple(_dates(text, now, zone))


def _dates(text: str, now: datetime, zone: tzinfo) -> Iterator[ParsedDate]:
    folded = fold_with_offsets(text)
    local_now = now.astimezone(zone)
    for group in _groups(folded.text, local_now):
        found = _resolve(group, folded, local_now, zone)
        if found is not None:
            yield found


class _Group:
    """The marks that together make one date."""

    __slots__ = ("clock", "days", "end", "has_today", "is_closed", "is_header", "start", "weekday")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.days: list[Day] = []
        self.clock: Clock | None = None
        self.weekday: int | None = None
        self.has_today = False
        self.is_header = False
        self.is_closed = False

    def takes(self, mark: re.Match[str], day: Day | None) -> bool:
        """Say whether a mark can belong to this group: one time, one day of each calendar.

        A day that does not exist («۰/۰۰/۰۰ - ۰۰:۰۰») keeps its time and weekday to itself.
        """
        match mark.lastgroup:
            case "time" | "at_hour":
                return self.clock is None
            case "weekday":
                return self.weekday is None
            case _:
                if day is None or self.is_closed:
                    return False
                return all(day.calendar is not own.calendar for own in self.days)

    def add(self, mark: re.Match[str], day: Day | None, weekday: int | None) -> None:
        self.end = mark.end()
        self.weekday = weekday if weekday is not None else self.weekday
        if day is not None:
            self.days.append(day)
        elif _names_day(mark):
            self.is_closed = True
        if mark.lastgroup in {"time", "at_hour"} or mark["time_m"] is not None:
            self.clock = read_clock(mark)
        if mark["today"] is not None:
            self.has_today = True


def _groups(folded: str, now: datetime) -> Iterator[_Group]:
    group: _Group | None = None
    for mark in marks(folded):
        weekday = _weekday(mark)
        known = weekday if weekday is not None else group.weekday if group else None
        day = read_day(mark, now=now, weekday=known) if _names_day(mark) else None
        glued = group is not None and are_glued(folded, group.end, mark.start())
        if group is not None and not (glued and group.takes(mark, day)):
            yield group
            group = None
        group = group or _Group(mark.start())
        group.add(mark, day, weekday)
        group.is_header = group.is_header or _opens_header(mark, folded)
    if group is not None:
        yield group


def _names_day(mark: re.Match[str]) -> bool:
    return mark.lastgroup not in {"time", "at_hour", "weekday"}


def _opens_header(mark: re.Match[str], folded: str) -> bool:
    return mark["today"] is not None and folded[mark.end() : mark.end() + 2].lstrip().startswith(
        ":"
    )


def _weekday(mark: re.Match[str]) -> int | None:
    if mark["weekday"] is None:
        return None
    return WEEKDAY_BY_LETTERS[letters(mark["weekday"])]


def _resolve(group: _Group, folded: Folded, now: datetime, zone: tzinfo) -> ParsedDate | None:
    day = _leading(group)
    if day is None:
        return None
    at, has_time = _instant(day, group.clock, zone)
    start, end = folded.origin(group.start, group.end)
    return ParsedDate(
        at=at,
        has_time=has_time,
        calendar=day.calendar,
        printed=folded.original[start:end],
        start=start,
        end=end,
        doubts=day.doubts | frozenset(_doubts(group, day, at, now)),
    )


def _leading(group: _Group) -> Day | None:
    """Return the day that decides, Jalali first; none where a header shows the day of the visit."""
    if group.has_today and (len(group.days) > 1 or group.is_header or group.clock is None):
        return None
    ranked = [day for rank in _RANK for day in group.days if day.calendar is rank]
    return ranked[0] if ranked else None


def _instant(day: Day, clock: Clock | None, zone: tzinfo) -> tuple[datetime, bool]:
    """Return the UTC instant of a day and a clock, and whether a time is known."""
    if day.at is not None:
        return day.at.astimezone(UTC), True
    if clock is None or clock.time is None:
        return _utc(day.date, time(), zone), False
    own_zone = None if _is_theme_stamp(day, clock) else clock.zone
    return _utc(day.date, clock.time, own_zone or zone), True


def _is_theme_stamp(day: Day, clock: Clock) -> bool:
    """Recognise a Jalali stamp that ends in a zone of zero: software puts it behind local time."""
    return day.calendar is Calendar.JALALI and clock.is_zero


def _utc(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _doubts(group: _Group, day: Day, at: datetime, now: datetime) -> Iterator[Doubt]:
    if at > now + _CLOCK_SKEW:
        yield Doubt.FUTURE
    if group.weekday is not None and group.weekday != weekday_of(day.date):
        yield Doubt.WEEKDAY_DIFFERS
    if _differ(group.days):
        yield Doubt.CALENDARS_DIFFER
    if group.clock is not None:
        yield from group.clock.doubts
        if _is_theme_stamp(day, group.clock):
            yield Doubt.ZONE_INFERRED


def _differ(days: Sequence[Day]) -> bool:
    counted = {day.date for day in days if day.calendar in {Calendar.JALALI, Calendar.GREGORIAN}}
    return len(counted) > 1
