"""Tells a page's furniture (menus, teasers, comments, share buttons) by tags, classes and ids."""

import re
import tomllib
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from crawler.density import UNNAMED, Container, Record, Scan


class Furniture(IntEnum):
    """How surely a container's own name makes it furniture."""

    NO = 0
    LIKELY = 1
    SURE = 2


_WORDS: Final = {
    key: frozenset(words.split())
    for key, words in tomllib.loads(
        (Path(__file__).parent / "furniture.toml").read_text(encoding="utf-8")
    ).items()
}
_SURE: Final = _WORDS["sure"]
_LIKELY: Final = _WORDS["likely"]
_LIKELY_PAIRS: Final = _WORDS["likely_pairs"]
_NEUTRAL_FIRST: Final = _WORDS["neutral_first"]
_NEUTRAL_LAST: Final = _WORDS["neutral_last"]
_PARTS_OF_A_POST: Final = _WORDS["parts_of_a_post"]
_OF_A_POST: Final = frozenset({"post", "entry"})
_BODY_NAME: Final = re.compile(
    r"(?:article|story|post|entry|main|page|body|single|news|detail|blog)[-_]*"
    r"(?:body|content|text|copy|main)|articlebody|bodytext|(?:content|text)[-_]*body"
)
_HUMP: Final = re.compile(r"([a-z0-9])([A-Z])")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_TAGS: Final = {
    "nav": Furniture.SURE, "footer": Furniture.SURE, "aside": Furniture.SURE,
    "form": Furniture.LIKELY, "figure": Furniture.LIKELY, "figcaption": Furniture.LIKELY,
    "address": Furniture.LIKELY, "caption": Furniture.LIKELY,
    "article": Furniture.NO, "main": Furniture.NO,
}  # fmt: skip

# Shares of the page's weight above which a name is not believed: a theme may call its whole page
# `with-modal` or wrap it in a form. Fitted on the development pages of three benchmarks.
_LIKELY_LIMIT: Final = 0.45
_SURE_LIMIT: Final = 0.8
_LEAST_SHARE: Final = 0.2
_LEAST_WEIGHT: Final = 200.0


@lru_cache(maxsize=16_384)
def judge(label: str, tag: str) -> Furniture:
    """Judge a container by its tag and its `class #id` label alone."""
    by_tag = _TAGS.get(tag)
    if by_tag is not None:
        return Furniture.NO if tag == "figure" and "table" in label else by_tag
    if label == UNNAMED or _BODY_NAME.search(label.lower()):
        return Furniture.NO
    return max((_judge_name(name) for name in label.split()), default=Furniture.NO)


@lru_cache(maxsize=16_384)
def _judge_name(name: str) -> Furniture:
    words = [word for word in _NOT_WORD.split(_HUMP.sub(r"\1-\2", name).lower()) if word]
    if len(words) > 1 and words[-1] in _NEUTRAL_LAST:
        return Furniture.NO
    if len(words) > 1 and words[0] in _NEUTRAL_FIRST:
        is_part = words[0] in _OF_A_POST and words[1] in _PARTS_OF_A_POST
        return Furniture.LIKELY if is_part else Furniture.NO
    if not _SURE.isdisjoint(words):
        return Furniture.SURE
    pairs = (f"{first}-{second}" for first, second in pairwise(words))
    if not _LIKELY.isdisjoint(words) or not _LIKELY_PAIRS.isdisjoint(pairs):
        return Furniture.LIKELY
    return Furniture.NO


def mark(found: Scan) -> None:
    """Mark the records that stand in furniture; their weight and their containers' goes to zero.

    A name is not believed where everything of that name holds most of the page's text, or where
    believing it would leave nothing.
    """
    total = _weigh_containers(found) or 1.0
    shares = _shares(found.containers, total)
    flags = _believed(found, shares, total)
    for record in found.records:
        if flags[record.container]:
            record.is_furniture = True
            record.weight = 0.0
    _weigh_containers(found)


def _believed(found: Scan, shares: list[float], total: float) -> list[bool]:
    """Return which containers are furniture, believing less where too little would be left."""
    flags = _flags(found.containers, shares, (_LIKELY_LIMIT, _SURE_LIMIT))
    if _left(found.records, flags) >= max(_LEAST_WEIGHT, _LEAST_SHARE * total):
        return flags
    flags = _flags(found.containers, shares, (0.0, _SURE_LIMIT))
    if _left(found.records, flags) >= _LEAST_WEIGHT:
        return flags
    return [False] * len(flags)


def _left(records: list[Record], flags: list[bool]) -> float:
    return sum(each.weight for each in records if not flags[each.container])


def _shares(containers: list[Container], total: float) -> list[float]:
    """Return for each suspect the share of the page that all containers of its name hold."""
    by_name: dict[tuple[str, str], float] = {}
    for each in containers:
        if each.verdict:
            name = (each.tag, each.label)
            by_name[name] = by_name.get(name, 0.0) + each.weight
    return [by_name[each.tag, each.label] / total if each.verdict else 0.0 for each in containers]


def _flags(
    containers: list[Container], shares: list[float], limits: tuple[float, float]
) -> list[bool]:
    by_verdict = (0.0, *limits)
    flags = [False]
    for each, share in zip(containers[1:], shares[1:], strict=True):
        flags.append(flags[each.parent] or share < by_verdict[each.verdict])
    return flags


def _weigh_containers(found: Scan) -> float:
    sums = [0.0]
    for record in found.records:
        sums.append(sums[-1] + record.weight)
    for each in found.containers:
        each.weight = sums[each.end] - sums[each.first]
    return sums[-1]
