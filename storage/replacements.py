"""Count figures and names that stand in each other's place in two texts (pure).

A copy keeps its figures and names; a template, an update and next year's report change them.
"""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from storage.everyday import is_everyday, is_figure

_ALIKE: Final = 0.6  # a typing error or another ending: «حسنزاده» and «حسنزاد»
_NAME_MIN: Final = 3

Gap = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """How many figures and how many names were exchanged."""

    figures: int = 0
    names: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.figures + self.names

    def __add__(self, other: "Replacements") -> "Replacements":
        return Replacements(figures=self.figures + other.figures, names=self.names + other.names)


def replacements(pairs: tuple[Gap, ...], *, neutral: frozenset[str]) -> Replacements:
    """Count the exchanges in all gaps; words of `neutral` (the outlets' own names) never count."""
    total = Replacements()
    for one, other in pairs:
        total += _exchanged(one, other, neutral)
    return total


def _exchanged(
    one: tuple[str, ...], other: tuple[str, ...], neutral: frozenset[str]
) -> Replacements:
    left = list((Counter(one) - Counter(other)).elements())
    right = list((Counter(other) - Counter(one)).elements())
    figures = min(sum(map(is_figure, left)), sum(map(is_figure, right)))
    names = min(
        len(_names(left, right, neutral)),
        len(_names(right, left, neutral)),
    )
    return Replacements(figures=figures, names=names)


def _names(words: list[str], others: list[str], neutral: frozenset[str]) -> list[str]:
    joined = "".join(others)
    return [
        word
        for word in words
        if len(word) >= _NAME_MIN
        and not is_figure(word)
        and word not in neutral
        and not is_everyday(word)
        and word not in joined
        and not any(_alike(word, other) for other in others)
    ]


def _alike(one: str, other: str) -> bool:
    if one in other or other in one:
        return len(one) >= _NAME_MIN and len(other) >= _NAME_MIN
    return SequenceMatcher(None, one, other).ratio() > _ALIKE
