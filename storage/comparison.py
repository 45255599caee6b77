"""Lay a new article beside archived ones and say what they have in common (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.alignment import Alignment, Run, align, runs_in_order
from storage.digests import is_component
from storage.evidence import Evidence
from storage.gaps import Gap, gaps, opening_gap
from storage.grounds import Measures, ground_of
from storage.layout import (
    begins_alike,
    is_quotation,
    is_scattered,
    is_tail,
    longest_stretch,
    repeats_at_its_end,
    share_of,
)
from storage.masks import masked
from storage.replacements import Replacements, replacements
from storage.shingles import Flags, Hashes, letters_in
from storage.sketch import Sketch, words_in

_VERBATIM: Final = 0.95
_ALIKE_TITLES: Final = 0.5  # a template's headline has its slots too
_WORTH_ALIGNING: Final = 0.2  # below that no rule accepts, and a link needs a long run


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One article as the decision sees it; `at` is when its outlet published it."""

    article_id: int
    story_id: int
    outlet_id: str
    external_id: str | None
    at: datetime
    sketch: Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An archived article beside the new one; `covered` flags the new text's shared letters."""

    old: Side
    evidence: Evidence
    covered: Flags


def compare_each(
    new: Side, olds: Iterable[Side], *, boilerplate: Hashes, neutral: frozenset[str] = frozenset()
) -> list[Comparison]:
    """Compare with archived articles, the likeliest first, until one is the same nearly verbatim.

    A story that one of its articles has settled is not asked again.
    """
    compared: list[Comparison] = []
    mask = masked(new.sketch, boilerplate)
    settled: set[int] = set()
    for old in olds:
        if old.story_id in settled:
            continue
        comparison = _compare(new, old, (mask, masked(old.sketch, boilerplate)), neutral)
        compared.append(comparison)
        evidence = comparison.evidence
        if evidence.same and min(evidence.share_of_new, evidence.own_share) >= _VERBATIM:
            break
        if evidence.same:
            settled.add(old.story_id)
    return compared


def compare(
    new: Side, old: Side, *, boilerplate: Hashes, neutral: frozenset[str] = frozenset()
) -> Comparison:
    """Compare a new article with an archived one.

    `boilerplate` are the index grams seen in several distinct stories; `neutral` the words of
    outlet names, which may be exchanged freely.
    """
    masks = (masked(new.sketch, boilerplate), masked(old.sketch, boilerplate))
    return _compare(new, old, masks, neutral)


def _compare(
    new: Side, old: Side, masks: tuple[Flags, Flags], neutral: frozenset[str]
) -> Comparison:
    aligned = align(new.sketch, old.sketch)
    covered = aligned.left & ~masks[0]
    raw = max(share_of(aligned.left), share_of(aligned.right))
    title = title_likeness(new.sketch.title, old.sketch.title)
    runs = runs_in_order(new.sketch, old.sketch, aligned) if raw >= _WORTH_ALIGNING else ()
    own_share, own_letters = _own(covered, aligned.right & ~masks[1], masks)
    apart = new.at - old.at
    measures = Measures(
        same_outlet=new.outlet_id == old.outlet_id,
        raw=raw,
        own=own_share,
        own_letters=own_letters,
        shared=letters_in(aligned.left),
        longest=longest_stretch(covered),
        title=title,
        apart=abs(apart),
        growth=_growth(new.sketch, old.sketch),
        is_component=raw >= _WORTH_ALIGNING and is_component(new.sketch, old.sketch),
        is_tail=is_tail(aligned),
        begins_alike=begins_alike(aligned),
        is_scattered=is_scattered(runs, aligned),
        is_repeated_at_the_end=repeats_at_its_end(
            aligned.left if new.at > old.at else aligned.right
        ),
        is_quotation=is_quotation(new.sketch, aligned.left)
        or is_quotation(old.sketch, aligned.right),
        exchanged=_exchanged(new.sketch, old.sketch, runs, title, neutral),
    )
    return Comparison(old=old, covered=covered, evidence=_evidence(measures, aligned, apart))


def _exchanged(
    new: Sketch, old: Sketch, runs: Sequence[Run], title: float, neutral: frozenset[str]
) -> Replacements:
    found = gaps(new, old, runs)
    if title >= _ALIKE_TITLES:
        titles = (tuple(words_in(new.title)), tuple(words_in(old.title)))
        found = (*found, titles, _named_in_titles(opening_gap(new, old, runs), titles))
    return replacements(found, left=new.says, right=old.says, neutral=neutral)


def _growth(one: Sketch, other: Sketch) -> float:
    small, large = sorted((one.size, other.size))
    return large / small if small else 1.0


def _evidence(measures: Measures, aligned: Alignment, apart: timedelta) -> Evidence:
    return Evidence(
        ground=ground_of(measures),
        share_of_new=share_of(aligned.left),
        share_of_old=share_of(aligned.right),
        own_share=measures.own,
        shared=measures.shared,
        longest=measures.longest,
        figures=measures.exchanged.figures,
        names=measures.exchanged.names,
        title=measures.title,
        apart=apart,
    )


def _named_in_titles(opening: Gap, titles: Gap) -> Gap:
    """Keep of the words before the first common ones those that the headlines name too.

    Anything else there is a credit or a dateline.
    """
    one, other = (
        tuple(word for word in words if word in title)
        for words, title in zip(opening, titles, strict=True)
    )
    return one, other


def _own(left: Flags, right: Flags, masks: tuple[Flags, Flags]) -> tuple[float, int]:
    """Return the shared part of the better covered text without boilerplate, and its letters.

    `left` and `right` flag what is shared and no boilerplate.
    """
    hits = (letters_in(left), letters_in(right))
    sizes = (len(mask) - letters_in(mask) for mask in masks)
    shares = (hit / size if size else 0.0 for hit, size in zip(hits, sizes, strict=True))
    return max(shares), min(hits)


def title_likeness(one: str, other: str) -> float:
    """Return the share of the shorter title's words that the other has too, in any order."""
    left, right = Counter(one.split()), Counter(other.split())
    shorter = min(left.total(), right.total())
    return (left & right).total() / shorter if shorter else 0.0
