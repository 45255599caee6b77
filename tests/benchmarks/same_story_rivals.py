"""Two usual ways to find copies, for the comparison: an exact hash, and MinHash with LSH."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Final

from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped, import-not-found, unused-ignore]

from persian.fold import fold, letters

_WORD: Final = re.compile(r"\w+")
_PERMUTATIONS: Final = 128
_WORDS: Final = 5
_THRESHOLD: Final = 0.5


def same_letters(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Cluster by the exact letters of the folded text."""
    return [hashlib.sha256(letters(row["text"]).encode()).hexdigest() for row in rows]


def minhash_lsh(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Cluster by chaining what datasketch's LSH finds on folded runs of five words."""
    index = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
    root = list(range(len(rows)))

    def top(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for number, row in enumerate(rows):
        drawn = MinHash(num_perm=_PERMUTATIONS)
        drawn.update_batch(_shingles(row["text"]))
        for other in index.query(drawn):
            root[top(number)] = top(other)
        index.insert(number, drawn)
    return [top(number) for number in range(len(rows))]


def _shingles(text: str) -> list[bytes]:
    words = _WORD.findall(fold(text))
    starts = range(max(1, len(words) - _WORDS + 1))
    return [" ".join(words[start : start + _WORDS]).encode() for start in starts]
