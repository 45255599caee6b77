"""Split a joined word into the parts it is also written with (سرمایهگذاری → سرمایه گذاری).

The data is `compounds.txt`: whole compounds, and second and first parts that form compounds freely.
A split too many does little harm: its parts would have to stand side by side in a text.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from persian.fold import fold

_DATA: Final = "compounds.txt"
_SHORTEST_PART: Final = 2
_SHORTEST_AFTER_A_FIRST_PART: Final = 3


class _Parts(NamedTuple):
    """Parts, and their lengths from the longest on, so that the longest part wins."""

    words: frozenset[str]
    lengths: tuple[int, ...]


class _Lexicon(NamedTuple):
    compounds: dict[str, tuple[str, ...]]
    second: _Parts
    first: _Parts


def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a folded word, or the word alone when nobody writes it apart."""
    lexicon = _lexicon()
    known = lexicon.compounds.get(word)
    if known:
        return known
    for length in lexicon.second.lengths:
        if len(word) - length >= _SHORTEST_PART and word[-length:] in lexicon.second.words:
            return (word[:-length], word[-length:])
    for length in lexicon.first.lengths:
        if (
            len(word) - length >= _SHORTEST_AFTER_A_FIRST_PART
            and word[:length] in lexicon.first.words
        ):
            return (word[:length], word[length:])
    return (word,)


@cache
def _lexicon() -> _Lexicon:
    """Read the data: a line «[name]» opens a section, a compound has a space where it is joined."""
    sections: dict[str, list[str]] = {"compounds": [], "second parts": [], "first parts": []}
    name = ""
    for line in _lines():
        if line.startswith("["):
            name = line.strip("[]")
        else:
            sections[name].append(fold(line))
    compounds = {entry.replace(" ", ""): tuple(entry.split(" ")) for entry in sections["compounds"]}
    return _Lexicon(
        compounds,
        _parts(sections["second parts"]),
        _parts(sections["first parts"]),
    )


def _lines() -> Iterator[str]:
    text = resources.files("persian").joinpath(_DATA).read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


def _parts(lines: list[str]) -> _Parts:
    words = frozenset(word for line in lines for word in line.split())
    return _Parts(words, tuple(sorted({len(word) for word in words}, reverse=True)))
