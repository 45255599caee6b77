"""Make a foreign text harmless before it is shown: no control, no bidi override, one line."""

import re
from typing import Final

#: Explicit directional embeddings, overrides, isolates and marks (Unicode UAX #9 §2). In a headline
#: they can turn the text around it («Trojan Source»); ZWNJ and ZWJ are letters' business and stay.
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufff9-\ufffb"
_HARMFUL: Final = re.compile(f"[{_BIDI}{_CONTROLS}\ud800-\udfff\U000e0000-\U000e007f]")
_BREAKS: Final = re.compile(r"[\s\x85\u2028\u2029]+")


def one_line(text: str, limit: int = 300) -> str:
    """Return a text as one harmless line of at most `limit` characters, an ellipsis where cut."""
    line = _BREAKS.sub(" ", _HARMFUL.sub("", text[: limit * 4])).strip()
    return line if len(line) <= limit else _cut(line, limit)


def harmless(text: str) -> str:
    """Return a text without controls and line breaks, the spaces at its ends kept."""
    return _BREAKS.sub(" ", _HARMFUL.sub("", text))


def _cut(line: str, limit: int) -> str:
    shortened = line[: limit - 1]
    head, space, _ = shortened.rpartition(" ")
    return (head if space and len(head) > limit // 2 else shortened).rstrip() + "…"


def web_url(url: str) -> str | None:
    """Return an http or https address as it may stand in a link, or None for anything else."""
    stripped = _HARMFUL.sub("", url).strip()
    if _BREAKS.search(stripped) or not stripped.lower().startswith(("http://", "https://")):
        return None
    return stripped
