"""Lay two sketches side by side: shared letters, and the runs of equal text in order (pure)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from storage.shingles import COVERAGE_GRAM, Codes, Flags, Positions, spread_over
from storage.sketch import Sketch

_RUNS_MAX: Final = 150  # a page of tables; beyond that only the longest runs are laid in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Equal text: `length` letters at `left` of one sketch and at `right` of the other."""

    left: int
    right: int
    length: int

    @property
    def left_end(self) -> int:
        """The first letter after the run in the left text."""
        return self.left + self.length

    @property
    def right_end(self) -> int:
        """The first letter after the run in the right text."""
        return self.right + self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which letters of either text stand in the other, wherever.

    `starts` are the left grams that the right text has, `places` where it has them first.
    """

    left: Flags
    right: Flags
    starts: Positions
    places: Positions


def align(left: Sketch, right: Sketch) -> Alignment:
    """Flag what two sketches share, by their coverage grams."""
    starts, places = _shared(left, right)
    right_starts, _ = _shared(right, left)
    return Alignment(
        left=spread_over(starts, COVERAGE_GRAM, left.size),
        right=spread_over(right_starts, COVERAGE_GRAM, right.size),
        starts=starts,
        places=places,
    )


def _shared(one: Sketch, other: Sketch) -> tuple[Positions, Positions]:
    if not len(one.grams) or not len(other.grams):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    slots = np.searchsorted(other.sorted_grams, one.grams)
    slots[slots == len(other.grams)] = 0
    starts = np.flatnonzero(other.sorted_grams[slots] == one.grams)
    return starts, other.order[slots[starts]]


def runs_in_order(left: Sketch, right: Sketch, aligned: Alignment) -> tuple[Run, ...]:
    """Return the runs of equal text that stand in the same order in both texts.

    Grams that occur once in either text anchor the runs, so that a repeated phrase leads nowhere;
    then each run grows to both sides as far as the letters agree.
    """
    return _longest_chain(_grown(_anchored(left, right, aligned), left.codes, right.codes))


def _anchored(left: Sketch, right: Sketch, aligned: Alignment) -> list[Run]:
    lone = left.lone[aligned.starts] & right.lone[aligned.places]
    starts, places = aligned.starts[lone], aligned.places[lone]
    if not len(starts):
        return []
    breaks = np.flatnonzero((np.diff(starts) != 1) | (np.diff(places) != 1)) + 1
    heads = [0, *breaks.tolist()]
    tails = [*breaks.tolist(), len(starts)]
    return [
        Run(
            left=int(starts[head]),
            right=int(places[head]),
            length=tail - head + COVERAGE_GRAM - 1,
        )
        for head, tail in zip(heads, tails, strict=True)
    ]


def _grown(runs: list[Run], left: Codes, right: Codes) -> list[Run]:
    grown: list[Run] = []
    for run in runs:
        if grown and run.left_end <= grown[-1].left_end and _diagonal(run) == _diagonal(grown[-1]):
            continue
        back = _agreeing(left[: run.left][::-1], right[: run.right][::-1])
        ahead = _agreeing(left[run.left_end :], right[run.right_end :])
        grown.append(
            Run(left=run.left - back, right=run.right - back, length=back + run.length + ahead)
        )
    return grown


def _diagonal(run: Run) -> int:
    return run.right - run.left


def _agreeing(one: Codes, other: Codes) -> int:
    """Count how many letters agree from the beginning."""
    size = min(len(one), len(other))
    differing = np.flatnonzero(one[:size] != other[:size])
    return int(differing[0]) if len(differing) else size


def _longest_chain(runs: list[Run]) -> tuple[Run, ...]:
    """Keep the heaviest set of runs that follow each other in both texts."""
    runs = sorted(runs, key=lambda run: -run.length)[:_RUNS_MAX]
    runs.sort(key=lambda run: (run.left, run.right))
    weights: list[int] = []
    before: list[int] = []
    for index, run in enumerate(runs):
        best, link = 0, -1
        for earlier in range(index):
            follows = runs[earlier].left < run.left and runs[earlier].right < run.right
            if follows and weights[earlier] > best:
                best, link = weights[earlier], earlier
        weights.append(best + run.length)
        before.append(link)
    chain: list[Run] = []
    at = int(np.argmax(weights)) if weights else -1
    while at >= 0:
        chain.append(runs[at])
        at = before[at]
    return tuple(reversed(chain))
