"""Find what may be part of a date in folded text: days, times, weekdays, «امروز», «۳ ساعت پیش»."""

import re
from collections.abc import Iterator
from typing import Final

from persian.date_names import JOINT, MONTH_PATTERN, NUMBER_PATTERN, WEEKDAY_PATTERN

_LETTER: Final = r"[^\W\d_]"
_WORD_START: Final = r"(?<![^\W_])"
_WORD_END: Final = r"(?![^\W_])"
_GAP: Final = r"[\s\u200c,،.\-|/_]{0,4}"
_SUFFIX: Final = rf"(?:{JOINT}(?:ام|م|th|st|nd|rd)(?!{_LETTER}))?"
_MONTH: Final = rf"(?:{MONTH_PATTERN})"
_MONTH_END: Final = rf"(?:{JOINT}ماه)?(?!{_LETTER})"
# Two digits behind a month are a year only when nothing counted follows («۱۵ مهر ۶۰ نفر»).
_SHORT_YEAR: Final = rf"\d{{2}}(?!\d|\s?[:/.]|\s?(?!ساعت){_LETTER})"

_NUMERIC: Final = (
    r"(?P<numeric>(?<!\d)(?<!\d/)(?P<a>\d{1,4})\s?(?P<separator>[/\-.])\s?"
    r"(?P<b>\d{1,2})\s?(?P=separator)\s?(?P<c>\d{1,4})(?!\d|/\d)(?:t(?=\d))?)"
)
_DAY_MONTH: Final = (
    rf"(?P<day_month>(?:(?<![\d:.])(?P<day>\d{{1,2}}){_SUFFIX}|{_WORD_START}(?P<day_word>{NUMBER_PATTERN}))"
    rf"{_GAP}(?P<month>{_MONTH}){_MONTH_END}"
    rf"(?:{_GAP}(?:سال\s)?(?:(?P<year>\d{{4}})(?!\d)|(?P<short_year>{_SHORT_YEAR})))?)"
)
_YEAR_MONTH: Final = (
    rf"(?P<year_month>(?<!\d)(?P<year_y>\d{{4}}){_GAP}(?P<month_y>{_MONTH}){_MONTH_END}"
    rf"{_GAP}(?P<day_y>\d{{1,2}})(?!\d|\s?:))"
)
_MONTH_DAY: Final = (
    rf"(?P<month_day>{_WORD_START}(?P<month_m>{_MONTH}){_MONTH_END}{_GAP}"
    rf"(?P<day_m>\d{{1,2}}){_SUFFIX}(?!\d)"
    rf"(?:\s(?P<time_m>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)(?:\s(?:utc|gmt))?)?"
    rf"{_GAP}(?P<year_m>\d{{4}})(?!\d))"
)
_HALF_DAY: Final = rf"(?: ?(?P<half>am|pm|[قب]\.?\s?ظ|صبح|عصر|بعد{JOINT}از{JOINT}ظهر){_WORD_END})"
_ZONE: Final = (
    rf"(?: ?(?P<zone>z|utc|gmt|ut|irst|irdt){_WORD_END}"
    r"| ?(?P<sign>[+\-])(?P<zone_hour>\d{1,2}):?(?P<zone_minute>\d{2})(?![\d/\-]))"
)
_TIME: Final = (
    r"(?P<time>(?<![\d:.])(?P<hour>\d{1,2})\s?:\s?(?P<minute>\d{1,2})"
    r"(?:\s?:\s?(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?(?![\d:])"
    rf"{_HALF_DAY}?{_ZONE}?)"
)
_AT_HOUR: Final = (
    rf"(?P<at_hour>{_WORD_START}ساعت\s?:?\s?(?P<whole_hour>\d{{1,2}})"
    rf"(?:\sو\s(?P<whole_minute>\d{{1,2}})\sدقیقه)?(?!\d|\s?:\s?\d)"
    rf"(?:\s?(?P<whole_half>صبح|عصر|بعد{JOINT}از{JOINT}ظهر){_WORD_END})?)"
)
_RELATIVE: Final = (
    rf"(?P<relative>(?:(?<!\d)(?P<count>\d{{1,3}})|{_WORD_START}(?P<count_word>{NUMBER_PATTERN}))"
    rf"{JOINT}(?P<unit>ثانیه|دقیقه|ساعت|روز|هفته|seconds?|minutes?|hours?|days?|weeks?)"
    rf"{JOINT}(?:پیش|قبل|ago){_WORD_END}(?!\sاز))"
)
_NAMED_DAY: Final = (
    rf"(?P<named_day>{_WORD_START}(?:(?P<today>امروز|today)|(?P<yesterday>دیروز|yesterday)"
    rf"|(?P<day_before>پریروز)){_WORD_END})"
)
_WEEKDAY: Final = rf"(?P<weekday>{_WORD_START}(?:{WEEKDAY_PATTERN}){_WORD_END})"

_KINDS: Final = (
    _NUMERIC,
    _RELATIVE,
    _DAY_MONTH,
    _YEAR_MONTH,
    _TIME,
    _AT_HOUR,
    _WEEKDAY,
    _MONTH_DAY,
    _NAMED_DAY,
)
# Every mark begins with a digit or a word; the look-ahead spares the other places nine attempts.
_BEGINNING: Final = rf"(?:(?=[0-9])|{_WORD_START}(?={_LETTER}))"
_MARK: Final = re.compile(f"{_BEGINNING}(?:{'|'.join(_KINDS)})")
# What may stand between the parts of one date; anything else separates two dates.
_GLUE: Final = re.compile(
    r"[\W_]{0,8}(?:(?:ساعت|مورخه?|تاریخ|روز|برابر با|مصادف با|در|at|on)[\W_]{1,4}){0,2}"
)


def marks(folded: str) -> Iterator[re.Match[str]]:
    """Yield every mark of a folded text in order; its `lastgroup` names its kind."""
    return _MARK.finditer(folded)


def are_glued(folded: str, end: int, start: int) -> bool:
    """Say whether only separators and linking words stand between two marks."""
    return _GLUE.fullmatch(folded, end, start) is not None
