"""Split a text into words: folded, with their places as printed."""

import re
from dataclasses import dataclass
from typing import Final

from persian.fold import fold_with_offsets

_WORD: Final = re.compile(r"[^\W_]+(?:[\u200c.](?=[^\W_])[^\W_]+)*")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    `text` is folded, its half-spaces kept; `start` and `end` are offsets in the printed text.
    """

    text: str
    start: int
    end: int


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a printed text in order; a number with a decimal point is one word."""
    folded = fold_with_offsets(text)
    return tuple(
        Word(folded.text[start:end], *folded.origin(start, end))
        for match in _WORD.finditer(folded.text)
        for start, end in _parts(match)
    )


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    """Keep a point inside numbers only: «3.5» is one word, «گفت.او» is two."""
    if "." not in match[0] or _NUMBER.fullmatch(match[0]):
        return [match.span()]
    parts, start = [], match.start()
    for piece in match[0].split("."):
        parts.append((start, start + len(piece)))
        start += len(piece) + 1
    return parts
