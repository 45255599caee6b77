"""Decides when an outlet is visited next, from what it publishes by hour and weekday. Pure.

The week is Iran's: it begins on Saturday, its rest day is Friday, its hours are Tehran's; a holiday
counts as a Friday.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from crawler.outlets import Interval
from persian.calendar import TEHRAN

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(weeks=1)
REMEMBERED: Final = 8 * WEEK  # older articles say little about the rhythm of today
EXPECTED_PER_VISIT: Final = 1.0  # a visit is due when this many new articles are expected
FIRST_RETRY: Final = timedelta(minutes=5)
LONGEST_RETRY: Final = timedelta(hours=12)
_DAYS: Final = 7
_HOURS: Final = 24
_FRIDAY: Final = 6
_MOST_DOUBLINGS: Final = 12
# How far the hour of the day, over all weekdays, speaks for one hour of one weekday: as much as
# two weeks of watching that very hour.
_SHARED_WEEKS: Final = 2.0
# An outlet nobody knows yet: ten articles a day, most of them between eight and midnight.
_UNKNOWN_PER_DAY: Final = 10.0
_NIGHT: Final = range(8)
_NIGHT_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How many articles an outlet publishes per hour of the week.

    `rates` has 7 × 24 values, Saturday 00:00 in Tehran first. `known_weeks` says how long it was
    watched; below one week the rates lean on what is usual. `holidays` are days that go like a
    Friday.
    """

    rates: tuple[float, ...]
    known_weeks: float = 0.0
    holidays: frozenset[date] = frozenset()

    @property
    def per_day(self) -> float:
        """Articles on a day, over the week."""
        return sum(self.rates) / _DAYS

    def rate(self, at: datetime) -> float:
        """Return the articles per hour expected around an instant."""
        return self.rates[hour_of_week(at, self.holidays)]

    def expected(self, start: datetime, end: datetime) -> float:
        """Return how many articles are expected between two instants."""
        return sum(self.rate(begin) * ((stop - begin) / HOUR) for begin, stop in _hours(start, end))


def hour_of_week(at: datetime, holidays: Collection[date] = ()) -> int:
    """Return the hour of Iran's week, 0 to 167; on a holiday that of Friday."""
    local = at.astimezone(TEHRAN)
    weekday = _FRIDAY if local.date() in holidays else (local.weekday() + 2) % _DAYS
    return weekday * _HOURS + local.hour


def _hours(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a span at the full hours of Tehran (which lie on the half hours of UTC)."""
    begin = start
    while begin < end:
        local = begin.astimezone(TEHRAN)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        stop = min(end, begin + HOUR - into)
        yield begin, stop
        begin = stop


def rhythm_of(
    published_at: Iterable[datetime],
    *,
    watched_since_at: datetime,
    now: datetime,
    holidays: Collection[date] = (),
) -> Rhythm:
    """Learn the rhythm from the instants of publication since `watched_since_at`.

    Each hour of the week leans on the same hour of all days, and the whole on what is usual for an
    unknown outlet, the less the longer it was watched.
    """
    begin = max(watched_since_at, now - REMEMBERED)
    weeks = max((now - begin) / WEEK, 0.0)
    counts = [0] * (_DAYS * _HOURS)
    for at in published_at:
        if begin <= at <= now:
            counts[hour_of_week(at, holidays)] += 1
    by_hour = [sum(counts[hour::_HOURS]) / _DAYS for hour in range(_HOURS)]
    rates = (
        _blend(count, by_hour[slot % _HOURS], slot % _HOURS, weeks)
        for slot, count in enumerate(counts)
    )
    return Rhythm(rates=tuple(rates), known_weeks=weeks, holidays=frozenset(holidays))


def _blend(count: int, same_hour: float, hour: int, weeks: float) -> float:
    # `same_hour` counted over `weeks`; scaled to two weeks it stands beside the hour's own count
    shared = same_hour * (_SHARED_WEEKS / weeks) if weeks else 0.0
    seen = (count + shared) / (weeks + _SHARED_WEEKS)
    trust = min(weeks, 1.0)
    return seen * trust + _unknown(hour) * (1.0 - trust)


def _unknown(hour: int) -> float:
    night, day = len(_NIGHT), _HOURS - len(_NIGHT)
    share = _NIGHT_SHARE / night if hour in _NIGHT else (1.0 - _NIGHT_SHARE) / day
    return _UNKNOWN_PER_DAY * share


UNKNOWN: Final = Rhythm(rates=tuple(_unknown(slot % _HOURS) for slot in range(_DAYS * _HOURS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the last visit taught about how gently the host wants to be asked.

    `failures` counts failed visits in a row, `retry_after` is what the server asked for,
    `crawl_delay` what robots.txt asks between two requests, `requests` what one visit sends.
    """

    failures: int = 0
    retry_after: timedelta | None = None
    crawl_delay: timedelta = timedelta(0)
    requests: int = 1


def next_visit_at(
    rhythm: Rhythm,
    *,
    now: datetime,
    interval: Interval,
    jitter: float,
    wishes: Wishes | None = None,
) -> datetime:
    """Say when the outlet is due again.

    That is when the rhythm expects one new article, stretched by up to a tenth either way by
    `jitter` (0 to 1), within the interval, never sooner than the host's wishes allow. After a
    failure it is the back-off instead, doubling from five minutes to twelve hours: a network that
    comes up a minute late must not cost an outlet hours.
    """
    known = wishes or Wishes()
    wait = _until_expected(rhythm, now, interval.longest) * (0.9 + 0.2 * jitter)
    if known.failures:
        doublings = min(known.failures - 1, _MOST_DOUBLINGS)
        wait = min(FIRST_RETRY * 2**doublings, LONGEST_RETRY) * (1.0 + 0.1 * jitter)
    # two visits must not run into each other where every request waits for the crawl-delay
    least = max(interval.shortest, known.crawl_delay * known.requests)
    wait = min(max(wait, least), max(interval.longest, least))
    return now + max(wait, known.retry_after or wait)


def _until_expected(rhythm: Rhythm, now: datetime, longest: timedelta) -> timedelta:
    left = EXPECTED_PER_VISIT
    for begin, stop in _hours(now, now + longest):
        rate = rhythm.rate(begin)
        there = rate * ((stop - begin) / HOUR)
        if there >= left:
            return (begin - now) + HOUR * (left / rate)
        left -= there
    return longest
