"""Reads a body by a profile's rules: chunks, what is dropped, where it stops, what is its tail."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from crawler.article import Block
from crawler.blocks import tidy, walk
from crawler.fields import PageFields
from crawler.markup import Node
from crawler.profiles import BodyRules, Profile

HIDDEN: Final = "[hidden], [style*='display:none'], [style*='display: none']"

_ANNOUNCING: Final = re.compile(
    r"\W*(?:بیشتر بخوانید|بیشتر بدانید|همچنین بخوانید|(?:این|مطلب|خبر)[\w\s\u200c]{0,20} بخوانید"
    r"|بخوانید|مطالب مرتبط|(?:اخبار|خبرهای|خبر) مرتبط|در همین (?:رابطه|زمینه|باره))"
    r"\s*(?:[:؛…»]|$)"
)
_LABEL: Final = re.compile(
    r"\W*(?:تبلیغ(?:ات)?|آگهی|برچسب‌? ?ها|لینک کوتاه.{0,200}|اشتراک‌? ?گذاری.{0,40}|"
    r"به اشتراک بگذارید.{0,40}|کپی لینک|چاپ)\W*"
)
_LONGEST_LABEL: Final = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body's blocks, and the closing formula that followed them."""

    blocks: tuple[Block, ...] = ()
    tail: tuple[str, ...] = ()


def read_body(fields: PageFields, profile: Profile) -> Body:
    """Return what the profile's body selectors find; empty when none of them matches."""
    chunks = fields.chunks
    blocks = [block for chunk in chunks for block in _blocks(chunk, profile.body)]

    @cache
    def link_texts() -> frozenset[str]:
        return frozenset(tidy(link.text()) for chunk in chunks for link in chunk.css("a"))

    return apply_text_rules(blocks, profile.body, link_texts=link_texts)


def _blocks(chunk: Node, rules: BodyRules) -> tuple[Block, ...]:
    dropped = chunk.css(", ".join((HIDDEN, *rules.drop)))
    stops = chunk.css(", ".join(rules.stop)) if rules.stop else ()
    return walk(
        chunk,
        dropped={node.mem_id for node in dropped},
        stops={node.mem_id for node in stops},
    )


def apply_text_rules(
    blocks: Iterable[Block], rules: BodyRules, *, link_texts: Callable[[], Collection[str]] = tuple
) -> Body:
    """Apply the rules that look at a block's text, in reading order.

    A label that announces other articles («بیشتر بخوانید») goes with the links that follow it;
    `link_texts` gives the texts of the body's links.
    """
    drop, stop, tail = _any(rules.drop_text), _any(rules.stop_text), _any(rules.tail_text)
    kept: list[Block] = []
    waiting = iter(blocks)
    announced = False
    for block in waiting:
        text = block.text
        announced = bool(_ANNOUNCING.match(text)) or (announced and text in link_texts())
        if announced or (len(text) < _LONGEST_LABEL and _LABEL.fullmatch(text)):
            continue
        ending = stop.search(text) if stop else None
        closing = tail.search(text) if tail else None
        if ending or closing:
            kept.extend(_cut(block, ending or closing))
            return Body(blocks=tuple(kept), tail=_tail(block, closing, waiting))
        if not (drop and drop.search(text)):
            kept.append(block)
    return Body(blocks=tuple(kept))


def _cut(block: Block, at: re.Match[str] | None) -> Iterator[Block]:
    text = block.text[: at.start()].rstrip() if at else ""
    if text:
        yield replace(block, text=text)


def _tail(block: Block, closing: re.Match[str] | None, rest: Iterable[Block]) -> tuple[str, ...]:
    if closing is None:
        return ()
    return (block.text[closing.start() :].strip(), *(each.text for each in rest))


@cache
def _any(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{each})" for each in patterns)) if patterns else None
