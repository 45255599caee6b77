"""Iran's working week and official holidays, for bulletins and quiet days.

The week runs from Saturday to Wednesday, Thursday is half a day, Friday is free. Solar holidays
fall on the same Jalali day every year; lunar ones move and are announced by the calendar council of
the University of Tehran each year, so they stand here by year, in `holidays.toml`.
"""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from persian.calendar import TEHRAN, at_tehran, jalali_of

_FRIDAY: Final = 4  # date.weekday() counts from Monday
_THURSDAY: Final = 3

#: When a Thursday's half working day is over in Tehran.
THURSDAY_ENDS_MINUTE: Final = 13 * 60


@cache
def _holidays() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    table = tomllib.loads(files("alerts").joinpath("holidays.toml").read_text("utf-8"))
    return table["solar"], table["lunar"]


def holiday(day: date) -> str | None:
    """Return the name of the official holiday on a Gregorian day, or None."""
    solar, lunar = _holidays()
    jalali = jalali_of(day)
    key = f"{jalali.month:02}-{jalali.day:02}"
    return solar.get(key) or lunar.get(str(jalali.year), {}).get(key)


def knows_lunar_holidays(jalali_year: int) -> bool:
    """Say whether the moving holidays of a Jalali year are in the file."""
    return str(jalali_year) in _holidays()[1]


def is_working_day(day: date) -> bool:
    """Say whether offices work on a Gregorian day, if only for its first half."""
    return day.weekday() != _FRIDAY and holiday(day) is None


def is_working_time(at: datetime) -> bool:
    """Say whether an instant falls on a working day, Thursday counting until one o'clock."""
    local = at.astimezone(TEHRAN)
    if not is_working_day(local.date()):
        return False
    minute = local.hour * 60 + local.minute
    return local.weekday() != _THURSDAY or minute < THURSDAY_ENDS_MINUTE


def next_working_day(day: date) -> date:
    """Return the first working day on or after a day."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def tehran_minute(day: date, minute: int) -> datetime:
    """Return the UTC instant of a minute of a day in Tehran."""
    return at_tehran(day, minute // 60, minute % 60)
