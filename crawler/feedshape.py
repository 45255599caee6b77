"""Looks at a feed before it is parsed: what it is, how deep it nests, how many items it holds.

Every step is one walk over the text, so a hostile feed costs what its length costs.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from html.entities import html5
from typing import Final

from crawler.errors import BrokenFeedError, NotAFeedError

MAX_ITEMS: Final = 2_000  # far above any real feed; what is further down is old
MAX_DEPTH: Final = 100  # 200,000 nested tags cost the XML reader 4 s and 77 MB
_LEAD: Final = 65_536
_ROOT: Final = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)(?=[\s>])", re.IGNORECASE)
_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_ITEM_END: Final = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
# What XML 1.0 forbids, and editors paste into titles all the same.
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)?")
_OWN_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA: Final = "<![CDATA["
_CDATA_END: Final = "]]>"
_TAG_NAME: Final = re.compile(r"</?(?:[\w.-]+:)?([\w.-]+)")
# Only bodies may be long: the XML reader searches names and dates with patterns whose cost grows
# with the square of what they are given.
_LONG_TEXTS: Final = frozenset(
    {"description", "summary", "content", "encoded", "body", "div", "p", "span", "li", "td", "br"}
)
_LONG: Final = 2_000_000
_SHORT: Final = 4_000
_LONGEST_TAG: Final = 20_000
_SECTIONS: Final = ((_CDATA, _CDATA_END), ("<!--", "-->"), ("<?", "?>"))


class FeedForm(Enum):
    """The two syntaxes of feeds."""

    XML = auto()
    JSON = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedText:
    """A feed ready to be parsed; `left_out` counts items beyond the cap."""

    form: FeedForm
    text: str
    left_out: int = 0


def prepare(text: str, *, url: str) -> FeedText:
    """Check and clean a feed; raises NotAFeedError or BrokenFeedError with the reason.

    What stands before the root (a warning of the server, a declaration, a DTD) is dropped.
    """
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return FeedText(form=FeedForm.JSON, text=start)
    root = _ROOT.search(start, 0, _LEAD)
    page = _HTML.search(start, 0, _LEAD)
    if root is None or (page and page.start() < root.start()):
        what = "an HTML page" if page else "something else" if start else "nothing"
        raise NotAFeedError(f"{url} serves {what} where a feed was expected")
    whole, left_out = _cut(_FORBIDDEN.sub("", start[root.start() :]))
    return FeedText(form=FeedForm.XML, text=_clean(whole, url), left_out=left_out)


def _cut(text: str) -> tuple[str, int]:
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    if len(ends) <= MAX_ITEMS:
        return text, 0
    return text[: ends[MAX_ITEMS - 1]] + text[ends[-1] :], len(ends) - MAX_ITEMS


def _clean(text: str, url: str) -> str:
    depth = 0
    room = _SHORT
    kept: list[str] = []
    for piece, is_markup in _pieces(text):
        if not is_markup:
            kept.append(_REFERENCE.sub(_reference, piece[:room].replace("<", "&lt;")))
            room = max(0, room - len(piece))
        elif piece.startswith(_CDATA):
            kept.append(_shortened(piece, room))
            room = max(0, room - len(piece))
        elif not piece.startswith(("<!", "<?")) and len(piece) <= _LONGEST_TAG:
            depth += _step(piece)
            room = _LONG if _name(piece) in _LONG_TEXTS else _SHORT
            kept.append(piece)
        if depth > MAX_DEPTH:
            raise BrokenFeedError(f"{url} nests more than {MAX_DEPTH} elements; it was not read")
    return "".join(kept)


def _shortened(section: str, room: int) -> str:
    if len(section) <= room + len(_CDATA) + len(_CDATA_END):
        return section
    return f"{section[: room + len(_CDATA)].removesuffix(']').removesuffix(']')}{_CDATA_END}"


def _name(tag: str) -> str:
    found = _TAG_NAME.match(tag)
    return found[1].lower() if found else ""


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in _markup(text):
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def _markup(text: str) -> Iterator[tuple[int, int]]:
    at, tag_end = 0, 0
    while (start := text.find("<", at)) >= 0:
        section = next((pair for pair in _SECTIONS if text.startswith(pair[0], start)), None)
        if section:
            end = text.find(section[1], start + len(section[0]))
            at = end + len(section[1]) if end >= 0 else len(text)
            yield start, at
            continue
        tag_end = tag_end if tag_end > start else text.find(">", start)
        if tag_end < 0:
            return
        following = text.find("<", start + 1)
        if start < tag_end < following or following < 0:
            yield start, tag_end + 1
            at = tag_end + 1
        else:
            at = start + 1  # a lone sign; it is escaped with the text around it


def _step(tag: str) -> int:
    if tag.endswith("/>"):
        return 0
    return -1 if tag.startswith("</") else 1


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _OWN_OF_XML:
        return found[0]
    if name.startswith("#"):
        return _character(int(f"0{name[1:]}", 0) if name[1] in "xX" else int(name[1:]))
    return html5.get(f"{name};", f"&amp;{name};")


def _character(code: int) -> str:
    if code > sys.maxunicode or _FORBIDDEN.match(chr(code)):
        return ""
    return f"&#{code};"
