"""Turns the small HTML of feeds into plain text: a line per block, inline text unbroken."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_SILENT: Final = frozenset({"script", "style", "noscript", "iframe", "figcaption", "svg"})
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_BLANKS: Final = re.compile(r"[ \t\r\f\v\xa0]+")
_BREAKS: Final = re.compile(r" ?\n[ \n]*")
# What WordPress puts under every item: «نوشته X اولین بار در Y پدیدار شد.»
_FEED_TAIL: Final = re.compile(
    r"\s*(?:(?:نوشته|مطلب|پست)\s[^\n]{0,400}?اولین\s?بار\s+در\s[^\n]{0,200}?پدیدار\s+شد"
    r"|The post [^\n]{0,400} (?:first appeared|appeared first) on [^\n]{0,200})[.\s]*$"
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in _SILENT
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(_BLANKS.sub(" ", data.replace("\n", " ")))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """Return the text of a fragment, ZWNJ kept, the feed's own closing sentence removed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = _BREAKS.sub("\n", _BLANKS.sub(" ", unescape("".join(reader.parts)))).strip()
    return _FEED_TAIL.sub("", text)


def plain_line(text: str) -> str:
    """Return a title or name on one line: tags dropped, entities undone even when doubled."""
    once = _TAG.sub("", text)
    words = unescape(unescape(once)).replace("\xa0", " ").split()
    return " ".join(words).strip("\u200c")
