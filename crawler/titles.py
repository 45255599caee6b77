"""Finds a page's title among its headings, its metadata and its `<title>`."""

import re
from collections.abc import Sequence
from typing import Final

_SEPARATOR: Final = re.compile(r"\s+[|–—»•:·-]+\s+|\s*[|»]\s*")
_WORD: Final = re.compile(r"\w+")
_AGREEING: Final = 0.5
_SHORTEST: Final = 3


def choose_title(headings: Sequence[str], declared: Sequence[str], page_title: str) -> str | None:
    """Choose the `<h1>` that agrees best with what the page declares, else a declared title.

    `headings` are the texts of every `<h1>` in page order, `declared` the titles of the metadata
    from the most to the least believed. The name of the site is cut off. None when there is
    nothing.
    """
    claims = [*declared, page_title]
    claimed = [_words(claim) for claim in dict.fromkeys(claims) if claim]
    agreements = {
        heading: max((_agreement(_words(heading), words) for words in claimed), default=0.0)
        for heading in headings
        if len(heading) >= _SHORTEST
    }
    best = max(agreements, key=lambda heading: (agreements[heading], len(heading)), default=None)
    if best and agreements[best] >= _AGREEING:
        return best
    told = next(filter(None, claims), None)
    if best and not any(declared) and len(best) > len(page_title):
        return best  # the page's title is only the site's name
    return without_site(told) if told else best


def without_site(title: str) -> str:
    """Cut the site's name from a page title: its longest part stays («تیتر | نام سایت»)."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    return max(parts, key=len, default=title)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _agreement(own: set[str], other: set[str]) -> float:
    if not own or not other:
        return 0.0
    shared = len(own & other)
    return shared / min(len(own), len(other)) if shared > 1 or own == other else 0.0
