"""Read the words that stand against each other between two runs of equal text (pure)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from storage.alignment import Run
from storage.sketch import Sketch, words_in

_GAP_MAX: Final = 45  # letters; a longer gap is another passage, not a replacement

Gap = tuple[tuple[str, ...], tuple[str, ...]]


def gaps(left: Sketch, right: Sketch, runs: Sequence[Run]) -> tuple[Gap, ...]:
    """Return for every short gap between two runs the whole words it touches, left and right."""
    found = []
    for before, after in pairwise(runs):
        sizes = (after.left - before.left_end, after.right - before.right_end)
        if max(sizes) <= _GAP_MAX:
            one = _words(left, before.left_end, after.left)
            other = _words(right, before.right_end, after.right)
            found.append((one, other))
    return tuple(found)


def opening_gap(left: Sketch, right: Sketch, runs: Sequence[Run]) -> Gap:
    """Return the words before the first run, left and right; none when there are many."""
    if not runs or max(runs[0].left, runs[0].right) > _GAP_MAX:
        return (), ()
    return _words(left, 0, runs[0].left), _words(right, 0, runs[0].right)


def _words(sketch: Sketch, start: int, end: int) -> tuple[str, ...]:
    """Return the whole words that the letters from `start` to `end` touch, and their neighbours."""
    text, offsets = sketch.text, sketch.offsets
    first = int(offsets[max(0, min(start, end) - 1)])
    last = int(offsets[min(len(offsets) - 1, max(start, end))])
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return tuple(words_in(text[first:last]))
