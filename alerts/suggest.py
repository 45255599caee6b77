"""Suggest words that tell one set of articles from another, by log-odds (pure)."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from persian.atoms import BARRIER
from storage.document import Document
from storage.evaluate import Analysed
from storage.query import TEXT
from storage.terms import reading

#: How strongly both sets together pull a rare word towards "says nothing", in articles.
_PRIOR: Final = 1.0
#: Below so many articles of its own set a word is an accident.
_FEWEST: Final = 2
_SHORTEST: Final = 2
# Words that only hold sentences together; what they stand beside tells nothing.
_GRAMMAR_WORDS: Final = """
و در به از که این را با است برای ان یک خود تا بر هم نیز شد می شود شده بود کرد کرده گفت دارد
داشت وی او ما شما انها انان من تو هر همه هیچ چند بسیار بیش دیگر اما ولی اگر یا نه چون چرا چه
همچنین همین همان چنین پس پیش قبل بعد حال هنوز باز مورد ضمن بین میان روی زیر بدون مانند مثل
همراه توسط عنوان صورت نیست هستند باشد بوده بودند خواهد شدند کنند کند دادند داد داده گرفت
گرفته یافت رسید امد رفت افزود بیان اظهار تصریح تاکید اعلام ادامه خاطرنشان باید شاید توان
تواند نخست اول دوم سوم کل تمام برخی حدود سال روز ماه هفته امروز دیروز ساعت گزارش خبر نقل
اینکه انکه وجود انجام قرار داد طی طبق نظر گفته درصد هزار میلیون میلیارد the of and to in for
on at by with from that this
"""
_GRAMMAR: Final = frozenset(_GRAMMAR_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A word or pair of words, in how many articles of each set it stands, and how telling it is.

    `weight` is the log-odds ratio in standard deviations (Monroe, Colaresi, Quinn 2008, with an
    informative prior): above 2 is hardly chance.
    """

    words: str
    inside: int
    outside: int
    weight: float


def suggest(
    inside: Iterable[Document], outside: Iterable[Document], *, limit: int = 20
) -> tuple[Suggestion, ...]:
    """Return what stands much more often inside than outside, the most telling first."""
    within, n_within = _spread(inside)
    beyond, n_beyond = _spread(outside)
    found = [
        Suggestion(
            words=words,
            inside=count,
            outside=beyond[words],
            weight=_weight(count, n_within, beyond[words], n_beyond),
        )
        for words, count in within.items()
        if count >= _FEWEST
    ]
    found.sort(key=lambda one: (-one.weight, one.words))
    return tuple(one for one in found if one.weight > 0)[:limit]


def _spread(documents: Iterable[Document]) -> tuple[Counter[str], int]:
    """Count in how many articles each word and each pair of neighbours stands."""
    counts: Counter[str] = Counter()
    size = 0
    for document in documents:
        counts.update(_words(document))
        size += 1
    return counts, size


def _words(document: Document) -> set[str]:
    analysed = Analysed(document)
    found: set[str] = set()
    for field in TEXT:
        bases = [reading(raw).stems[0] for raw in analysed.atoms(field)]
        found.update(word for word in bases if _is_telling(word))
        found.update(
            f"{left} {right}"
            for left, right in pairwise(bases)
            if _is_telling(left) and _is_telling(right)
        )
    return found


def _is_telling(word: str) -> bool:
    if word == BARRIER or len(word) < _SHORTEST or word[0].isdigit():
        return False
    return word not in _GRAMMAR


def _weight(inside: int, n_inside: int, outside: int, n_outside: int) -> float:
    """Return the log-odds ratio over its standard deviation, both sides smoothed alike."""
    share = (inside + outside) / (n_inside + n_outside)
    left = inside + _PRIOR * share
    right = outside + _PRIOR * share
    odds_left = left / max(n_inside - inside + _PRIOR * (1 - share), _PRIOR / 2)
    odds_right = right / max(n_outside - outside + _PRIOR * (1 - share), _PRIOR / 2)
    return (math.log(odds_left) - math.log(odds_right)) / math.sqrt(1 / left + 1 / right)
