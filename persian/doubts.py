"""Name what is not certain about a date that could be read."""

from enum import StrEnum
from typing import Final


class Doubt(StrEnum):
    """What is not certain about a date that could be read.

    The first four fill in what was not printed; the others contradict something, see
    `CONTRADICTIONS`.
    """

    YEAR_INFERRED = "year_inferred"  # «یکشنبه ۱۱ تیرماه»: the latest such day is taken
    CENTURY_INFERRED = "century_inferred"  # «۹۴/۰۲/۱۶»
    RELATIVE = "relative"  # «۳ ساعت پیش»: as precise as the moment of reading
    ZONE_INFERRED = "zone_inferred"  # «1395-10-06T19:55:39+00:00»: a theme's stamp, Tehran's clock
    AMBIGUOUS_ORDER = "ambiguous_order"  # «۰۲/۰۳/۰۴»: more than one reading is possible
    FUTURE = "future"  # later than the moment of reading
    WEEKDAY_DIFFERS = "weekday_differs"  # «جمعه» beside a Thursday
    CALENDARS_DIFFER = "calendars_differ"  # the Gregorian date beside it is another day
    TIME_IMPOSSIBLE = "time_impossible"  # «۲۵:۶۱»: the time is left out
    OFFSET_IMPOSSIBLE = "offset_impossible"  # «+33:00»: the offset is left out


CONTRADICTIONS: Final = frozenset(
    {
        Doubt.AMBIGUOUS_ORDER,
        Doubt.FUTURE,
        Doubt.WEEKDAY_DIFFERS,
        Doubt.CALENDARS_DIFFER,
        Doubt.TIME_IMPOSSIBLE,
        Doubt.OFFSET_IMPOSSIBLE,
    }
)
