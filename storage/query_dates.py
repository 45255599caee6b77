"""Read the dates of a query: Jalali or ISO days, months and years, and «last:7d»."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from persian.calendar import JalaliDate, at_tehran
from persian.digits import to_latin_digits
from storage.query import DateBound, Dated, Last
from storage.query_error import UnreadableDateError
from storage.query_fault import Fault

_DATE: Final = re.compile(r"(\d{4})(?:[/.-](\d{1,2})(?:[/.-](\d{1,2}))?)?$")
_LAST: Final = re.compile(r"(\d{1,5})\s*(\w+)$")
_GREGORIAN_FROM: Final = 1700  # no Jalali year of the press comes near it
_MONTHS: Final = 12
_UNITS: Final = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_UNIT_NAMES: Final = {"ساعت": "h", "روز": "d", "هفته": "w", "ماه": "m", "سال": "y"}
_LONGEST: Final = timedelta(days=365 * 100)


def read_date(bound: DateBound, typed: str) -> Dated:
    """Read «1404/01/01», «1404/05», «1404», «2025-03-21»; UnreadableDateError says why not."""
    found = _DATE.match(to_latin_digits(typed).strip())
    if not found:
        raise UnreadableDateError(Fault.NO_DATE)
    numbers = [int(part) for part in found.groups() if part is not None]
    try:
        start_at, end_at = _period(numbers)
    except (ValueError, OverflowError) as error:
        raise UnreadableDateError(Fault.NO_SUCH_DAY) from error
    separator = "-" if numbers[0] >= _GREGORIAN_FROM else "/"
    printed = separator.join(f"{number:02}" for number in numbers)
    match bound:
        case DateBound.AFTER:
            return Dated(bound=bound, printed=printed, start_at=start_at)
        case DateBound.BEFORE:
            return Dated(bound=bound, printed=printed, end_at=start_at)
        case DateBound.ON:
            return Dated(bound=bound, printed=printed, start_at=start_at, end_at=end_at)


def read_last(typed: str, *, now: datetime) -> Last:
    """Read «7d», «24h», «2w», «3m»; UnreadableDateError says why not."""
    found = _LAST.match(to_latin_digits(typed).strip().lower())
    unit = _UNIT_NAMES.get(found[2], found[2]) if found else ""
    if found is None or unit not in _UNITS:
        raise UnreadableDateError(Fault.NO_LENGTH)
    amount = int(found[1])
    length = min(amount * _UNITS[unit], _LONGEST)
    return Last(amount=amount, unit=unit, start_at=(now - length).astimezone(UTC))


def _period(numbers: list[int]) -> tuple[datetime, datetime]:
    """Return the instants between which a day, month or year lies, the second excluded."""
    first = _day(numbers)
    match numbers:
        case [year]:
            following = _day([year + 1])
        case [year, month]:
            following = _day([year + month // _MONTHS, month % _MONTHS + 1])
        case _:
            following = first + timedelta(days=1)
    return at_tehran(first), at_tehran(following)


def _day(numbers: list[int]) -> date:
    year, month, day = (*numbers, 1, 1)[:3]
    if year >= _GREGORIAN_FROM:
        return date(year, month, day)
    return JalaliDate(year, month, day).to_gregorian()
