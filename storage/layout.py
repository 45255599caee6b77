"""Recognise, by where the shared text stands, what is no copy (pure)."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from storage.alignment import Alignment, Run
from storage.shingles import Flags, letters_in
from storage.sketch import Sketch

_BEGINNING: Final = 12  # letters; the first four words
_TAIL_FROM: Final = 0.4  # shared text that begins later than this in both is a tail
_STREWN_SHARE: Final = 0.3
_STREWN_DENSITY: Final = 0.6
_STREWN_RUN: Final = 16
_QUOTING_SHARE: Final = 0.35
_QUOTED_SHARE: Final = 0.7
_FOLLOW_UP_SHARE: Final = 0.65
_FOLLOW_UP_FROM: Final = 0.3
_STRAY: Final = 0.05  # a phrase in common may stand anywhere


def share_of(flags: Flags) -> float:
    """Return the flagged share of a text's letters; 0 for a text without any."""
    return letters_in(flags) / len(flags) if len(flags) else 0.0


def longest_stretch(flags: Flags) -> int:
    """Return the length of the longest stretch of flagged letters."""
    padded = np.zeros(len(flags) + 2, dtype=np.bool_)
    padded[1:-1] = flags
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def is_scattered(runs: Sequence[Run], aligned: Alignment) -> bool:
    """Tell whether the longer text only strews sentences of the shorter over its own."""
    longer = max(aligned.left, aligned.right, key=len)
    long = [run for run in runs if run.length >= _STREWN_RUN]
    if not long or share_of(longer) >= _STREWN_SHARE:
        return False
    if len(aligned.left) >= len(aligned.right):
        span = long[-1].left_end - long[0].left
    else:
        span = long[-1].right_end - long[0].right
    return sum(run.length for run in long) / span < _STREWN_DENSITY


def repeats_at_its_end(later: Flags) -> bool:
    """Tell whether a later text tells something new first and only then what both have."""
    hits = np.flatnonzero(later)
    if not len(hits) or len(hits) / len(later) > _FOLLOW_UP_SHARE:
        return False
    return int(hits[int(len(hits) * _STRAY)]) > len(later) * _FOLLOW_UP_FROM


def is_quotation(sketch: Sketch, hits: Flags) -> bool:
    """Tell whether a text shares hardly anything but what it quotes, and is mostly its own."""
    shared = letters_in(hits)
    if shared > len(hits) * _QUOTING_SHARE or not shared:
        return False
    quoted = letters_in(hits & sketch.quoted)
    return quoted >= _QUOTED_SHARE * shared


def begins_alike(aligned: Alignment) -> bool:
    """Tell whether the first words of either text stand in the other."""
    return bool(aligned.left[:_BEGINNING].any() or aligned.right[:_BEGINNING].any())


def is_tail(aligned: Alignment) -> bool:
    """Tell whether all shared text lies in the last part of both."""
    left, right = np.flatnonzero(aligned.left), np.flatnonzero(aligned.right)
    if not len(left) or not len(right):
        return True
    return bool(
        left[0] > len(aligned.left) * _TAIL_FROM and right[0] > len(aligned.right) * _TAIL_FROM
    )
