"""Hold what the same-story decision needs of an article: folded text, gram hashes (pure)."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from persian.fold import fold
from storage.furniture import without_furniture
from storage.gram_table import GramTable
from storage.shingles import (
    COVERAGE_GRAM,
    INDEX_GRAM,
    Codes,
    Flags,
    Hashes,
    Positions,
    fingerprints,
    gram_hashes,
    skeleton,
)

_WORD: Final = re.compile(r"\w+")
_QUOTE: Final = re.compile(r"«[^«»]{20,}»")
_BODY_MIN: Final = 60  # printed letters; a shorter body is told apart with the help of its title
_TEXT_MAX: Final = 60_000  # letters; a longer page is a book or a broken extraction


@dataclass(frozen=True)
class Sketch:
    """A folded title and text, and lazily what is computed from them.

    `text` has no furniture and keeps its lines. All arrays index letters of the skeleton.
    """

    title: str
    text: str

    @cached_property
    def _skeleton(self) -> tuple[Codes, Positions]:
        return skeleton(self.text)

    @property
    def codes(self) -> Codes:
        """The letters of the skeleton."""
        return self._skeleton[0]

    @property
    def offsets(self) -> Positions:
        """The offset in `text` of every letter."""
        return self._skeleton[1]

    @property
    def size(self) -> int:
        """The number of letters."""
        return len(self.codes)

    @cached_property
    def grams(self) -> Hashes:
        """The coverage grams in reading order."""
        return gram_hashes(self.codes, COVERAGE_GRAM)

    @cached_property
    def gram_table(self) -> GramTable:
        """The distinct coverage grams, to find those of other texts among them."""
        return GramTable.of(self.grams)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(words_in(self.text))

    def says(self, word: str) -> bool:
        """Tell whether a word, joined across half-spaces, stands in the text."""
        return word in self._words

    @cached_property
    def quoted(self) -> Flags:
        """The letters that stand inside «…»."""
        flags = np.zeros(self.size, dtype=np.bool_)
        for quote in _QUOTE.finditer(self.text):
            first, last = np.searchsorted(self.offsets, quote.span())
            flags[first:last] = True
        return flags

    @cached_property
    def index_grams(self) -> Hashes:
        """The index grams in reading order."""
        return gram_hashes(self.codes, INDEX_GRAM)

    @cached_property
    def fingerprints(self) -> tuple[int, ...]:
        """The winnowed hashes as the signed 64-bit numbers a database keeps, each once."""
        hashes = fingerprints(self.index_grams, self.size)
        return tuple(dict.fromkeys(hashes.view(np.int64).tolist()))


def sketch(title: str, text: str) -> Sketch:
    """Sketch an article from its title and text as printed."""
    folded_title = fold(title).replace("\n", " ")
    body = without_furniture(fold(text[:_TEXT_MAX]))
    if len(body) < _BODY_MIN:
        body = f"{folded_title}\n{body}" if body else folded_title
    return Sketch(title=folded_title, text=body)


def words_in(text: str) -> list[str]:
    """Return the words of a folded text, joined across half-spaces."""
    return _WORD.findall(text.replace("\u200c", "").replace("_", " "))
