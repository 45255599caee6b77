"""Lay two sketches side by side: shared letters, runs of equal text, the gaps between (pure)."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from storage.shingles import COVERAGE_GRAM, Flags, Positions, spread_over
from storage.sketch import Sketch

_GAP_MAX: Final = 60  # letters; a longer gap is another passage, not a replacement
_WORD: Final = re.compile(r"[^\W_]+(?:\u200c[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Equal text: `length` letters at `left` of one sketch and at `right` of the other."""

    left: int
    right: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which letters of either text stand in the other, and the runs in order of the left text."""

    left: Flags
    right: Flags
    runs: tuple[Run, ...]

    @property
    def longest(self) -> int:
        """The letters of the longest run."""
        return max((run.length for run in self.runs), default=0)


def align(left: Sketch, right: Sketch) -> Alignment:
    """Align two sketches by their coverage grams."""
    starts, places = _shared(left, right)
    starts_right, _ = _shared(right, left)
    return Alignment(
        left=spread_over(starts, COVERAGE_GRAM, left.size),
        right=spread_over(starts_right, COVERAGE_GRAM, right.size),
        runs=_runs(starts, places),
    )


def _shared(left: Sketch, right: Sketch) -> tuple[Positions, Positions]:
    """Return where the left's grams occur in the right: left positions, first right positions."""
    if not len(right.grams) or not len(left.grams):
        empty = np.empty(0, dtype=np.int64)
        return empty, empty
    slots = np.searchsorted(right.sorted_grams, left.grams)
    slots[slots == len(right.grams)] = 0
    starts = np.flatnonzero(right.sorted_grams[slots] == left.grams)
    return starts, right.order[slots[starts]]


def _runs(starts: Positions, places: Positions) -> tuple[Run, ...]:
    if not len(starts):
        return ()
    breaks = np.flatnonzero((np.diff(starts) != 1) | (np.diff(places) != 1)) + 1
    heads = np.concatenate(([0], breaks))
    tails = np.concatenate((breaks, [len(starts)]))
    return tuple(
        Run(
            left=int(starts[head]),
            right=int(places[head]),
            length=int(tail - head) + COVERAGE_GRAM - 1,
        )
        for head, tail in zip(heads, tails, strict=True)
    )


def gaps(
    left: Sketch, right: Sketch, runs: tuple[Run, ...]
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the words that stand against each other between two runs, left and right."""
    found = []
    for before, after in pairwise(runs):
        start, start_right = before.left + before.length, before.right + before.length
        end, end_right = after.left, after.right
        if end_right < before.right or end - start > _GAP_MAX or end_right - start_right > _GAP_MAX:
            continue
        one = _words(left, start, end)
        other = _words(right, start_right, end_right)
        found.append((one, other))
    return tuple(found)


def _words(sketch: Sketch, start: int, end: int) -> tuple[str, ...]:
    """Return the whole words that the letters from `start` to `end` touch."""
    text, offsets = sketch.text, sketch.offsets
    first = int(offsets[max(0, min(start, end) - 1)])
    last = int(offsets[min(len(offsets) - 1, max(start, end))])
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return tuple(word.replace("\u200c", "") for word in _WORD.findall(text[first:last]))
