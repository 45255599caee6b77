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
    agreements = {
        heading: max((_agreement(heading, claim) for claim in claims if claim), default=0.0)
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


def _agreement(heading: str, claim: str) -> float:
    own, other = set(_WORD.findall(heading.lower())), set(_WORD.findall(claim.lower()))
    if not own or not other:
        return 0.0
    shared = len(own & other)
    return shared / min(len(own), len(other)) if shared > 1 or own == other else 0.0
