"""Decide whether a new article tells the same text as an archived one, and how (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.alignment import Alignment, Run, align, runs_in_order
from storage.digests import Piece, is_component, is_digest
from storage.evidence import Evidence, Ground
from storage.gaps import gaps
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
from storage.shingles import Flags, Hashes
from storage.sketch import Sketch

# Letters are those of a skeleton (`storage.shingles`): 55 of 100 printed characters.
_VERBATIM: Final = 0.95
_WORTH_ALIGNING: Final = 0.2  # below that no rule accepts, and a link needs a long run
_LETTERS_PER_REPLACEMENT: Final = 220
_FOLLOW_UP_TIME: Final = timedelta(hours=6)
_FOLLOW_UP_TITLE: Final = 0.5
_FURNITURE_LETTERS: Final = 110
_SLOTS_ONLY: Final = 2  # exchanges and hardly another change: next year's report
_SLOTS_ONLY_SHARE: Final = 0.75
_LETTERS_PER_SLOT: Final = 600
_SLOT_SHARE: Final = 0.5
_TAIL_LETTERS: Final = 220
_OWN_SHARE: Final = 0.5
_OWN_LETTERS: Final = 45
_RAW_SHARE: Final = 0.35
_SHORT_SHARE: Final = 0.8
_SHORT_LETTERS: Final = 17
_TEMPLATE_SHARE: Final = 0.85
_TEMPLATE_TIME: Final = timedelta(hours=48)
_LATE_AFTER: Final = timedelta(hours=96)
_LATE_SHARE: Final = 0.7
_REVISION_TIME: Final = timedelta(hours=48)
_SOON: Final = timedelta(hours=12)
_OTHER_PEOPLE: Final = 2  # an outlet goes on counting; it does not go on with other people
_GROWN: Final = 1.1
_REVISION_TITLE: Final = 0.9
_REVISION_SHARE: Final = 0.6
_NAMESAKE: Final = 0.7
_EVENT_TIME: Final = timedelta(hours=72)
_EVENT_LETTERS: Final = 25


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a new article is: a copy of `match`, a digest of several stories, or neither.

    `events` are articles on the same event that are no copies. At most one of `match` and
    `digest_of` is set.
    """

    match: Comparison | None = None
    digest_of: tuple[Comparison, ...] = ()
    events: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """What the rules look at."""

    raw: float
    own: float
    own_letters: int
    shared: int
    longest: int
    title: float
    apart: timedelta
    is_tail: bool
    begins_alike: bool
    is_scattered: bool
    is_quotation: bool
    is_follow_up: bool
    exchanged: Replacements


def decide(new: Side, comparisons: Sequence[Comparison]) -> Decision:
    """Decide by the strongest evidence; an article never joins two stories into one."""
    same = [one for one in comparisons if one.evidence.same]
    if is_digest(_pieces(comparisons)) and not any(_is_namesake(new, one) for one in same):
        return Decision(digest_of=tuple(_of_digest(comparisons)))
    events = tuple(one for one in comparisons if _is_same_event(one.evidence))
    if not same:
        return Decision(events=events)
    match = max(same, key=lambda one: (_strength(one.evidence), -one.old.article_id))
    return Decision(
        match=match, events=tuple(one for one in events if one.old.story_id != match.old.story_id)
    )


def _pieces(comparisons: Sequence[Comparison]) -> list[Piece]:
    """Return what of the new text stands in others, footers and templates left out."""
    return [
        Piece(
            story_id=one.old.story_id,
            covered=one.covered,
            share_of_new=one.evidence.share_of_new,
        )
        for one in comparisons
        if one.evidence.ground not in {Ground.TAIL_ONLY, Ground.REPLACED}
    ]


def _is_namesake(new: Side, one: Comparison) -> bool:
    """Tell whether a copy carries the very headline: then the new text is its late original."""
    left, right = Counter(new.sketch.title.split()), Counter(one.old.sketch.title.split())
    longer = max(left.total(), right.total())
    return longer > 0 and (left & right).total() >= _NAMESAKE * longer


def _of_digest(comparisons: Sequence[Comparison]) -> list[Comparison]:
    return [one for one in comparisons if int(one.covered.sum()) >= _OWN_LETTERS]


def _strength(evidence: Evidence) -> float:
    return evidence.own_share * evidence.shared


def _is_same_event(evidence: Evidence) -> bool:
    return (
        not evidence.same
        and evidence.ground in {Ground.TOO_LITTLE, Ground.FOLLOW_UP}
        and evidence.longest >= _EVENT_LETTERS
        and abs(evidence.apart) <= _EVENT_TIME
    )


def compare_each(
    new: Side, olds: Iterable[Side], *, boilerplate: Hashes, neutral: frozenset[str] = frozenset()
) -> list[Comparison]:
    """Compare with archived articles, the likeliest first, until one is the same nearly verbatim.

    A story that one of its articles has settled is not asked again.
    """
    compared: list[Comparison] = []
    settled: set[int] = set()
    for old in olds:
        if old.story_id in settled:
            continue
        comparison = compare(new, old, boilerplate=boilerplate, neutral=neutral)
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
    aligned = align(new.sketch, old.sketch)
    left_mask = masked(new.sketch, boilerplate)
    right_mask = masked(old.sketch, boilerplate)
    covered = aligned.left & ~left_mask
    title = title_likeness(new.sketch.title, old.sketch.title)
    raw = max(share_of(aligned.left), share_of(aligned.right))
    runs = runs_in_order(new.sketch, old.sketch, aligned) if raw >= _WORTH_ALIGNING else ()
    exchanged = _exchanged(new.sketch, old.sketch, runs, neutral)
    own_share, own_letters = _own(aligned, left_mask, right_mask)
    measures = _Measures(
        raw=raw,
        own=own_share,
        own_letters=own_letters,
        shared=int(aligned.left.sum()),
        longest=longest_stretch(covered),
        title=title,
        apart=abs(new.at - old.at),
        is_tail=is_tail(aligned),
        begins_alike=begins_alike(aligned),
        is_scattered=is_scattered(runs, aligned),
        is_follow_up=_is_follow_up(new, old, aligned, title),
        is_quotation=is_quotation(new.sketch, aligned.left)
        or is_quotation(old.sketch, aligned.right),
        exchanged=exchanged,
    )
    ground = _ground(new, old, measures)
    return Comparison(
        old=old, covered=covered, evidence=_evidence(ground, measures, aligned, new.at - old.at)
    )


