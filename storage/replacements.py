"""Count figures and names that stand in each other's place in two texts (pure).

A copy keeps its figures and names; a template, an update and next year's report change them. An
editor changes other words too, here and there; a template changes nothing but its slots.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from storage.everyday import is_date_word, is_everyday, is_number
from storage.gaps import Gap

_ALIKE: Final = 0.6  # a typing error or another ending: «حسنزاده» and «حسنزاد»
_NAME_MIN: Final = 2  # بم
_PART_MIN: Final = 3
_UNEVEN_MAX: Final = 2  # «۴» against «چهار نفر» is a slot, a word against a sentence not
_MOVED_MIN: Final = 2  # a single one may be an editor's choice of word
_SLOT_WORDS: Final = 6  # more words against more words are a rewritten passage

Says = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """How many figures and names were exchanged, and how many gaps hold ordinary edits only.

    `figures` counts every place, `kinds_of_figures` one exchange that is made in several places
    once.
    """

    figures: int = 0
    kinds_of_figures: int = 0
    names: int = 0
    slots: int = 0
    edits: int = 0

    @property
    def total(self) -> int:
        """Figures and names together."""
        return self.figures + self.names

    @property
    def corrected(self) -> "Replacements":
        """The same with each exchange of figures counted once, as when one figure is put right."""
        return replace(self, figures=self.kinds_of_figures)

    @property
    def slot_share(self) -> float:
        """The share of the changed places that are slots for figures or names."""
        changed = self.slots + self.edits
        return self.slots / changed if changed else 0.0


def replacements(
    pairs: Sequence[Gap], *, left: Says, right: Says, neutral: frozenset[str]
) -> Replacements:
    """Count the exchanges in all gaps of two texts; `left` and `right` tell what words they say.

    A name that stands in the other text too was only moved. But where other things were exchanged,
    moved names against as many moved names are too: a list that is printed every day draws on the
    same ones. Words of `neutral` (the outlets' own names) may stand against each other.
    """
    figures = names = slots = edits = 0
    moved: list[int] = []
    kinds: set[tuple[str, ...]] = set()
    for one, other in pairs:
        gone, come = _lacking(one, other), _lacking(other, one)
        if neutral.issuperset(gone) and neutral.issuperset(come):
            continue
        is_slot = _is_slot(gone, come)
        changed = _figures(gone, come) if is_slot else 0
        kinds |= {_numbers(gone, come)} if changed else set()
        renamed = _renamed(gone, come, left, right) if is_slot and not changed else 0
        if not changed and not renamed and is_slot and _are_names(gone, come):
            moved.append(len(gone))
            continue
        figures += changed
        names += renamed
        slots += bool(changed or renamed)
        edits += not (changed or renamed)
    if (figures or names) and sum(moved) >= _MOVED_MIN:
        names, slots = names + sum(moved), slots + len(moved)
    else:
        edits += len(moved)
    return Replacements(
        figures=figures,
        kinds_of_figures=min(figures, len(kinds)),
        names=names,
        slots=slots,
        edits=edits,
    )


def _lacking(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the words of one gap that the other lacks, each as often as it lacks it."""
    left, lacking = list(other), []
    for word in one:
        if word in left:
            left.remove(word)
        else:
            lacking.append(word)
    return lacking


def _is_slot(gone: Sequence[str], come: Sequence[str]) -> bool:
    sizes = (_places(gone), _places(come))
    return max(sizes) <= _SLOT_WORDS and max(sizes) - min(sizes) <= _UNEVEN_MAX


def _places(words: Sequence[str]) -> int:
    """Count words, a number of several («۲ هزار و ۳۰۰») as one."""
    numbers = [is_number(word) for word in words]
    joined = sum(
        numbers[at] and (numbers[at - 1] or (at > 1 and words[at - 1] == "و" and numbers[at - 2]))
        for at in range(1, len(words))
    )
    return len(words) - joined


def _figures(gone: Sequence[str], come: Sequence[str]) -> int:
    numbers = min(sum(map(is_number, gone)), sum(map(is_number, come)))
    dates = min(sum(map(is_date_word, gone)), sum(map(is_date_word, come)))
    return numbers + dates


def _numbers(gone: Sequence[str], come: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in (*gone, "→", *come) if word == "→" or is_number(word))


def _renamed(
    gone: Sequence[str],
    come: Sequence[str],
    left: Says,
    right: Says,
) -> int:
    names = [word for word in gone if _is_name(word, come) and not right(word)]
    if not names:
        return 0
    others = [word for word in come if _is_name(word, gone) and not left(word)]
    return min(len(names), len(others))


def _are_names(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Tell whether names stand against as many names and nothing else."""
    return len(gone) == len(come) > 0 and all(
        _is_name(word, others) for words, others in ((gone, come), (come, gone)) for word in words
    )


def _is_name(word: str, others: Sequence[str]) -> bool:
    if len(word) < _NAME_MIN or is_number(word) or is_date_word(word):
        return False
    if is_everyday(word) or word in "".join(others):
        return False
    return not any(_alike(word, other) for other in others)


def _alike(one: str, other: str) -> bool:
    if one in other or other in one:
        return min(len(one), len(other)) >= _PART_MIN
    return SequenceMatcher(None, one, other).ratio() > _ALIKE
