"""Mask the letters of a text that learned boilerplate covers (pure)."""

import numpy as np

from storage.shingles import INDEX_GRAM, Flags, Hashes, spread_over, window_of
from storage.sketch import Sketch


def masked(sketch: Sketch, boilerplate: Hashes) -> Flags:
    """Flag the covered letters. `boilerplate` is ascending.

    The stretch between two neighbouring hits is boilerplate too.

    Only a sample of a passage's grams is indexed, so hits stand up to a window apart.
    """
    nothing = np.zeros(sketch.size, dtype=np.bool_)
    if not len(boilerplate) or sketch.size < INDEX_GRAM:
        return nothing
    hashes = sketch.index_grams
    slots = np.minimum(np.searchsorted(boilerplate, hashes), len(boilerplate) - 1)
    starts = np.flatnonzero(boilerplate[slots] == hashes)
    if not len(starts):
        return nothing
    reach = window_of(sketch.size) + INDEX_GRAM
    near = np.flatnonzero(starts[1:] - starts[:-1] <= reach)
    edges = np.zeros(sketch.size + 1, dtype=np.int8)
    edges[starts[near]] += 1
    edges[starts[near + 1]] -= 1
    between = np.cumsum(edges[:-1], dtype=np.int8).view(np.bool_)
    return between | spread_over(starts, INDEX_GRAM, sketch.size)
