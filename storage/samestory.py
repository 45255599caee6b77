"""Decide what a new article is, from its comparisons with archived ones (pure)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from storage.comparison import Comparison, Side
from storage.digests import Piece, is_digest
from storage.evidence import Evidence, Ground
from storage.shingles import letters_in

_OWN_LETTERS: Final = 45
_PART: Final = 0.8
_PART_LETTERS: Final = 110
_NAMESAKE: Final = 0.7
_EVENT_TIME: Final = timedelta(hours=72)
_COUNT_TIME: Final = timedelta(hours=20)  # a template's next issue comes the next day
_EVENT_LETTERS: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a new article is: a copy of `match`, a digest of several stories, or neither.

    `events` are articles on the same event that are no copies. `absorbs` are further stories whose
    articles are parts of the new text under its very headline: copies that came before their
    original. At most one of `match` and `digest_of` is set.
    """

    match: Comparison | None = None
    digest_of: tuple[Comparison, ...] = ()
    events: tuple[Comparison, ...] = ()
    absorbs: tuple[int, ...] = ()


def decide(new: Side, comparisons: Sequence[Comparison]) -> Decision:
    """Decide by the strongest evidence.

    Two stories become one only by their late original; resemblances are never chained.
    """
    same = [one for one in comparisons if one.evidence.same]
    if is_digest(_pieces(comparisons)) and not any(_is_namesake(new, one) for one in same):
        return Decision(digest_of=tuple(_of_digest(comparisons)))
    events = tuple(one for one in comparisons if _is_same_event(one.evidence))
    if not same:
        return Decision(events=events)
    match = max(same, key=lambda one: (_strength(one.evidence), -one.old.article_id))
    return Decision(
        match=match,
        events=tuple(one for one in events if one.old.story_id != match.old.story_id),
        absorbs=_parts(new, same, match),
    )


def _parts(new: Side, same: Sequence[Comparison], match: Comparison) -> tuple[int, ...]:
    """Return the other stories of which the new text is the late original, each once."""
    if not _is_part(new, match):
        return ()
    parts = (one.old.story_id for one in same if _is_part(new, one))
    return tuple(sorted(set(parts) - {match.old.story_id}))


def _is_part(new: Side, one: Comparison) -> bool:
    is_within = one.evidence.share_of_old >= _PART and one.evidence.shared >= _PART_LETTERS
    return is_within and _is_namesake(new, one)


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
    return [one for one in comparisons if letters_in(one.covered) >= _OWN_LETTERS]


def _strength(evidence: Evidence) -> float:
    return evidence.own_share * evidence.shared


def _is_same_event(evidence: Evidence) -> bool:
    """Tell whether two texts speak of one event: by a stretch in common, or as a count goes on."""
    apart = abs(evidence.apart)
    if evidence.same or evidence.longest < _EVENT_LETTERS:
        return False
    match evidence.ground:
        case Ground.TOO_LITTLE | Ground.FOLLOW_UP:
            return apart <= _EVENT_TIME
        case Ground.REPLACED:
            return not evidence.names and apart <= _COUNT_TIME
        case _:
            return False
