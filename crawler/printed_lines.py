"""Cut a line of printed text into folded words that know their place in the whole text."""

import re
from typing import Final, NamedTuple

from persian.fold import fold_with_offsets
from persian.trace import Folded

_TOKEN: Final = re.compile(r"[^\W_]+(?:\u200c[^\W_]+)*")


class Token(NamedTuple):
    """One word of a folded line: its span and its letters.

    A tuple, because a page has thousands and a dataclass takes four times as long to make.
    """

    start: int
    end: int
    letters: str


class Line:
    """One line of a text, folded, with its words and the way back to the printed text."""

    __slots__ = ("_folded", "_tokens", "offset", "text")

    def __init__(self, printed: str, offset: int) -> None:
        self._folded: Final[Folded] = fold_with_offsets(printed)
        self.offset: Final = offset
        self.text: Final = self._folded.text
        self._tokens: tuple[Token, ...] | None = None

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words of the line, cut when first asked for: most lines are never asked."""
        if self._tokens is None:
            self._tokens = tuple(
                Token(match.start(), match.end(), match[0].replace("\u200c", ""))
                for match in _TOKEN.finditer(self.text)
            )
        return self._tokens

    def index_at(self, position: int) -> int:
        """Return the index of the first word that begins at a position or behind it."""
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].start < position:
                low = middle + 1
            else:
                high = middle
        return low

    def gap(self, index: int) -> str:
        """Return what stands between the word before `index` and the word at it."""
        start = self.tokens[index - 1].end if index else 0
        return self.text[start : self.tokens[index].start]

    def printed(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the printed text of a folded span with its offsets in the whole text."""
        first, last = self._folded.origin(start, end)
        return self._folded.original[first:last], self.offset + first, self.offset + last