def _exchanged(
    new: Sketch, old: Sketch, runs: Sequence[Run], neutral: frozenset[str]
) -> Replacements:
    found = gaps(new, old, runs)
    if not found:
        return Replacements()
    return replacements(found, left=new.words, right=old.words, neutral=neutral)


def _evidence(
    ground: Ground, measures: _Measures, aligned: Alignment, apart: timedelta
) -> Evidence:
    return Evidence(
        ground=ground,
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


def _own(aligned: Alignment, left_mask: Flags, right_mask: Flags) -> tuple[float, int]:
    """Return the shared part of the better covered text without boilerplate, and its letters."""
    left, right = int((~left_mask).sum()), int((~right_mask).sum())
    left_hit = int((aligned.left & ~left_mask).sum())
    right_hit = int((aligned.right & ~right_mask).sum())
    shares = (left_hit / left if left else 0.0, right_hit / right if right else 0.0)
    return max(shares), min(left_hit, right_hit)


def title_likeness(one: str, other: str) -> float:
    """Return the share of the shorter title's words that the other has too, in any order."""
    left, right = Counter(one.split()), Counter(other.split())
    shorter = min(left.total(), right.total())
    return (left & right).total() / shorter if shorter else 0.0


def _ground(new: Side, old: Side, seen: _Measures) -> Ground:
    """Apply the rules in order; the first that speaks decides."""
    if _is_revision(new, old, seen):
        return Ground.REVISION
    if _is_replaced(seen):
        return Ground.REPLACED
    if seen.is_tail and seen.shared < _TAIL_LETTERS:
        return Ground.TAIL_ONLY
    if is_component(new.sketch, old.sketch):
        return Ground.COMPONENT
    if _is_furniture(new, old, seen):
        return Ground.TAIL_ONLY
    return _in_time(seen)


def _in_time(seen: _Measures) -> Ground:
    if seen.is_follow_up:
        return Ground.FOLLOW_UP
    if seen.apart > _LATE_AFTER and (seen.raw < _LATE_SHARE or seen.exchanged.figures):
        return Ground.TOO_LATE
    return _how_much(seen)


def _how_much(seen: _Measures) -> Ground:
    if seen.is_scattered or seen.is_quotation:
        return Ground.TOO_LITTLE
    if seen.own >= _OWN_SHARE and seen.own_letters >= _OWN_LETTERS and seen.raw >= _RAW_SHARE:
        return Ground.BODY
    if seen.own >= _SHORT_SHARE and seen.own_letters >= _SHORT_LETTERS:
        return Ground.SHORT_BODY
    untouched = not seen.exchanged.total and seen.raw >= _TEMPLATE_SHARE
    if untouched and seen.apart <= _TEMPLATE_TIME:
        return Ground.TEMPLATE_COPY
    return Ground.TOO_LITTLE


def _is_replaced(seen: _Measures) -> bool:
    found = seen.exchanged
    if found.total >= _SLOTS_ONLY and found.slot_share >= _SLOTS_ONLY_SHARE:
        return seen.shared / found.total < _LETTERS_PER_SLOT
    if found.figures and seen.shared / found.figures < _LETTERS_PER_REPLACEMENT:
        return True
    return (
        found.total > 1
        and found.slot_share >= _SLOT_SHARE
        and seen.shared / found.total < _LETTERS_PER_REPLACEMENT
    )


def _is_revision(new: Side, old: Side, seen: _Measures) -> bool:
    """Tell whether an outlet went on with its own text; its daily template is another story."""
    if new.outlet_id != old.outlet_id or seen.apart >= _REVISION_TIME:
        return False
    if seen.title < _REVISION_TITLE or seen.raw < _REVISION_SHARE:
        return False
    if not _is_replaced(seen):
        return True
    is_going_on = seen.apart < _SOON or _has_grown(new.sketch, old.sketch)
    return is_going_on and seen.exchanged.names < _OTHER_PEOPLE


def _is_furniture(new: Side, old: Side, seen: _Measures) -> bool:
    """Tell whether an outlet prints under two headlines what it prints under all of them."""
    if new.outlet_id != old.outlet_id or seen.title >= _FOLLOW_UP_TITLE:
        return False
    return not seen.begins_alike or seen.shared < _FURNITURE_LETTERS


def _has_grown(one: Sketch, other: Sketch) -> bool:
    small, large = sorted((one.size, other.size))
    return large > _GROWN * small


def _is_follow_up(new: Side, old: Side, aligned: Alignment, title: float) -> bool:
    """Tell whether the later text, under another title, repeats the earlier as its background."""
    if abs(new.at - old.at) < _FOLLOW_UP_TIME or title >= _FOLLOW_UP_TITLE:
        return False
    return repeats_at_its_end(aligned.left if new.at > old.at else aligned.right)
