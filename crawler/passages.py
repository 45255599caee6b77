"""Reads an article's texts (title, kicker, lead, body, tail), each by the first way that works."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from crawler import polish
from crawler.article import Block, BlockKind
from crawler.blocks import walk
from crawler.bodies import Body, apply_text_rules, read_body
from crawler.credits import split_tail
from crawler.generic import Generic, extract_generic
from crawler.markup import parse
from crawler.reading import Reading

_LONGEST_TITLE: Final = 1_000  # characters; a longer one is a broken page
_SHORTEST_BODY: Final = 80  # letters below which a guessed body is no article


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """The texts of one article; `guessed` names those that the profile did not yield.

    `labels` are the short texts before a guessed body, in which its date may stand.
    """

    title: str
    kicker: str | None
    lead: str | None
    blocks: tuple[Block, ...]
    tail: str | None
    is_excerpt: bool
    guessed: frozenset[str]
    labels: tuple[str, ...] = ()


def read_passages(reading: Reading) -> Passages | None:
    """Read the texts of a page; None when there is no title, or neither body nor lead."""
    reader = _Reader(reading)
    title, body = (reader.title() or "")[:_LONGEST_TITLE], reader.body()
    if not title:
        return None
    kicker = reading.fields.head(reading.profile.fields.kicker)
    lead = polish.lead(reader.lead(), title, body.blocks)
    if not body.blocks and not lead:
        return None
    whole = polish.without_continuation(body.blocks)
    blocks, tail = split_tail(polish.without_head(whole, (title, kicker, lead)))
    return Passages(
        title=title,
        kicker=None if kicker is None or polish.repeats(kicker, title) else kicker,
        lead=lead,
        blocks=blocks,
        tail="\n".join(filter(None, (tail, *body.tail))) or None,
        is_excerpt=len(whole) < len(body.blocks) or any(polish.is_cut(x.text) for x in whole[-1:]),
        guessed=frozenset(reader.guessed),
        labels=reader.labels,
    )


class _Reader:
    """Asks the profile, then the generic extractor, then the entry; `guessed` remembers it."""

    def __init__(self, reading: Reading) -> None:
        self.guessed: set[str] = set()
        self.labels: tuple[str, ...] = ()
        self._is_body_guessed = False
        self._reading = reading
        self._fields = reading.fields
        self._entry = reading.entry

    @cached_property
    def _generic(self) -> Generic:
        return extract_generic(self._fields)

    @cached_property
    def _may_guess(self) -> bool:
        return self._reading.may_be_article()

    def title(self) -> str | None:
        """Return the title, without the site's name where it was guessed."""
        told = self._fields.first(self._reading.profile.fields.title)
        if told:
            return told
        if self._reading.profile.fields.title:
            self.guessed.add("title")
        guess = self._generic.title if self._may_guess else None
        return guess or (self._entry.title if self._entry else None)

    def body(self) -> Body:
        """Return the body; a body element that is empty (a photo page) is not guessed at."""
        profile = self._reading.profile
        told = read_body(self._fields, profile)
        if told.blocks:
            return replace(told, blocks=_without_captions(told.blocks))
        if self._fields.has_empty_body:
            return told
        if profile.fields.body:
            self.guessed.add("body")
        carried = self._carried()
        if carried:
            return apply_text_rules(carried, profile.body)
        guess = self._generic.blocks if self._may_guess else ()
        if sum(len(block.text) for block in guess) < _SHORTEST_BODY:
            return Body()
        self.labels = self._generic.labels
        self._is_body_guessed = True
        return apply_text_rules(guess, profile.body)

    def lead(self) -> str | None:
        """Return the lead; one the generic extractor saw counts only beside a guessed body."""
        told = self._fields.head(self._reading.profile.fields.lead)
        if told is None and self._is_body_guessed:
            self.guessed.add("lead")
            return self._generic.lead
        return told

    def _carried(self) -> tuple[Block, ...]:
        """Return the body that the feed carried whole."""
        html = self._entry.content_html if self._entry else None
        root = parse(html.encode()).body if html else None
        return _without_captions(walk(root)) if root else ()


def _without_captions(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Drop captions, unless nothing else was said (a photo story)."""
    texts = tuple(block for block in blocks if block.kind is not BlockKind.CAPTION)
    return texts or tuple(blocks)
