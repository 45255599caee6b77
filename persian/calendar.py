"""Turn Jalali days into instants and back, in the time of Tehran.

The arithmetic is persiantools', right on all 73,048 days of 1300-1499 and known to fail from 1502
on, so years outside `FIRST_YEAR`..`LAST_YEAR` are refused. Iran kept summer time until 2022: the
zone Asia/Tehran knows, a fixed offset does not.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from persiantools import jdatetime

from persian.digits import to_persian_digits

_LIBRARY: Final[Any] = jdatetime.JalaliDate  # its calls are untyped
TEHRAN: Final = ZoneInfo("Asia/Tehran")
FIRST_YEAR: Final = 1300
LAST_YEAR: Final = 1499
_FIRST_DAY: Final = date(1921, 3, 21)
_LAST_DAY: Final = date(2121, 3, 20)

MONTHS: Final = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
WEEKDAYS: Final = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")


@lru_cache(maxsize=1_024)  # a day's articles name the same few days, and the library is slow
def _gregorian(year: int, month: int, day: int) -> date:
    found: date = _LIBRARY(year, month, day).to_gregorian()
    return found


@dataclass(frozen=True, slots=True, order=True)
class JalaliDate:
    """One day of the Jalali calendar; an impossible day raises ValueError."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"the Jalali year {self.year} is outside {FIRST_YEAR}-{LAST_YEAR}")
        _gregorian(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """The day of the week, Saturday (شنبه) being 0."""
        return (self.to_gregorian().weekday() + 2) % 7

    def to_gregorian(self) -> date:
        """Return the same day in the Gregorian calendar."""
        return _gregorian(self.year, self.month, self.day)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


class JalaliStyle(StrEnum):
    """How a Jalali date is written for readers; the example is one instant in each style."""

    NUMERIC = "numeric"  # ۱۴۰۳/۰۷/۱۵
    NUMERIC_TIME = "numeric_time"  # ۱۴۰۳/۰۷/۱۵ ۲۰:۱۱
    DAY = "day"  # ۱۵ مهر ۱۴۰۳
    LONG = "long"  # یکشنبه ۱۵ مهر ۱۴۰۳
    LONG_TIME = "long_time"  # یکشنبه ۱۵ مهر ۱۴۰۳، ۲۰:۱۱
    ISO = "iso"  # 1403-07-15


def from_jalali(  # noqa: PLR0913, PLR0917 - a date and a time have six parts
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    """Return the UTC instant of a Jalali day and Tehran time; ValueError when there is none."""
    return at_tehran(JalaliDate(year, month, day).to_gregorian(), hour, minute, second)


def at_tehran(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Return the UTC instant of a Gregorian day and Tehran time.

    An hour that summer time skipped is read as the hour after it.
    """
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=TEHRAN)
    return local.astimezone(UTC)


def to_jalali(at: datetime) -> JalaliDate:
    """Return the Jalali day on which an aware instant falls in Tehran."""
    return jalali_of(_in_tehran(at).date())


def jalali_of(day: date) -> JalaliDate:
    """Return a Gregorian day in the Jalali calendar; ValueError outside 1300-1499."""
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValueError(f"{day} is outside the Jalali years {FIRST_YEAR}-{LAST_YEAR}")
    jalali = _LIBRARY.to_jalali(day)
    return JalaliDate(jalali.year, jalali.month, jalali.day)


def format_jalali(at: datetime, style: JalaliStyle = JalaliStyle.LONG_TIME) -> str:
    """Write an aware instant as Jalali in Tehran time, for example «یکشنبه ۱۵ مهر ۱۴۰۳، ۲۰:۱۱»."""
    local = _in_tehran(at)
    jalali = jalali_of(local.date())
    if style is JalaliStyle.ISO:
        return str(jalali)
    return to_persian_digits(_written(jalali, f"{local:%H:%M}", style))


def _written(jalali: JalaliDate, time: str, style: JalaliStyle) -> str:
    numeric = f"{jalali.year:04}/{jalali.month:02}/{jalali.day:02}"
    named = f"{jalali.day} {MONTHS[jalali.month - 1]} {jalali.year}"
    match style:
        case JalaliStyle.NUMERIC:
            return numeric
        case JalaliStyle.NUMERIC_TIME:
            return f"{numeric} {time}"
        case JalaliStyle.DAY:
            return named
        case JalaliStyle.LONG:
            return f"{WEEKDAYS[jalali.weekday]} {named}"
        case JalaliStyle.LONG_TIME | JalaliStyle.ISO:
            return f"{WEEKDAYS[jalali.weekday]} {named}، {time}"


def _in_tehran(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(TEHRAN)
