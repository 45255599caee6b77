"""Read the day that a mark names, in whichever calendar it counts."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from persian.calendar import FIRST_YEAR, LAST_YEAR, JalaliDate, jalali_of
from persian.date_names import MONTH_BY_LETTERS, NUMBER_BY_LETTERS, Calendar
from persian.doubts import Doubt
from persian.fold import letters

_GREGORIAN_YEARS: Final = range(1900, 2101)
_JALALI_YEARS: Final = range(FIRST_YEAR, LAST_YEAR + 1)
_LEAP_CYCLE: Final = 8  # within so many years there is one with a 30 Esfand and one per weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One calendar day as read from one mark; `at` when the mark itself names an instant."""

    date: date
    calendar: Calendar
    doubts: frozenset[Doubt] = frozenset()
    at: datetime | None = None


def read_day(mark: re.Match[str], *, now: datetime, weekday: int | None) -> Day | None:
    """Return the day a mark names, or None when there is no such day.

    `now` is in the zone in which a relative or a yearless date counts; `weekday` (Saturday is 0)
    was printed beside it and helps to find a year that is not printed.
    """
    match mark.lastgroup:
        case "numeric":
            return _numeric(mark, now)
        case "day_month":
            number = mark["day"] or mark["day_word"]
            year = mark["year"] or mark["short_year"]
            return _named(number, mark["month"], year, now=now, weekday=weekday)
        case "year_month":
            return _named(mark["day_y"], mark["month_y"], mark["year_y"], now=now, weekday=weekday)
        case "month_day":
            return _named(mark["day_m"], mark["month_m"], mark["year_m"], now=now, weekday=weekday)
        case "relative":
            return _relative(mark, now)
        case _:
            return _named_day(mark, now)


def _number(printed: str) -> int:
    return int(printed) if printed.isdecimal() else NUMBER_BY_LETTERS[letters(printed)]


def _named(
    day: str, month: str, year: str | None, *, now: datetime, weekday: int | None
) -> Day | None:
    named = MONTH_BY_LETTERS[letters(month)]
    number = _number(day)
    if year is None:
        if named.calendar is not Calendar.JALALI:
            return None
        return _latest(named.number, number, now=now, weekday=weekday)
    if named.calendar is Calendar.HIJRI:
        return Day(date=now.date(), calendar=Calendar.HIJRI)
    doubts: frozenset[Doubt] = frozenset()
    full_year = int(year)
    if len(year) == 2:  # noqa: PLR2004 - two printed digits
        full_year = _full_year(full_year, named.calendar, now)
        doubts = frozenset({Doubt.CENTURY_INFERRED})
    found = _day(full_year, named.number, number)
    if found is None or found.calendar is not named.calendar:
        return None
    return Day(date=found.date, calendar=found.calendar, doubts=doubts)


def _latest(month: int, day: int, *, now: datetime, weekday: int | None) -> Day | None:
    """Return the latest such Jalali day that is not in the future."""
    this_year = jalali_of(now.date()).year
    candidates = [_day(this_year - back, month, day) for back in range(_LEAP_CYCLE)]
    past = [found for found in candidates if found and found.date <= now.date()]
    agreeing = [found for found in past if weekday in {None, weekday_of(found.date)}]
    chosen = next(iter(agreeing or past), None)
    if chosen is None:
        return None
    return Day(date=chosen.date, calendar=Calendar.JALALI, doubts=frozenset({Doubt.YEAR_INFERRED}))


def weekday_of(day: date) -> int:
    """Return the day of the week, Saturday (شنبه) being 0."""
    return (day.weekday() + 2) % 7


def _day(year: int, month: int, day: int) -> Day | None:
    """Return the day of a four-digit year, which says by itself which calendar it counts in."""
    try:
        if year in _JALALI_YEARS:
            found = JalaliDate(year, month, day).to_gregorian()
            return Day(date=found, calendar=Calendar.JALALI)
        if year in _GREGORIAN_YEARS:
            return Day(date=date(year, month, day), calendar=Calendar.GREGORIAN)
    except ValueError:
        return None
    return None


def _full_year(year: int, calendar: Calendar, now: datetime) -> int:
    """Return the latest year with these last two digits that has begun."""
    this_year = now.year if calendar is Calendar.GREGORIAN else jalali_of(now.date()).year
    return this_year - (this_year - year) % 100


def _numeric(mark: re.Match[str], now: datetime) -> Day | None:
    """Read three numbers: the year comes first or last and is known by its four digits."""
    a, b, c = mark["a"], mark["b"], mark["c"]
    widths = (len(a), len(c))
    if widths[0] == 4 and widths[1] <= 2:  # noqa: PLR2004 - printed digits
        return _day(int(a), int(b), int(c))
    if widths[1] == 4 and widths[0] <= 2:  # noqa: PLR2004 - printed digits
        return _year_last(int(a), int(b), int(c))
    if max(widths) == 2 and mark["separator"] != ".":  # noqa: PLR2004 - printed digits
        return _short_year(int(a), int(b), int(c), now)
    return None


def _year_last(first: int, second: int, year: int) -> Day | None:
    """Read day, month, year; only foreign software prints the month first, in Gregorian."""
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if day_first is None:
        return month_first
    is_ambiguous = month_first not in {None, day_first}
    if is_ambiguous and day_first.calendar is Calendar.GREGORIAN:
        return Day(
            date=day_first.date,
            calendar=Calendar.GREGORIAN,
            doubts=frozenset({Doubt.AMBIGUOUS_ORDER}),
        )
    return day_first


def _short_year(first: int, second: int, third: int, now: datetime) -> Day | None:
    """Read a Jalali day with two digits for the year, first («۹۴/۰۲/۱۶») or last («٢٤/٩/٩٧»)."""
    readings = [
        _day(_full_year(year, Calendar.JALALI, now), second, day)
        for year, day in ((first, third), (third, first))
    ]
    found = [day for day in dict.fromkeys(readings) if day and day.date <= now.date()]
    if not found:
        return None
    doubts = {Doubt.CENTURY_INFERRED}
    if len(found) > 1:
        doubts.add(Doubt.AMBIGUOUS_ORDER)
    return Day(date=found[0].date, calendar=Calendar.JALALI, doubts=frozenset(doubts))


def _relative(mark: re.Match[str], now: datetime) -> Day:
    count = _number(mark["count"] or mark["count_word"])
    relative = frozenset({Doubt.RELATIVE})
    match mark["unit"].rstrip("s"):
        case "ثانیه" | "second":
            at = now - timedelta(seconds=count)
        case "دقیقه" | "minute":
            at = now - timedelta(minutes=count)
        case "ساعت" | "hour":
            at = now - timedelta(hours=count)
        case "روز" | "day":
            return _days_ago(count, now)
        case _:
            return _days_ago(7 * count, now)
    return Day(date=at.date(), calendar=Calendar.RELATIVE, doubts=relative, at=at)


def _days_ago(count: int, now: datetime) -> Day:
    return Day(
        date=now.date() - timedelta(days=count),
        calendar=Calendar.RELATIVE,
        doubts=frozenset({Doubt.RELATIVE}),
    )


def _named_day(mark: re.Match[str], now: datetime) -> Day:
    if mark["today"] is not None:
        return _days_ago(0, now)
    return _days_ago(1 if mark["yesterday"] is not None else 2, now)
