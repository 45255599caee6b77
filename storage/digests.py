"""Recognise an article that strings several stories together (گزیده اخبار); pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from storage.shingles import Flags, letters_in, skeleton
from storage.sketch import Sketch

_PIECE_LETTERS: Final = 110
_PIECE_SHARE_MAX: Final = 0.6  # a text that one story covers further than this is a copy of it
_OVERLAP_MAX: Final = 0.3
_HEADING_LETTERS_MIN: Final = 12
_HEADING_MAX: Final = 160  # printed characters; a longer line is a paragraph
_LONGER: Final = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What of a new text stands in one archived article; `covered` leaves boilerplate out."""

    story_id: int
    covered: Flags
    share_of_new: float


def is_digest(pieces: Sequence[Piece]) -> bool:
    """Tell whether two stories each fill a passage of their own, and none the most of the text."""
    if any(piece.share_of_new > _PIECE_SHARE_MAX for piece in pieces):
        return False
    large = [one for one in pieces if letters_in(one.covered) >= _PIECE_LETTERS]
    return any(
        one.story_id != other.story_id and _are_apart(one, other)
        for one, other in combinations(large, 2)
    )


def _are_apart(one: Piece, other: Piece) -> bool:
    both = letters_in(one.covered & other.covered)
    return both < _OVERLAP_MAX * min(letters_in(one.covered), letters_in(other.covered))


def is_component(one: Sketch, other: Sketch) -> bool:
    """Tell whether the longer text prints the shorter's headline as a line, under another title.

    A headline that the shorter's own text holds too is its first sentence, and no heading.
    """
    short, long = (one, other) if one.size <= other.size else (other, one)
    if long.size < _LONGER * short.size:
        return False
    heading = _letters(short.title)
    if len(heading) < _HEADING_LETTERS_MIN or heading in _letters(long.title):
        return False
    return _has_line(long, heading) and not _has_line(short, heading)


def _has_line(one: Sketch, heading: bytes) -> bool:
    return any(
        _letters(line) == heading for line in one.text.split("\n") if len(line) <= _HEADING_MAX
    )


def _letters(text: str) -> bytes:
    return skeleton(text)[0].tobytes()
