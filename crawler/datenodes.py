"""Finds the elements of an unknown page that most likely print when it was published."""

import re
from collections.abc import Iterator
from typing import Final

from crawler.blocks import inline_text, tidy
from crawler.markup import Node, Tree, select

_NODES: Final = (
    "h1, time, [itemprop*='date'], [class*='date'], [class*='Date'], [class*='time'],"
    " [class*='publish'], [class*='tarikh'], [class*='posted'], #date"
)
_PUBLISHED: Final = re.compile(
    r"p-?date|pub|posted|post|entry|news|article|item|creat|tarikh|enteshar", re.IGNORECASE
)
_OTHER: Final = re.compile(
    r"modif|updat|edit|today|now|clock|comment|relat|side|foot|copy|menu|calend|event|widget|list"
    r"|archive|remain|reading|read-?time|countdown|timeline|bedtime",
    re.IGNORECASE,
)
_MOST_NODES: Final = 200
_MOST_TEXTS: Final = 12
_LONGEST: Final = 120
_NEAR: Final = 4  # date elements counted from the title on


def date_texts(tree: Tree) -> Iterator[str]:
    """Yield the texts that may be the date of publication, the likeliest first, at most 12.

    A machine-readable attribute, a name that speaks of publishing and the nearness of the title
    count for an element; a name that speaks of changes, clocks, comments or lists counts against.
    """
    scored: list[tuple[int, int, str]] = []
    since_title = -1
    for order, node in enumerate(select(tree, _NODES)[:_MOST_NODES]):
        if node.tag == "h1":
            since_title = 0
            continue
        text, score = _read(node)
        if text and len(text) <= _LONGEST:
            score += 2 if 0 <= since_title < _NEAR else 0
            since_title += since_title >= 0
            scored.append((-score, order, text))
    scored.sort()
    yield from (text for _, _, text in scored[:_MOST_TEXTS])


def _read(node: Node) -> tuple[str, int]:
    attributes = node.attributes
    machine = attributes.get("datetime") or attributes.get("content")
    name = " ".join(filter(None, map(attributes.get, ("class", "id", "itemprop"))))
    score = 3 if machine else 0
    score += 3 if _PUBLISHED.search(name) else 0
    score -= 5 if _OTHER.search(name) else 0
    return (tidy(machine) if machine else inline_text(node)), score
