"""Counts a page's tags before it is parsed, and cuts a page that would explode in the parser.

Two shapes do: elements nested without end (the parser looks up its stack for each), and open
formatting elements, which it copies into every later block (measured: 31 kB of `<b a1><b a2>…`
become two gigabytes). HTML Living Standard, 13.2.4.3 "The list of active formatting elements".
"""

import re
from typing import Final

import numpy as np

_DEEPEST: Final = 2_000  # real pages measured: 61 at most
_MOST_OPEN_FORMATS: Final = 300  # real pages measured: 4 at most
_MANY_TAGS: Final = 20_000  # below it the worst nesting parses in under half a second (measured)
_MANY_COPIES: Final = 1_000_000  # tags by formats: as many nodes may come of it, 100 bytes each
_TAG: Final = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_FORMATS: Final = frozenset(
    {
        b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike",
        b"strong", b"tt", b"u",
    }
)  # fmt: skip
_NEVER_OPEN: Final = frozenset(
    {
        b"area", b"base", b"br", b"col", b"dd", b"dt", b"embed", b"hr", b"img", b"input", b"li",
        b"link", b"meta", b"option", b"p", b"param", b"source", b"td", b"th", b"tr",
    }
)  # fmt: skip
_LESS_THAN: Final = 0x3C
_GAPS: Final = b" \t\n\r\f/"


def _format_starts() -> np.ndarray:
    """Mark the pairs of bytes behind `<` that may begin a formatting element with attributes."""
    table = np.zeros(1 << 16, dtype=bool)
    single = ((letter, gap) for letter in b"bius" for gap in _GAPS)
    double = (pair for pair in (b"em", b"tt", b"bi", b"co", b"fo", b"no", b"sm", b"st"))
    for first, second in (*single, *double):
        for case in (first, first & 0xDF):
            for other in (second, second & 0xDF if second > _LESS_THAN else second):
                table[case << 8 | other] = True
    return table


_FORMAT_STARTS: Final = _format_starts()


def bounded(body: bytes) -> bytes:
    """Return the page, cut where more than 2,000 elements or 300 formatting elements are open."""
    page = np.frombuffer(body, dtype=np.uint8)
    starts = (page[:-2] == _LESS_THAN).nonzero()[0]
    behind = page[starts + 1].astype(np.uint16) << 8 | page[starts + 2]
    formats = int(_FORMAT_STARTS[behind].sum())
    if len(starts) <= _MANY_TAGS and len(starts) * formats <= _MANY_COPIES:
        return body
    return _cut(body)


def _cut(body: bytes) -> bytes:
    depth = formats = 0
    for tag in _TAG.finditer(body):
        name = tag[2].lower()
        if name in _NEVER_OPEN:
            continue
        step = -1 if tag[1] else 1
        depth = max(0, depth + step)
        if name in _FORMATS:
            formats = max(0, formats + step)
        if depth > _DEEPEST or formats > _MOST_OPEN_FORMATS:
            return body[: tag.start()]
    return body
