"""Keep two writing directions apart: <bdi> in HTML, Unicode isolates in plain text (UAX #9).

A run written the other way than the text around it is isolated, so that neither the punctuation nor
the numbers beside it change sides.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal

from markupsafe import Markup, escape

from alerts.tidy import harmless

Direction = Literal["rtl", "ltr"]

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"

#: A run of Latin letters with what belongs to it («MDK-276», «SME 100»), an address, or a Gregorian
#: date with its time of day, whose two numbers would change sides.
_LATIN: Final = re.compile(
    r"[a-z]{2,9}://[!-~]+[A-Za-z0-9/=]"
    r"|[A-Za-z][A-Za-z0-9]*(?:[ .:/@_+\-&'][A-Za-z0-9]+)*%?"
    r"|\d{4}-\d\d-\d\d(?: \d\d:\d\d)?",
    re.ASCII,
)

#: A run of Arabic letters with the spaces, joiners, digits and quotation marks inside it.
_LETTER: Final = "\u0620-\u065f\u066e-\u06d3\u06d5\u06fa-\u06ff"
_ARABIC: Final = re.compile(rf"«?[{_LETTER}](?:[{_LETTER}0-9۰-۹\u200c ،؛«»\-]*[{_LETTER}۰-۹»])?")
_STRONG_RTL: Final = frozenset({"R", "AL"})

#: Shorter runs are one name or one number and must not be broken over two lines.
_UNBROKEN: Final = 24


def direction(text: str) -> Direction:
    """Return `rtl` or `ltr` by the first strong letter; a text without letters is `rtl`."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in _STRONG_RTL:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "rtl"


def isolate_html(text: str, outer: Direction | None = None) -> Markup:
    """Escape a text and put <bdi> around what runs against `outer`, its own direction if None."""
    way = outer or direction(text)
    return Markup("").join(
        _bdi(part, way) if is_foreign else escape(part) for part, is_foreign in _parts(text, way)
    )


def isolate_text(text: str, outer: Direction | None = None) -> str:
    """Put isolates around what runs against `outer`, the text's own direction if None."""
    way = outer or direction(text)
    return "".join(
        f"{_FIRST_STRONG_ISOLATE}{part}{_POP_ISOLATE}" if is_foreign else part
        for part, is_foreign in _parts(text, way)
    )


def _parts(printed: str, way: Direction) -> Iterator[tuple[str, bool]]:
    """Part a text, made harmless, into runs; True for one that runs against `way`."""
    text = harmless(printed)
    position = 0
    for run in (_LATIN if way == "rtl" else _ARABIC).finditer(text):
        yield text[position : run.start()], False
        yield run.group(), True
        position = run.end()
    yield text[position:], False


def _bdi(run: str, outer: Direction) -> Markup:
    if outer == "ltr":
        return Markup('<bdi dir="rtl">{}</bdi>').format(run)
    if len(run) > _UNBROKEN:
        return Markup('<bdi dir="ltr">{}</bdi>').format(run)
    return Markup('<bdi dir="ltr" style="white-space:nowrap">{}</bdi>').format(run)
