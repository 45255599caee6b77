"""HTML as a tree: decoding, bounded parsing, CSS selection (the one importer of selectolax)."""

import codecs
from collections.abc import Iterable
from functools import cache
from typing import Final

from selectolax.lexbor import (
    LexborDocumentOptions,
    LexborHTMLParser,
    LexborNode,
    SelectolaxError,
)

from crawler.census import bounded
from crawler.decode import decode

Node = LexborNode
Tree = LexborHTMLParser

_KEPT_BYTES: Final = 8_000_000  # the tree of a page of 150 kB takes one million
# By itself the C library gives a tree's memory back to the system when the tree goes, and waits for
# it page by page with the next one. Freeing one large block once teaches glibc to keep as much
# (mallopt(3), "dynamic mmap threshold"): up to a third of the time of a parse.
bytearray(_KEPT_BYTES)

TEXT: Final = "-text"  # the name of a text
_TEXT_ID: Final = 2  # LXB_TAG__TEXT

_WITHOUT_EVENTS: Final = LexborDocumentOptions.WO_EVENTS.value

# Letters and marks of Persian and typographic signs: two or three bytes that are no accident.
_OF_UTF8_ONLY: Final = "اینر\u200c’“”–—é"
_SOUND_PER_TORN: Final = 3
_TWO: Final = 2
_LOOKED_AT: Final = 8_192
_SAMPLE: Final = 32_768  # of a page that says it is UTF-8 this much is checked
_DECODE_BEGINNING: Final = codecs.utf_8_decode  # a character cut at the end is no error


def parse(body: bytes, charset: str | None = None) -> Tree:
    """Parse a page in bounded time and memory; what would explode is cut (`crawler.census`).

    Scripts count as running (as in a browser), so `<noscript>` holds no elements.
    """
    text = as_utf8(body, charset).replace(b"\0", b"")  # the parser leaves them out, one by one
    return Tree(bounded(text), options=_WITHOUT_EVENTS, scripting=True)


def as_utf8(body: bytes, charset: str | None = None) -> bytes:
    """Transcode a page to UTF-8, never failing.

    Valid UTF-8 stays whatever it claims to be, and so does UTF-8 with a few torn characters, which
    become U+FFFD; anything else is `crawler.decode`'s.
    """
    sample = body[:_SAMPLE] if _says_utf8(body, charset) else body
    try:
        _DECODE_BEGINNING(sample, "strict", False)  # noqa: FBT003 - the codec's own signature
    except UnicodeDecodeError:
        return _mended(body) or decode(body, charset).encode("utf-8", "replace")
    return body.removeprefix(codecs.BOM_UTF8)


def _says_utf8(body: bytes, charset: str | None) -> bool:
    if charset and charset.lower() in {"utf-8", "utf8"}:
        return True
    return any(body.find(name, 0, _LOOKED_AT) >= 0 for name in (b"utf-8", b"UTF-8"))


def _mended(body: bytes) -> bytes | None:
    text = body.decode("utf-8", "replace")
    torn = text.count("\ufffd")
    sound = sum(map(text.count, _OF_UTF8_ONLY))
    return text.encode() if sound > _SOUND_PER_TORN * torn else None


def select(within: Node | Tree, selector: str) -> list[Node]:
    """Return the elements that match, in page order, each once.

    Lexbor answers an element twice that matches two selectors of a list.
    """
    found = within.css(selector)
    if "," not in selector or len(found) < _TWO:
        return found
    return list({node.mem_id: node for node in found}.values())


def names_by_id(elements: Iterable[str]) -> dict[int, str]:
    """Return names by the numbers that stand for them (`Node.tag_id`), that of texts among them.

    Asking a node for the number takes half the time of asking for the name.
    """
    tree = Tree("")
    return {_TEXT_ID: TEXT, **{tree.create_node(name).tag_id: name for name in elements}}


def is_behind(node: Node, other: Node) -> bool:
    """Tell whether an element begins behind the end of another of the same page."""
    for own, its in zip(_line(node), _line(other), strict=False):
        if own.mem_id != its.mem_id:
            return _follows(own, its)
    return False


def _line(node: Node) -> list[Node]:
    """Return an element with all that hold it, the outermost first."""
    line = [node]
    while (parent := line[-1].parent) is not None:
        line.append(parent)
    return line[::-1]


def _follows(node: Node, sibling: Node) -> bool:
    place, each = node.mem_id, sibling.next
    while each is not None and each.mem_id != place:
        each = each.next
    return each is not None


@cache
def selector_problem(selector: object) -> str | None:
    """Say why `selector` is no CSS selector, or None when it is one."""
    if not isinstance(selector, str) or not selector.strip():
        return "must be a CSS selector"
    try:
        Tree("<p></p>").css(selector)
    except SelectolaxError:
        return "is not a CSS selector"
    return None
