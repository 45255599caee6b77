"""Split a folded text into atoms: the smallest pieces a search can name, and where sentences end.

An atom is a run of letters of one script, or of digits. A half-space counts as a space, so the
parts of «خاتون‌آباد» are two atoms as in «خاتون آباد». An ending written apart («شرکت های»,
«کارخانه‌ی») belongs to the atom before it. A sentence end, comma, colon or line feed is a barrier:
an atom of its own that no phrase crosses.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from persian.fold import fold, fold_with_offsets
from persian.stems import index_key, respell, stems

#: What every barrier reads as among the stems and keys; no folded word can equal it.
BARRIER: Final = "¶"

_ARABIC: Final = "\u0621-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06fa-\u06fc\u0750-\u077f"
_APART: Final = (
    f"(?:[ \u200c](?:ها(?:ی(?:ی|م|ت|ش|مان|تان|شان)?)?|ای|ی|تر(?:ین)?)(?![{_ARABIC}])"
    f"|\u200c(?:ام|ات|اش|ایم|اید|اند|مان|تان|شان|م|ش)(?![{_ARABIC}]))"
)
# Letters of all other scripts, named by range because a class of "word characters" is slow.
_OTHER: Final = (
    "a-z\u00aa\u00b5\u00ba\u00df-\u00f6\u00f8-\u02af\u0370-\u0587\u05d0-\u05ea\u0780-\u07b1"
    "\u0900-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufaff\U00010000-\U000e0000"
)
# «مس‌گر» is the smith, no copper: this ending makes another word, so it never stands apart.
_MAKER: Final = f"(?:\u200cگر(?:ی|ان|ها|های|انی)?+(?![{_ARABIC}]))?+"
_ATOM: Final = re.compile(
    f"[{_ARABIC}]++{_MAKER}{_APART}*+"
    "|[0-9]++"
    f"|[{_OTHER}]++(?:ها(?:ی(?:ی)?)?(?![{_ARABIC}])|{_APART})?+"
    "|(?:[!?؟;؛:…\n]|[.,،](?![0-9])|(?<![0-9])[.,،])++"
)
_FIRST_WORD: Final = re.compile("[^ \u200c]+")
_LATIN_PLURAL: Final = re.compile("ها(?:ی|یی)?$")

#: Split a folded text into raw atoms (an ending written apart included) in reading order.
split: Final[Callable[[str], list[str]]] = _ATOM.findall


@dataclass(frozen=True, slots=True)
class Reading:
    """What one raw atom can be taken for.

    `stems` are the forms an inflecting search finds it by, `exact` the one an exact search does,
    `key` the token an index holds for it.
    """

    stems: tuple[str, ...]
    exact: str
    key: str


class PrintedAtoms:
    """The raw atoms of a text as printed; where they stand is worked out when asked for."""

    __slots__ = ("_folded", "_spans", "raws")

    def __init__(self, text: str) -> None:
        self._folded: Final = fold_with_offsets(text)
        found = list(_ATOM.finditer(self._folded.text))
        self.raws: Final = [atom[0] for atom in found]
        self._spans: Final = [atom.span() for atom in found]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span as printed of the atoms from `start` up to but without `end`."""
        first, last = self._spans[start], self._spans[end - 1]
        return self._folded.origin(*first)[0], self._folded.origin(*last)[1]


def base(raw: str) -> str:
    """Return a raw atom without the ending written apart; a barrier is `BARRIER`."""
    return _first_word(raw) if raw[0].isalnum() else BARRIER


def read(raw: str) -> Reading:
    """Read one raw atom."""
    if not raw[0].isalnum():
        return Reading((BARRIER,), BARRIER, BARRIER)
    word = _first_word(raw)
    key = index_key(word)
    joined = respell(raw.replace(" ", "").replace("\u200c", ""))
    exact = joined if index_key(joined) == key else word
    alternatives = (*stems(word), *stems(exact)) if exact != word else stems(word)
    return Reading(tuple(dict.fromkeys(alternatives)), exact, key)


def words(text: str) -> list[str]:
    """Fold a text and split it into raw atoms without barriers."""
    return [raw for raw in split(fold(text)) if raw[0].isalnum()]


def _first_word(raw: str) -> str:
    word = raw if raw.isalnum() else _FIRST_WORD.findall(raw.replace("\u200cگر", "گر"))[0]
    return _LATIN_PLURAL.sub("", word) if word[0].isascii() else respell(word)
