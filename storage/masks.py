"""Mask the letters of a text that learned boilerplate covers (pure)."""

from itertools import pairwise

import numpy as np

from storage.shingles import INDEX_GRAM, Flags, Hashes, spread_over, window_of
from storage.sketch import Sketch


def masked(sketch: Sketch, boilerplate: Hashes) -> Flags:
    """Flag the covered letters. `boilerplate` is ascending.

    The stretch between two neighbouring hits is boilerplate too.

    Only a sample of a passage's grams is indexed, so hits stand up to a window apart.
    """
    flags = np.zeros(sketch.size, dtype=np.bool_)
    if not len(boilerplate) or sketch.size < INDEX_GRAM:
        return flags
    hashes = sketch.index_grams
    slots = np.minimum(np.searchsorted(boilerplate, hashes), len(boilerplate) - 1)
    starts = np.flatnonzero(boilerplate[slots] == hashes)
    if not len(starts):
        return flags
    flags = spread_over(starts, INDEX_GRAM, sketch.size)
    reach = window_of(sketch.size) + INDEX_GRAM
    for one, other in pairwise(starts.tolist()):
        if other - one <= reach:
            flags[one:other] = True
    return flags
