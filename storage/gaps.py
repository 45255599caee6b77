"""Read the words that stand against each other between two runs of equal text (pure)."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from storage.alignment import Run
from storage.sketch import Sketch, words_in

_GAP_MAX: Final = 45  # letters; a longer gap is another passage, not a replacement
_LIST_MAX: Final = 160  # letters; unless it is a list, of so many slots at least
_LIST_SLOTS: Final = 3
_UNEVEN_MAX: Final = 3  # words
_SLOT_WORDS: Final = 6  # as many may be one slot

Gap = tuple[tuple[str, ...], tuple[str, ...]]


def gaps(left: Sketch, right: Sketch, runs: Sequence[Run]) -> tuple[Gap, ...]:
    """Return for every short gap between two runs the whole words it touches, left and right."""
    found: list[Gap] = []
    for before, after in pairwise(runs):
        sizes = (after.left - before.left_end, after.right - before.right_end)
        if max(sizes) > _LIST_MAX:
            continue
        one = _words(left, before.left_end, after.left)
        other = _words(right, before.right_end, after.right)
        is_long = max(sizes) > _GAP_MAX
        slots = _slots_of_list(one, other) if is_long or len(one) > _SLOT_WORDS else []
        found += slots or ([] if is_long else [(one, other)])
    return tuple(found)


def _slots_of_list(one: tuple[str, ...], other: tuple[str, ...]) -> list[Gap]:
    """Return the slots between the words that two wide gaps have in common, if both are lists.

    «علوی رتبه ۲۰، پورزند رتبه ۴۵» has no run of equal letters that could be found, and is no
    other passage either.
    """
    if abs(len(one) - len(other)) > _UNEVEN_MAX:
        return []
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    slots = [(one[a:b], other[c:d]) for kind, a, b, c, d in steps if kind != "equal"]
    in_common = sum(b - a for kind, a, b, _, _ in steps if kind == "equal")
    changed = sum(max(len(gone), len(come)) for gone, come in slots)
    is_list = len(slots) >= _LIST_SLOTS and in_common >= len(slots) and changed > _SLOT_WORDS
    return [slot for slot in slots if all(slot)] if is_list else []


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
