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


class _Lexicon(NamedTuple):
    compounds: dict[str, tuple[str, ...]]
    second_parts: tuple[str, ...]
    first_parts: tuple[str, ...]


def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a folded word, or the word alone when nobody writes it apart."""
    lexicon = _lexicon()
    known = lexicon.compounds.get(word)
    if known:
        return known
    for second in lexicon.second_parts:
        if word.endswith(second) and len(word) - len(second) >= _SHORTEST_PART:
            return (word[: -len(second)], second)
    for first in lexicon.first_parts:
        if word.startswith(first) and len(word) - len(first) >= _SHORTEST_AFTER_A_FIRST_PART:
            return (first, word[len(first) :])
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
        tuple(_words(sections["second parts"])),
        tuple(_words(sections["first parts"])),
    )


def _lines() -> Iterator[str]:
    text = resources.files("persian").joinpath(_DATA).read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


def _words(lines: list[str]) -> list[str]:
    """Return every word of the lines, the longest first, so that the longest part wins."""
    return sorted((word for line in lines for word in line.split()), key=len, reverse=True)
