"""Say where a name ends: at punctuation, a quotation mark, or a word that no name holds."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.name_words import ENDS, EXTENSIONS, LAST_EXTENSIONS
from crawler.printed_lines import Line

# Between the words of one name stand spaces, joints and quotation marks («ورزش "سه"»).
_WITHIN: Final = re.compile(r"[ \u200c«»\"'()\-_]*")
_JOINS: Final = re.compile(r"[ \u200c\"'\-_]*")
_BEFORE: Final = re.compile(r"[ \u200c«\"'()\-_\[]*")
_QUOTES: Final = ("«", '"', "'")


def begins_at(line: Line, position: int, index: int) -> bool:
    """Say whether a name may begin with a word although the reader stands before it."""
    start = line.tokens[index].start
    return _BEFORE.fullmatch(line.text, position, start) is not None


def continues_at(line: Line, index: int) -> bool:
    """Say whether the word at an index may belong to the same name as the word before it."""
    return index < len(line.tokens) and _WITHIN.fullmatch(line.gap(index)) is not None


def run(line: Line, index: int, longest: int) -> Iterator[int]:
    """Yield the indexes of the words that may belong to a name beginning at `index`."""
    for end in range(index, min(index + longest, len(line.tokens))):
        if end > index and not continues_at(line, end):
            return
        yield end


def goes_on(line: Line, end: int) -> bool:
    """Say whether the next word makes another outlet's name of this one («آرمان ملی»)."""
    following = end + 1
    if following >= len(line.tokens) or line.gap(following).strip(" \u200c"):
        return False
    word = line.tokens[following].letters
    if word in LAST_EXTENSIONS:
        return following + 1 >= len(line.tokens) or _is_boundary(line, following + 1, quoted=True)
    return word in EXTENSIONS


def is_quoted(line: Line, index: int) -> bool:
    """Say whether a quotation mark opens right before a word."""
    return any(mark in line.gap(index) for mark in _QUOTES)


def last_of_name(line: Line, index: int, longest: int) -> int:
    """Return the index of the last word before the name's boundary, at most `longest` words on."""
    last = index
    quoted = is_quoted(line, index)
    for end in run(line, index, longest):
        if end > index and _is_boundary(line, end, quoted=quoted):
            break
        last = end
    return last


def _is_boundary(line: Line, index: int, *, quoted: bool) -> bool:
    gap, word = line.gap(index), line.tokens[index].letters
    if not _JOINS.fullmatch(gap) or (quoted and any(mark in gap for mark in _QUOTES)):
        return True
    return word in ENDS or (word == "و" and _is_end(line, index + 1))


def _is_end(line: Line, index: int) -> bool:
    return index >= len(line.tokens) or line.tokens[index].letters in ENDS
