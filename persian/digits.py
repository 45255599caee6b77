"""Read and write numbers in the three digit sets of the press: ۰-۹, ٠-٩ and 0-9."""

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
