"""Read and write numbers in the three digit sets of the press: ۰-۹, ٠-٩ and 0-9."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_LATIN: Final = "0123456789"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC: Final = "٠١٢٣٤٥٦٧٨٩"
_TO_LATIN: Final = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)
_TO_PERSIAN: Final = str.maketrans(_LATIN + _ARABIC, _PERSIAN * 2)


def to_latin_digits(text: str) -> str:
    """Write every Persian and Arabic digit as 0-9; nothing else changes, lengths stay."""
    return text if text.isascii() else text.translate(_TO_LATIN)


def to_persian_digits(text: str) -> str:
    """Write every Latin and Arabic digit as ۰-۹; nothing else changes, lengths stay."""
    return text.translate(_TO_PERSIAN)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: its value, and its place in the text."""

    value: Decimal
    printed: str
    start: int
    end: int


# Thousands are grouped by «٬», «,» or «،» in threes; a decimal sign is «٫», «.» or the slash that
# Persian typists use («۱۶۱۳/۲۰» is 1613.20), unless more slashes or hyphens make it a date.
_NUMBER: Final = re.compile(
    r"(?<![\d/\-.٫٬])(?P<whole>\d{1,3}(?:[٬,،]\d{3})+|\d{1,30})"
    r"(?:[٫./](?P<part>\d{1,30}))?(?![\d٬]|[/\-.٫]\d)"
)


def numbers_in(text: str) -> tuple[Number, ...]:
    """Return the numbers of a printed text in order; dates and times are not numbers."""
    return tuple(
        Number(_value(match), match[0], *match.span())
        for match in _NUMBER.finditer(text)
        if not _is_time(text, match)
    )


def _value(match: re.Match[str]) -> Decimal:
    whole = "".join(character for character in match["whole"] if character.isdecimal())
    return Decimal(f"{int(whole)}.{match['part']}" if match["part"] else int(whole))


def _is_time(text: str, match: re.Match[str]) -> bool:
    before, after = (
        text[max(0, match.start() - 2) : match.start()],
        text[match.end() : match.end() + 2],
    )
    return _joins_time(before[::-1]) or _joins_time(after)


def _joins_time(beside: str) -> bool:
    """Recognise the colon of «۱۵:۲۲» from either side."""
    return len(beside) == 2 and beside[0] == ":" and beside[1].isdecimal()  # noqa: PLR2004
