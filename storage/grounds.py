"""Judge by rules whether two texts laid side by side are one story, and say by which (pure)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from storage.evidence import Ground
from storage.replacements import Replacements

# Letters are those of a skeleton (`storage.shingles`): 55 of 100 printed characters.
_LETTERS_PER_REPLACEMENT: Final = 220
_FOLLOW_UP_TIME: Final = timedelta(hours=6)
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
_OTHER_TITLE: Final = 0.5  # headlines with fewer words in common are two


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What the rules look at: two texts laid side by side, `apart` in time either way.

    `raw` is the larger share that one text has of the other, `own` the same without boilerplate;
    `own_letters` and `shared` count letters with and without it, `longest` the longest stretch.
    `title` is the share of the shorter headline's words that the other has, `growth` the larger
    text as a multiple of the smaller.
    """

    same_outlet: bool
    apart: timedelta
    title: float
    raw: float
    own: float
    own_letters: int
    shared: int
    longest: int
    growth: float
    exchanged: Replacements
    is_component: bool
    is_tail: bool
    begins_alike: bool
    is_scattered: bool
    is_quotation: bool
    is_repeated_at_the_end: bool


def ground_of(seen: Measures) -> Ground:
    """Apply the rules in order; the first that speaks decides."""
    if _is_revision(seen):
        return Ground.REVISION
    exchanged = seen.exchanged.corrected if seen.apart < _SOON else seen.exchanged
    if _is_replaced(exchanged, seen.shared):
        return Ground.REPLACED
    if seen.is_tail and seen.shared < _TAIL_LETTERS:
        return Ground.TAIL_ONLY
    if seen.is_component:
        return Ground.COMPONENT
    if _is_furniture(seen):
        return Ground.TAIL_ONLY
    return _in_time(seen)


def _in_time(seen: Measures) -> Ground:
    if _is_follow_up(seen):
        return Ground.FOLLOW_UP
    if seen.apart > _LATE_AFTER and (seen.raw < _LATE_SHARE or seen.exchanged.figures):
        return Ground.TOO_LATE
    return _how_much(seen)


def _how_much(seen: Measures) -> Ground:
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


def _is_replaced(found: Replacements, shared: int) -> bool:
    """Tell whether figures or names were exchanged so often that another event is told."""
    if found.total >= _SLOTS_ONLY and found.slot_share >= _SLOTS_ONLY_SHARE:
        return shared / found.total < _LETTERS_PER_SLOT
    if found.figures and shared / found.figures < _LETTERS_PER_REPLACEMENT:
        return True
    return (
        found.total > 1
        and found.slot_share >= _SLOT_SHARE
        and shared / found.total < _LETTERS_PER_REPLACEMENT
    )


def _is_revision(seen: Measures) -> bool:
    """Tell whether an outlet went on with its own text; its daily template is another story."""
    if not seen.same_outlet or seen.apart >= _REVISION_TIME:
        return False
    if seen.title < _REVISION_TITLE or seen.raw < _REVISION_SHARE:
        return False
    if not _is_replaced(seen.exchanged, seen.shared):
        return True
    is_going_on = seen.apart < _SOON or seen.growth > _GROWN
    return is_going_on and seen.exchanged.names < _OTHER_PEOPLE


def _is_furniture(seen: Measures) -> bool:
    """Tell whether an outlet prints under two headlines what it prints under all of them."""
    if not seen.same_outlet or seen.title >= _OTHER_TITLE:
        return False
    return not seen.begins_alike or seen.shared < _FURNITURE_LETTERS


def _is_follow_up(seen: Measures) -> bool:
    """Tell whether the later text, under another title, repeats the earlier as its background."""
    is_another = seen.apart >= _FOLLOW_UP_TIME and seen.title < _OTHER_TITLE
    return is_another and seen.is_repeated_at_the_end
