"""Turn folded text into letter skeletons, gram hashes and winnowed fingerprints (pure, numpy).

A skeleton keeps consonants and digits only. Spaces, half-spaces and punctuation go, and so do the
letters that spellings disagree about (ا و ی and every hamza): «مسئول», «مسؤول» and «مسوول» are one,
«وی» and «او» vanish alike, «متهمان» and «متهمین» meet.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

COVERAGE_GRAM: Final = 9  # consonants; about 14 printed letters, a phrase of three words
INDEX_GRAM: Final = 11  # consonants; about 17 printed letters
_ROWS_WANTED: Final = 12  # a window is 1/12 of the text, which leaves about 25 rows an article
_WINDOW_MIN: Final = 8
_WINDOW_MAX: Final = 64
_WEAK: Final = "اآأإٱویئؤيىء\u0654\u0655"
_BASE: Final = 0x9E3779B97F4A7C15
_POWERS: Final = {width: np.uint64(pow(_BASE, width, 1 << 64)) for width in (1, 2, 4, 8, 16, 32)}
_TABLE_SIZE: Final = 0x10000


def _letter_table() -> Flags:
    table = np.fromiter((chr(code).isalnum() for code in range(_TABLE_SIZE)), bool, _TABLE_SIZE)
    for letter in _WEAK:
        table[ord(letter)] = False
    return table


_STRONG: Final = _letter_table()


def skeleton(folded: str) -> tuple[Codes, Positions]:
    """Return the code points of the strong letters and digits, with their offsets in `folded`.

    Characters beyond the Basic Multilingual Plane (emoji) are left out.
    """
    codes = np.frombuffer(folded.encode("utf-32-le", "replace"), dtype=np.uint32)
    offsets = np.flatnonzero(_STRONG[np.minimum(codes, _TABLE_SIZE - 1)])
    return codes[offsets], offsets


def gram_hashes(codes: Codes, length: int) -> Hashes:
    """Return a 64-bit hash of every run of `length` codes; empty when the text is shorter."""
    count = len(codes) - length + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    total: Hashes = np.zeros(0, dtype=np.uint64)
    power, width, done = codes.astype(np.uint64), 1, 0
    while width <= length:  # hashes of 1, 2, 4, 8 … letters, joined as the binary form of `length`
        if length & width:
            part = power[done : done + count]
            total = total * _POWERS[width] + part if done else part
            done += width
        width *= 2
        if width <= length:
            power = power[: -(width // 2)] * _POWERS[width // 2] + power[width // 2 :]
    return _mix(total)


def _mix(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of splitmix64), so that a minimum is a fair draw."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def winnow(hashes: Hashes, window: int) -> Positions:
    """Return the positions of every window's smallest hash, ascending, each once.

    A minimum of a wide window is also a minimum of the narrow ones inside it: the fingerprints of a
    long text hold those of its truncated copy, whatever the two windows were.
    """
    count = len(hashes)
    if count == 0:
        return np.empty(0, dtype=np.int64)
    if count <= window:
        return np.array([int(hashes.argmin())], dtype=np.int64)
    low = np.uint64(count.bit_length())  # the position takes the place of as many low bits
    places = np.arange(count, dtype=np.uint64)
    least = _least_of_windows((hashes >> low << low) | places, window)
    picked: Positions = (least & ((np.uint64(1) << low) - np.uint64(1))).view(np.int64)
    return picked[np.flatnonzero(changes(picked))]


def _least_of_windows(keys: Hashes, window: int) -> Hashes:
    """Return the minimum of every window, from those of windows half as wide."""
    width = 1
    while width < window:
        step = min(width, window - width)
        keys = np.minimum(keys[:-step], keys[step:])
        width += step
    return keys


def changes(values: NDArray[Any]) -> Flags:
    """Flag every value that differs from the one before it; the first does."""
    flags = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=flags[1:])
    return flags


def window_of(size: int) -> int:
    """Return the winnowing window for a skeleton of `size` letters."""
    return max(_WINDOW_MIN, min(_WINDOW_MAX, size // _ROWS_WANTED))


def fingerprints(hashes: Hashes, size: int) -> Hashes:
    """Return the winnowed hashes among the index grams of a skeleton of `size` letters."""
    return hashes[winnow(hashes, window_of(size))]


def letters_in(flags: Flags) -> int:
    """Count the flagged letters."""
    return int(np.count_nonzero(flags))


def spread_over(starts: Positions, length: int, size: int) -> Flags:
    """Flag the letters of a text of `size` that grams of `length` at `starts` cover."""
    flags = np.zeros(size, dtype=np.bool_)
    flags[starts] = True
    width = 1
    while width < length:
        step = min(width, length - width)
        flags[step:] |= flags[:-step].copy()
        width += step
    return flags
