"""Read the credits that open a text: «ایرنا/», «فارس:», «کرمان – ایرنا –»."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.article import Credit, CreditKind
from crawler.name_phrases import NamePhrase, NameReader, credit_of
from crawler.printed_lines import Line
from persian.date_names import MONTH_PATTERN, WEEKDAY_PATTERN

_PREFIX_END: Final = re.compile(
    rf"\s?(?:/|[:؛](?!/)|[\s\-|،]{{0,3}}(?:(?:{WEEKDAY_PATTERN})\s|\d{{1,2}}\s?(?:{MONTH_PATTERN})\s))"
)
_DASH: Final = re.compile(r"\s?-")
_PLACE: Final = re.compile(r"\W{0,3}[^\W\d_]+(?:[ \u200c][^\W\d_]+){0,2}\s?[-/،(:]\s?")
_DATELINE_END: Final = re.compile(r"\s?[\-:)/؛]")
_QUICK: Final = re.compile(r"[\-/:؛|(\d]")
_READ: Final = 120  # characters; a prefix or a dateline is shorter
_PRESS_OFFICE: Final = re.compile(r"روابط[\s\u200c]?عمومی")


def may_open(folded: str) -> bool:
    """Say quickly whether a folded line may open with such a credit."""
    return _QUICK.search(folded, 0, _READ) is not None


def opening_credits(line: Line, reader: NameReader) -> Iterator[Credit]:
    """Yield the prefix or dateline credit with which a line opens, if any."""
    phrase = reader.read(line, 0)
    if phrase is not None and _may_open(line, phrase):
        if _PREFIX_END.match(line.text, phrase.end):
            yield credit_of(CreditKind.PREFIX, line, phrase)
            return
        if _DASH.match(line.text, phrase.end):
            yield credit_of(CreditKind.DATELINE, line, phrase)
            return
    yield from _behind_place(line, reader)


def _behind_place(line: Line, reader: NameReader) -> Iterator[Credit]:
    place = _PLACE.match(line.text)
    index = line.index_at(place.end()) if place else len(line.tokens)
    if index >= len(line.tokens):
        return
    phrase = reader.read(line, line.tokens[index].start)
    if phrase is None or not _may_open(line, phrase):
        return
    if _DATELINE_END.match(line.text, phrase.end):
        yield credit_of(CreditKind.DATELINE, line, phrase)


def _may_open(line: Line, phrase: NamePhrase) -> bool:
    """Say whether a name may open a text as its source: press, or an office of public relations.

    A body's bare name does not («شهرداری گرگان - صنعت مس رفسنجان» is a fixture).
    """
    if phrase.resolved is None:
        return phrase.has_kind
    if phrase.is_press:
        return True
    return _PRESS_OFFICE.search(line.text, phrase.start, phrase.end) is not None
