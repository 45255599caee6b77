"""Keep two writing directions apart: <bdi> in HTML, Unicode isolates in plain text (UAX #9)."""

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"

#: A run of Latin letters with what belongs to it («MDK-276», «SME 100», an address).
_LATIN_RUN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ .:/@_+\-&'][A-Za-z0-9]+)*%?")
_STRONG_RTL: Final = frozenset({"R", "AL"})


def direction(text: str) -> str:
    """Return `rtl` or `ltr` by the first strong letter; a text without letters is `rtl`."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in _STRONG_RTL:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "rtl"


def isolate_html(text: str) -> Markup:
    """Escape a text and put <bdi> around its Latin runs when it is written right to left."""
    if direction(text) == "ltr" and not _LATIN_RUN.sub("", text).strip():
        return escape(text)
    parts: list[Markup] = []
    position = 0
    for run in _LATIN_RUN.finditer(text):
        parts.append(escape(text[position : run.start()]))
        parts.append(Markup('<bdi dir="ltr">{}</bdi>').format(run.group()))
        position = run.end()
    parts.append(escape(text[position:]))
    return Markup("").join(parts)


def isolate_text(text: str) -> str:
    """Put isolates around the Latin runs of a line that is written right to left."""
    if direction(text) == "ltr":
        return text
    return _LATIN_RUN.sub(lambda run: f"{_FIRST_STRONG_ISOLATE}{run.group()}{_POP_ISOLATE}", text)
