"""The spelling habits of newsrooms, as pure functions of a text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

ZWNJ: Final = "\u200c"
TATWEEL: Final = "\u0640"
PERSIAN_DIGITS: Final = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS: Final = "٠١٢٣٤٥٦٧٨٩"
LATIN_DIGITS: Final = "0123456789"

Spelling = Callable[[str], str]

_TO_ARABIC_LETTERS: Final = str.maketrans("یک", "يك")
_TO_ARABIC_DIGITS: Final = str.maketrans(PERSIAN_DIGITS, ARABIC_DIGITS)
_TO_LATIN_DIGITS: Final = str.maketrans(PERSIAN_DIGITS, LATIN_DIGITS)
# Between two letters that both join to the left, the first of them inside a longer word.
_STRETCHABLE: Final = re.compile("(?<=[آ-ی])([بپتثجچحخسشصضطظعغفقکگلمنهی])(?=[بتسشمنهیک][آ-ی])")


def as_written(text: str) -> str:
    """Leave the text alone."""
    return text


def arabic_letters(text: str) -> str:
    """Print ي and ك for ی and ک, as an Arabic keyboard does."""
    return text.translate(_TO_ARABIC_LETTERS)


def joined(text: str) -> str:
    """Drop every half-space: «شرکت‌های» becomes «شرکتهای»."""
    return text.replace(ZWNJ, "")


def spaced(text: str) -> str:
    """Print a space for every half-space: «شرکت‌های» becomes «شرکت های»."""
    return text.replace(ZWNJ, " ")


def stretched(text: str) -> str:
    """Lengthen one letter of each longer word with a tatweel, as headlines do to fill a line."""
    return " ".join(_STRETCHABLE.sub(rf"\1{TATWEEL}", word, count=1) for word in text.split(" "))


def arabic_digits(text: str) -> str:
    """Print ٠١٢ for ۰۱۲."""
    return text.translate(_TO_ARABIC_DIGITS)


def latin_digits(text: str) -> str:
    """Print 012 for ۰۱۲."""
    return text.translate(_TO_LATIN_DIGITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What one newsroom does to headlines and to running text."""

    headline: Spelling = as_written
    text: Spelling = as_written


HABITS: Final[Mapping[str, Habit]] = {
    "plain": Habit(),
    "arabic_letters": Habit(headline=arabic_letters, text=arabic_letters),
    "joined": Habit(headline=joined, text=joined),
    "spaced": Habit(headline=spaced, text=spaced),
    "tatweel": Habit(headline=stretched),
    "arabic_digits": Habit(headline=arabic_digits, text=arabic_digits),
    "latin_digits": Habit(headline=latin_digits, text=latin_digits),
}
