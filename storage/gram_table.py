"""Keep the distinct grams of a text in order, so that those of other texts are found among them."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from storage.shingles import Flags, Hashes, Positions, changes

_SLOTS: Final = 1 << 16
_SLOT_SHIFT: Final = np.uint64(48)  # the highest 16 bits of a hash name its slot


@dataclass(frozen=True, slots=True, kw_only=True)
class GramTable:
    """The distinct grams of a text.

    `distinct` ascends; `rank` is the place there of every gram in reading order, `times` how often
    each distinct one occurs; `present` flags the slots of a hash that any of them falls into.
    """

    distinct: Hashes
    rank: Positions
    times: Positions
    present: Flags

    @classmethod
    def of(cls, grams: Hashes) -> Self:
        """Make the table of a text's grams, given in reading order."""
        order = np.argsort(grams)
        ascending = grams[order]
        fresh = changes(ascending)
        rank = np.empty(len(grams), dtype=np.int64)
        rank[order] = np.cumsum(fresh) - 1
        distinct = ascending[fresh]
        present = np.zeros(_SLOTS, dtype=np.bool_)
        present[_slots(distinct)] = True
        times = np.bincount(rank, minlength=len(distinct))
        return cls(distinct=distinct, rank=rank, times=times, present=present)

    def find(self, grams: Hashes) -> tuple[Positions, Positions]:
        """Return the places of the grams that are in the table, and their ranks there.

        Most grams of another text are not: the slots tell before anything is searched for.
        """
        likely = np.flatnonzero(self.present[_slots(grams)])
        wanted = grams[likely]
        ranks = np.minimum(np.searchsorted(self.distinct, wanted), len(self.distinct) - 1)
        is_found = self.distinct[ranks] == wanted
        return likely[is_found], ranks[is_found]


def _slots(grams: Hashes) -> Hashes:
    return grams >> _SLOT_SHIFT
