"""Turns the small HTML of feeds into plain text: a line per block, inline text unbroken.

Feeds are written by strangers: every step here is bounded or linear in what it is given.
"""

import re
from html import unescape
from typing import Final

from crawler.blocks import walk
from crawler.markup import parse

LONGEST_LINE: Final = 2_000  # no headline, name or category is longer
_LONGEST_TAIL: Final = 1_200
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_BLANKS: Final = re.compile(r"\s+")
# What WordPress puts under every item: «نوشته X اولین بار در Y پدیدار شد.»
_FEED_TAIL: Final = re.compile(
    r"\s*(?:(?:نوشته|مطلب|پست)\s[^\n]{0,400}?اولین\s?بار\s+در\s[^\n]{0,200}?پدیدار\s+شد"
    r"|The post [^\n]{0,400} (?:first appeared|appeared first) on [^\n]{0,200})[.\s]*$"
)


def plain_text(html: str) -> str:
    """Return the text of a fragment, ZWNJ kept, the feed's own closing sentence removed."""
    text = unescape(_text(html)) if "<" in html or "&" in html else html
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    plain = "\n".join(filter(None, lines))
    return plain[:-_LONGEST_TAIL] + _FEED_TAIL.sub("", plain[-_LONGEST_TAIL:])


def _text(html: str) -> str:
    body = parse(html.encode("utf-8", "replace"), "utf-8").body
    return "\n".join(block.text for block in walk(body)) if body else ""


def plain_line(text: str) -> str:
    """Return a title or name on one line: tags dropped, entities undone even when doubled."""
    once = _TAG.sub("", text[:LONGEST_LINE])
    return " ".join(unescape(unescape(once)).split()).strip("\u200c")
