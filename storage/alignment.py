"""Lay two sketches side by side: shared letters, and the runs of equal text in order (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from storage.shingles import COVERAGE_GRAM, Codes, Flags, Positions, spread_over
from storage.sketch import Sketch

_RUNS_MAX: Final = 150  # a page of tables; beyond that only the longest runs are laid in order
_STRAY_LENGTH: Final = 20  # letters; a name of two words and what the slot before it ends with
_STRAY_BEND: Final = 10


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

    `starts` are the grams that occur once in either text, as they stand in the left one, ascending;
    `places` where the right one has them.
    """

    left: Flags
    right: Flags
    starts: Positions
    places: Positions


def align(left: Sketch, right: Sketch) -> Alignment:
    """Flag what two sketches share, by their coverage grams.

    Only the left one is indexed: a new article is laid beside several old ones.
    """
    table = left.gram_table
    found, ranks = table.find(right.grams)
    times = np.bincount(ranks, minlength=len(table.distinct))
    first_place = np.zeros(len(table.distinct), dtype=np.int64)
    first_place[ranks] = found
    starts = np.flatnonzero(((times == 1) & (table.times == 1))[table.rank])
    return Alignment(
        left=spread_over(np.flatnonzero(times[table.rank]), COVERAGE_GRAM, left.size),
        right=spread_over(found, COVERAGE_GRAM, right.size),
        starts=starts,
        places=first_place[table.rank[starts]],
    )


def runs_in_order(left: Sketch, right: Sketch, aligned: Alignment) -> tuple[Run, ...]:
    """Return the runs of equal text that stand in the same order in both texts.

    Grams that occur once in either text anchor the runs, so that a repeated phrase leads nowhere;
    then each run grows to both sides as far as the letters agree.
    """
    chain = _longest_chain(_grown(_anchored(aligned), left.codes, right.codes))
    return tuple(_without_strays(chain))


def _anchored(aligned: Alignment) -> list[Run]:
    starts, places = aligned.starts, aligned.places
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
    if not size:
        return 0
    differing = one[:size] != other[:size]
    first = int(differing.argmax())
    return first if differing[first] else size


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


def _without_strays(chain: Sequence[Run]) -> Iterator[Run]:
    """Leave out short runs that lead off the line on which their neighbours stand.

    A name that two issues of a template print in different slots would hide both exchanges.
    """
    for before, run, after in zip((None, *chain), chain, (*chain[1:], None), strict=False):
        if before is None or after is None or not _is_stray(before, run, after):
            yield run


def _is_stray(before: Run, run: Run, after: Run) -> bool:
    bend = abs(_diagonal(after) - _diagonal(before))
    off = min(abs(_diagonal(run) - _diagonal(one)) for one in (before, after))
    return run.length < _STRAY_LENGTH and bend < _STRAY_BEND <= off
