"""Fills the dates and page numbers into the address of a list or archive."""

import re
from datetime import date, datetime
from typing import Final

from persian.calendar import TEHRAN, jalali_of

_PLACE: Final = re.compile(r"\{(\w+)\}")
DAILY: Final = frozenset({"jd", "d"})
MONTHLY: Final = frozenset({"jm", "m", *DAILY})
DATED: Final = frozenset({"jy", "y", *MONTHLY})
KNOWN: Final = DATED | {"page"}


def places_in(template: str) -> frozenset[str]:
    """Return the names in braces."""
    return frozenset(_PLACE.findall(template))


def fill(template: str, *, day: date, page: int = 1) -> str:
    """Write the address for one day (of Tehran) and page; names unknown here stay as they are."""
    jalali = jalali_of(day)
    values = {
        "page": str(page),
        "jy": f"{jalali.year:04}",
        "jm": f"{jalali.month:02}",
        "jd": f"{jalali.day:02}",
        "y": f"{day.year:04}",
        "m": f"{day.month:02}",
        "d": f"{day.day:02}",
    }
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def tehran_day(at: datetime) -> date:
    """Return the calendar day in Tehran."""
    return at.astimezone(TEHRAN).date()
