"""Decides which items of a national outlet belong to the watched place."""

import re
from functools import lru_cache

from crawler.addresses import readable
from crawler.entry import Entry
from crawler.outlets import PlaceFilter
from persian.fold import fold

# The half-space joins: «کرمان‌شاهی» is no «کرمان». `\w` alone would split there.
_LETTER = r"[\w\u200c]"


def belongs_here(entry: Entry, place: PlaceFilter | None) -> bool:
    """Tell whether the entry passes the filter; without a filter everything does.

    Words are matched whole in folded title, summary, sections, tags and slug («کرمان» never meets
    «کرمانشاه»).
    """
    if place is None:
        return True
    if any(section in place.sections for section in entry.section):
        return True
    if any(path in readable(entry.url) for path in place.paths):
        return True
    return bool(place.words) and bool(_whole(place.words).search(_said(entry)))


def _said(entry: Entry) -> str:
    slug = readable(entry.url).replace("-", " ").replace("/", " ")
    parts = (entry.title, entry.summary, *entry.section, *entry.tags, slug)
    return fold("\n".join(part for part in parts if part))


@lru_cache(maxsize=256)
def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(fold(word)) for word in words)
    return re.compile(f"(?<!{_LETTER})(?:{choices})(?!{_LETTER})")
