"""The names of days, months and day numbers, as folded words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from persian.calendar import MONTHS, WEEKDAYS
from persian.fold import fold, letters


class Calendar(StrEnum):
    """The calendar in which a date was printed."""

    JALALI = "jalali"
    GREGORIAN = "gregorian"
    HIJRI = "hijri"
    RELATIVE = "relative"  # «۳ ساعت پیش»: counted from the moment of reading


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one calendar, 1 being the first."""

    calendar: Calendar
    number: int


JOINT: Final = r"[\s\u200c]?"

_JALALI_FORMS: Final = (
    "farvardin",
    "ordibehesht|اردی‌بهشت",
    "khordad",
    "tir",
    "mordad|amordad|امرداد",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey",
    "bahman",
    "esfand|اسپند",
)
_GREGORIAN_FORMS: Final = (
    "january|jan|ژانویه",
    "february|feb|فوریه",
    "march|mar|مارس",
    "april|apr|آوریل",
    "may|می|مه",
    "june|jun|ژوئن",
    "july|jul|ژوئیه|جولای",
    "august|aug|اوت|آگوست",
    "september|sept|sep|سپتامبر",
    "october|oct|اکتبر",
    "november|nov|نوامبر",
    "december|dec|دسامبر",
)
_HIJRI_FORMS: Final = (
    "محرم|محرم‌الحرام",
    "صفر|صفرالمظفر",
    "ربیع الاول|ربیع‌الاول",
    "ربیع الثانی|ربیع‌الثانی|ربیع الآخر",
    "جمادی الاول|جمادی‌الاول|جمادی الاولی|جمادی‌الاولی",
    "جمادی الثانی|جمادی‌الثانی|جمادی الثانیه|جمادی‌الثانیه|جمادی الآخر",
    "رجب|رجب‌المرجب",
    "شعبان|شعبان‌المعظم",
    "رمضان|رمضان‌المبارک",
    "شوال|شوال‌المکرم",
    "ذی القعده|ذی‌القعده|ذیقعده",
    "ذی الحجه|ذی‌الحجه|ذیحجه",
)
_ENGLISH_WEEKDAYS: Final = (
    "saturday|sat",
    "sunday|sun",
    "monday|mon",
    "tuesday|tues|tue",
    "wednesday|wed",
    "thursday|thurs|thu",
    "friday|fri",
)
_ONE_TO_TWENTY: Final = """
    یک دو سه چهار پنج شش هفت هشت نه ده
    یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده بیست
"""
_CARDINALS: Final = _ONE_TO_TWENTY.split()


def _months(calendar: Calendar, forms: Iterable[str]) -> dict[str, Month]:
    return {
        fold(form): Month(calendar, number)
        for number, names in enumerate(forms, start=1)
        for form in names.split("|")
    }


MONTH_BY_NAME: Final[Mapping[str, Month]] = {
    **_months(Calendar.JALALI, MONTHS),
    **_months(Calendar.JALALI, _JALALI_FORMS),
    **_months(Calendar.GREGORIAN, _GREGORIAN_FORMS),
    **_months(Calendar.HIJRI, _HIJRI_FORMS),
}


def _weekdays() -> dict[str, int]:
    named = {letters(name): number for number, name in enumerate(WEEKDAYS)}
    named |= {"ادینه": 6, "چارشنبه": 4}
    for number, names in enumerate(_ENGLISH_WEEKDAYS):
        named |= dict.fromkeys(names.split("|"), number)
    return named


WEEKDAY_BY_LETTERS: Final[Mapping[str, int]] = _weekdays()
"""Saturday (شنبه) is 0; the key is the name's letters, so «دو شنبه» and «دوشنبه» are one."""


def _number_words() -> dict[str, int]:
    """Return 1 to 31 in words, cardinal and ordinal, parts separated by a space."""
    words = {word: number for number, word in enumerate(_CARDINALS, start=1)}
    words |= {f"بیست و {word}": 20 + words[word] for word in _CARDINALS[:9]}
    words |= {"سی": 30, "سی و یک": 31}
    ordinals = {f"{word}م": number for word, number in words.items() if not word.endswith("سه")}
    ordinals |= {"اول": 1, "نخست": 1, "سوم": 3, "بیست و سوم": 23, "سی ام": 30, "هیجدهم": 18}
    return words | ordinals


_NUMBER_WORDS: Final = _number_words()
NUMBER_BY_LETTERS: Final[Mapping[str, int]] = {
    letters(word): number for word, number in _NUMBER_WORDS.items()
}


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern of the words, longest first, each joint open or closed."""
    ordered = sorted({fold(word) for word in words}, key=len, reverse=True)
    return "|".join(word.replace("\u200c", " ").replace(" ", JOINT) for word in ordered)


MONTH_PATTERN: Final = alternatives(MONTH_BY_NAME)
NUMBER_PATTERN: Final = alternatives(_NUMBER_WORDS)
WEEKDAY_PATTERN: Final = alternatives(
    [*WEEKDAYS, "آدینه", "چار شنبه", "یک شنبه", "دو شنبه", "چهار شنبه", "پنج شنبه"]
    + [name for names in _ENGLISH_WEEKDAYS for name in names.split("|")]
)
MONTH_BY_LETTERS: Final[Mapping[str, Month]] = {
    letters(name): month for name, month in MONTH_BY_NAME.items()
}
