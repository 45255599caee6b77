"""Read the names of press offices and public bodies, also of those that nobody listed."""

import re
from typing import Final

from crawler.name_bounds import continues_at, last_of_name
from crawler.name_words import ENDS, OUTLET_KINDS
from crawler.names import NameDirectory, Resolved
from crawler.printed_lines import Line

LONGEST_NAME: Final = 8  # words: «اداره کل فرهنگ و ارشاد اسلامی استان کرمان»
_PRESS_OFFICE: Final = re.compile(
    r"(?:(?:اداره|مرکز|دفتر|واحد|مدیریت|مدیر)[\s\u200c]?(?:کل[\s\u200c])?"
    r"(?:و[\s\u200c])?)?روابط[\s\u200c]?عمومی(?![^\W_])"
    r"(?: و (?:اطلاع[\s\u200c]?رسانی|امور[\s\u200c]?بین[\s\u200c]?الملل|امور[\s\u200c]?فرهنگی))?"
)

Body = tuple[int, int, Resolved]
"""The span of a body's name in the folded line, and the body."""


def read_press_office(line: Line, index: int, directory: NameDirectory) -> Body | None:
    """Read «روابط عمومی …» at a word; an office without a body behind it has no name."""
    start = line.tokens[index].start
    office = _PRESS_OFFICE.match(line.text, start)
    if office is None:
        return None
    index = line.index_at(office.end())
    if not continues_at(line, index) or line.tokens[index].letters in ENDS:
        return None
    last = last_of_name(line, index, LONGEST_NAME)
    return start, line.tokens[last].end, _body(line, index, last, directory)


def read_institution(line: Line, index: int, directory: NameDirectory) -> Body | None:
    """Read a name of two words or more that begins as an institution's does."""
    one = line.tokens[index].letters
    two = one + line.tokens[index + 1].letters if index + 1 < len(line.tokens) else one
    if directory.institutions.isdisjoint({one, two}):
        return None
    last = last_of_name(line, index, LONGEST_NAME)
    words = line.tokens[index : last + 1]
    if last == index or any(word.letters in OUTLET_KINDS for word in words[1:]):
        return None
    return words[0].start, words[-1].end, _body(line, index, last, directory)


def _body(line: Line, first: int, last: int, directory: NameDirectory) -> Resolved:
    """Return the listed body of these words, or the body that they name themselves."""
    words = line.tokens[first : last + 1]
    listed = directory.by_letters.get("".join(word.letters for word in words))
    if listed is not None and listed.body is not None:
        return listed
    printed, _, _ = line.printed(words[0].start, words[-1].end)
    return Resolved(body=" ".join(printed.split()))
