"""Tidies fields as read: labels, repeated heads, breadcrumbs, placeholders."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.article import Block
from persian.fold import letters

_HOME: Final = frozenset(
    letters(name)
    for name in ("خانه", "صفحه اصلی", "صفحه نخست", "صفحه اول", "سرخط", "Home", "برگه نخست", "اخبار")
)
_NO_AUTHOR: Final = frozenset(
    letters(name)
    for name in (
        "admin",
        "مدیر",
        "مدیر سایت",
        "مدیریت",
        "administrator",
        "editor",
        "نویسنده",
        "root",
        "written by",
        "view more posts",
    )
)
_LABEL: Final = re.compile(
    r"^\s*(?:نویسنده|نگارنده|خبرنگار|گزارشگر|گزارش|تهیه ?(?:و تنظیم|کننده)"
    r"|(?:نوشته|ارسال|منتشر) شده توسط|ارسال توسط|توسط|دبیر|عکاس"
    r"|author|written by|posted by|by)\s*[:؛：]?\s+"
    r"|^\s*(?:by|از)\s*[:：]\s*",
    re.IGNORECASE,
)
_DATE_BEHIND: Final = re.compile(
    r"[\s,،|-]*(?:\b(?:on|updated|published|posted|در)\b:?\s*)*"
    r"(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*)?\d.*$"
    r"|\s+(?:updated|published|posted)\b.*$|^https?:.*$",
    re.IGNORECASE | re.DOTALL,
)
_CRUMB_SEPARATOR: Final = re.compile(r"\s+[>›»/]\s+|>")
_EXCERPT_END: Final = re.compile(
    r"(?:\[\s*(?:…|\.{2,}|&hellip;)\s*\]|…|\.{3,}|ادامه مطلب)\s*»?\s*$"
)
_CUT: Final = re.compile(r"\[\s*(?:…|\.{2,}|&hellip;)\s*\]\s*$")
_CONTINUATION: Final = re.compile(
    r"^\W*(?:ادامه(?: مطلب| خبر| متن)?|Read more|Continue reading)\W*$", re.IGNORECASE
)
_SHORTEST_REPEAT: Final = 12


@lru_cache(maxsize=64)
def _letters(text: str) -> str:
    return letters(text)


def byline(printed: str | None, outlet_names: Iterable[str]) -> str | None:
    """Drop the label of a byline («نویسنده:»); None for placeholders and the outlet's own name."""
    if printed is None:
        return None
    name = _DATE_BEHIND.sub("", _LABEL.sub("", printed)).strip(" :؛،,-–|/")
    plain = letters(name)
    if not plain or plain in _NO_AUTHOR or plain in {letters(own) for own in outlet_names}:
        return None
    return name if len(name) <= 120 else None  # noqa: PLR2004 - a longer one is a paragraph


def section(crumbs: Sequence[str], title: str) -> tuple[str, ...]:
    """Drop the home link and the article's own title from a breadcrumb."""
    if not crumbs:
        return ()
    own = letters(title)
    parts = (part for crumb in crumbs for part in _CRUMB_SEPARATOR.split(crumb))
    kept = (part.strip(" >»/\\|:،") for part in parts)
    return tuple(crumb for crumb in kept if crumb and letters(crumb) not in (own, *_HOME))


def tags(labels: Iterable[str]) -> tuple[str, ...]:
    """Drop the number sign and repeated tags; a `keywords` list in one text is split."""
    split = (part for label in labels for part in re.split(r"[،,;]\s*", label))
    cleaned = (part.strip().lstrip("#").replace("_", " ").strip() for part in split)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))


def image(address: str | None, page_url: str) -> str | None:
    """Make an image's address absolute; None for inlined and broken ones."""
    if not address or address.startswith(("data:", "blob:")):
        return None
    try:
        whole = address.strip()
        if not whole.startswith(("http://", "https://")):
            whole = urljoin(page_url, whole)
        parts = urlsplit(whole)
    except ValueError:
        return None
    return whole if parts.scheme in {"http", "https"} and parts.netloc else None


def is_cut(text: str) -> bool:
    """Tell whether a text is an excerpt: its end is «[…]»."""
    return bool(_CUT.search(text))


def without_continuation(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Cut a last block that only leads to the rest of an excerpt («ادامه مطلب»)."""
    if len(blocks) > 1 and _CONTINUATION.search(blocks[-1].text):
        return tuple(blocks[:-1])
    return tuple(blocks)


def repeats(text: str, other: str) -> bool:
    """Tell whether two texts have the same letters and digits, whatever their spelling."""
    return _letters(text) == _letters(other)


def without_head(blocks: Sequence[Block], heads: Iterable[str | None]) -> tuple[Block, ...]:
    """Cut the first blocks that only repeat a head (title, kicker, lead), digits of any set."""
    printed = {_letters(head) for head in heads if head}
    start = 0
    while start < min(len(blocks) - 1, 6) and _letters(blocks[start].text) in printed:
        start += 1
    return tuple(blocks[start:])


def lead(printed: str | None, title: str, blocks: Sequence[Block]) -> str | None:
    """Drop a lead that is the title again, or the cut beginning of the body («[…]»)."""
    if printed is None or repeats(printed, title):
        return None
    beginning = _letters(_EXCERPT_END.sub("", printed))
    if _EXCERPT_END.search(printed) and len(beginning) >= _SHORTEST_REPEAT:
        body = letters(" ".join(block.text for block in blocks[:4])[: len(printed) * 2 + 200])
        if body.startswith(beginning[: len(beginning) * 9 // 10]):
            return None
    return printed
