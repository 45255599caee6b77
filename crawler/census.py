"""Counts a page's tags before it is parsed, and cuts a page that would explode in the parser.

Two shapes do: elements nested without end (the parser looks up its stack for each), and open
formatting elements, which it copies into every later block (measured: 31 kB of `<b a1><b a2>…`
become two gigabytes). HTML Living Standard, 13.2.4.3 "The list of active formatting elements".
"""

import re
from typing import Final

import numpy as np

_LONGEST_PAGE: Final = 3_000_000  # bytes; real pages measured: 1.8 MB at most
_DEEPEST: Final = 2_000  # real pages measured: 61 at most
_MOST_OPEN_FORMATS: Final = 300  # real pages measured: 4 at most
# Real pages measured: 8,534 at most. To read each costs 600 bytes; fewer parse in under half a
# second however they nest (measured).
_MOST_TAGS: Final = 20_000
_MANY_COPIES: Final = 1_000_000  # tags by formats: as many nodes may come of it, 100 bytes each
_SMALL: Final = 3_000  # bytes that hold at most a thousand tags of three, so no more copies
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


def _table(*sets: bytes) -> np.ndarray:
    """Return for every byte the bits of the sets it is in, small letters standing for both."""
    table = np.zeros(256, dtype=np.uint8)
    for bit, letters in enumerate(sets):
        table[[*letters, *letters.upper()]] |= 1 << bit
    return table


# Two bytes behind `<` that share a bit may begin a formatting element with attributes.
_FIRST: Final = _table(b"bius", b"b", b"es", b"ts", b"cfn")
_SECOND: Final = _table(_GAPS, b"i", b"m", b"t", b"o")


def bounded(body: bytes) -> bytes:
    """Return the page, cut behind 3 MB or 20,000 tags, and where too many elements are open."""
    if len(body) < _SMALL:
        return body
    page = np.frombuffer(body, dtype=np.uint8, count=min(len(body), _LONGEST_PAGE))
    starts = (page[:-2] == _LESS_THAN).nonzero()[0]
    body = body[: starts[_MOST_TAGS] if len(starts) > _MOST_TAGS else len(page)]
    starts = starts[:_MOST_TAGS]
    formats = int(np.count_nonzero(_FIRST.take(page[1:][starts]) & _SECOND.take(page[2:][starts])))
    if len(starts) < _MOST_TAGS and len(starts) * formats <= _MANY_COPIES:
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
