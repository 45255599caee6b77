"""Say what kind of change a revision is: a typo, a figure, another headline … (pure)."""

import re
from collections import Counter
from enum import StrEnum
from itertools import chain
from typing import Final

from persian.fold import fold, letters
from storage.codec import Said
from storage.diff import Diff, Hunk, body_of, hunks


class ChangeKind(StrEnum):
    """What a revision changed; the order is that of weight, the first counts most."""

    WITHDRAWN = "withdrawn"  # the text is gone, or says that it is
    FIGURE = "figure"  # a number became another number
    HEADLINE = "headline"  # title or kicker say something else
    COMPLETED = "completed"  # «این خبر در حال تکمیل است», and now it is
    TEXT = "text"  # lead or body say something else
    TYPO = "typo"  # spelling, spacing, punctuation


#: How outlets announce that more will follow, and that nothing more stands here; folded.
_UNFINISHED: Final = (
    "در حال تکمیل",
    "درحال تکمیل",
    "تکمیل می‌شود",
    "به‌روزرسانی می‌شود",
    "ادامه دارد",
    "جزئیات بیشتر متعاقبا",
    "اخبار تکمیلی",
)
_WITHDRAWN: Final = (
    "این خبر حذف شد",
    "این مطلب حذف شد",
    "خبر حذف شده است",
    "از خروجی خارج شد",
    "از خروجی سایت خارج شد",
    "این خبر لغو شد",
    "خبر یادشده ابطال",
)

#: A text of so many words that falls below the share is gone, not edited.
_LONG_ENOUGH: Final = 20
_REMNANT: Final = 0.15

#: A text that only grew, and by this much, was completed.
_GROWTH: Final = 1.5

#: A replaced word is a typo when fewer letters than this share of it changed, two at most.
_TYPO_SHARE: Final = 1 / 3
_TYPO_LETTERS: Final = 2
_TYPO_LENGTH: Final = 60

_NUMBER: Final = re.compile(r"\d+(?:[./٫]\d+)*")
_NUMBER_WORDS: Final = re.compile(
    r"\b(?:یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده"
    r"|نوزده|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|صد|دویست|سیصد|چهارصد|پانصد|ششصد|هفتصد|هشتصد"
    r"|نهصد|هزار|میلیون|میلیارد|تریلیون|نیم|نصف|ثلث|ربع)\b"
)


def kinds_of_change(before: Said, after: Said, changes: Diff) -> tuple[ChangeKind, ...]:
    """Name every kind of change between two texts, the weightiest first; none when they are equal.

    `changes` is their diff.
    """
    headline = hunks(changes.kicker) + hunks(changes.title)
    text = hunks(changes.lead) + hunks(changes.body)
    kinds = {_kind_of(hunk, ChangeKind.HEADLINE) for hunk in headline}
    kinds |= {_kind_of(hunk, ChangeKind.TEXT) for hunk in text}
    if _is_completed(before, after, text):
        kinds = (kinds - {ChangeKind.TEXT, ChangeKind.TYPO}) | {ChangeKind.COMPLETED}
    if kinds and _is_withdrawn(before, after):
        kinds = (kinds - {ChangeKind.TEXT, ChangeKind.TYPO}) | {ChangeKind.WITHDRAWN}
    return tuple(kind for kind in ChangeKind if kind in kinds)


def _kind_of(hunk: Hunk, otherwise: ChangeKind) -> ChangeKind:
    if _is_figure(hunk):
        return ChangeKind.FIGURE
    return ChangeKind.TYPO if _is_typo(hunk) else otherwise


def _is_figure(hunk: Hunk) -> bool:
    """Tell whether numbers gave way to other numbers; a number only added or dropped is text."""
    removed, added = _numbers(hunk.removed), _numbers(hunk.added)
    return bool(removed - added) and bool(added - removed)


def _numbers(text: str) -> Counter[str]:
    folded = fold(text)
    return Counter(chain(_NUMBER.findall(folded), _NUMBER_WORDS.findall(folded)))


def _is_typo(hunk: Hunk) -> bool:
    old, new = letters(hunk.removed), letters(hunk.added)
    if old == new:
        return True
    if not old or not new or max(len(old), len(new)) > _TYPO_LENGTH:
        return False
    if _numbers(hunk.removed) != _numbers(hunk.added):
        return False
    changed = _distance(old, new)
    return changed <= _TYPO_LETTERS and changed < _TYPO_SHARE * min(len(old), len(new))


def _distance(one: str, other: str) -> int:
    """Count the letters to insert, delete or replace (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        above, row = row, [at]
        for to, wanted in enumerate(other, start=1):
            row.append(min(above[to] + 1, row[-1] + 1, above[to - 1] + (letter != wanted)))
    return row[-1]


def _is_completed(before: Said, after: Said, changed: tuple[Hunk, ...]) -> bool:
    """Tell whether an announced or visibly unfinished text was finished."""
    if _says(before, _UNFINISHED):
        return not _says(after, _UNFINISHED)
    only_added = all(not letters(hunk.removed) for hunk in changed)
    return bool(changed) and only_added and _words(after) >= _GROWTH * _words(before)


def _is_withdrawn(before: Said, after: Said) -> bool:
    if _says(after, _WITHDRAWN):
        return not _says(before, _WITHDRAWN)
    return _words(before) >= _LONG_ENOUGH and _words(after) < _REMNANT * _words(before)


def _words(said: Said) -> int:
    return len((said.lead or "").split()) + len(body_of(said).split())


def _says(said: Said, phrases: tuple[str, ...]) -> bool:
    whole = letters(" ".join((said.title, said.kicker or "", said.lead or "", body_of(said))))
    return any(letters(phrase) in whole for phrase in phrases)
