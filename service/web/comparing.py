"""Make a word diff readable: spellings that only look different are not changes (pure).

The same word with ي or ی, a half-space or none is the same word; it is marked, not struck out. A
long stretch that both texts share is folded to its ends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from persian.fold import letters
from storage.codec import Said
from storage.diff import PieceKind, body_of, compare_words

_WORD: Final = re.compile(r"\s*\S+|\s+\Z")
_MARK: Final = re.compile(r"[^\w\s]+")

#: Words shown at each end of a stretch that both texts share, and what is worth folding.
ENDS: Final = 18
LONG: Final = 3 * ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of words as printed.

    `kind` is same, removed, added, spelling (the same words, written otherwise: `text` as in the
    new text) or folded (`words` shared words that are not shown).
    """

    kind: str
    text: str
    words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two texts side by side, part by part, and how much of either is in the other (0..1)."""

    kicker: tuple[Run, ...]
    title: tuple[Run, ...]
    lead: tuple[Run, ...]
    body: tuple[Run, ...]
    kept: float
    own: float

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but spelling."""
        parts = (self.kicker, self.title, self.lead, self.body)
        return not any(run.kind in {"removed", "added"} for part in parts for run in part)


def compare_texts(before: Said, after: Said, *, whole: bool = False) -> Compared:
    """Compare two texts as a reader would; `whole` folds nothing."""
    kicker = word_runs(before.kicker or "", after.kicker or "")
    title = word_runs(before.title, after.title)
    lead = word_runs(before.lead or "", after.lead or "")
    body = word_runs(body_of(before), body_of(after))
    kept, own = _shares((title, lead, body))
    return Compared(
        kicker=kicker,
        title=title,
        lead=lead,
        body=body if whole else tuple(_folded(body)),
        kept=kept,
        own=own,
    )


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """Compare two strings word by word, blind to spelling; the runs hold the words as printed."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces = compare_words("".join(map(_blind, old)), "".join(map(_blind, new)))
    runs: list[Run] = []
    at_old = at_new = 0
    for piece in pieces:
        count = len(_WORD.findall(piece.text))
        match piece.kind:
            case PieceKind.REMOVED:
                runs.append(Run(kind="removed", text="".join(old[at_old : at_old + count])))
                at_old += count
            case PieceKind.ADDED:
                runs.append(Run(kind="added", text="".join(new[at_new : at_new + count])))
                at_new += count
            case _:
                runs += _same(old[at_old : at_old + count], new[at_new : at_new + count])
                at_old, at_new = at_old + count, at_new + count
    return tuple(runs)


def _blind(word: str) -> str:
    """Return a word without what spelling may vary; white space is one space, never empty."""
    text = word.lstrip()
    space = word[: len(word) - len(text)]
    if not text:
        return word
    inner = "".join(letters(text).split())
    marks = "" if inner else "".join(_MARK.findall(text))
    return (" " if space else "") + (inner or marks or text)


def _same(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Part words that are the same into those printed alike and those spelt otherwise."""
    kind, held = "same", ""
    for before, after in zip(old, new, strict=True):
        found = "same" if before.strip() == after.strip() else "spelling"
        if found != kind and held:
            yield Run(kind=kind, text=held)
            held = ""
        kind, held = found, held + after
    if held:
        yield Run(kind=kind, text=held)


def _folded(runs: Sequence[Run]) -> Iterator[Run]:
    for number, run in enumerate(runs):
        words = _WORD.findall(run.text)
        if run.kind != "same" or len(words) <= LONG:
            yield run
            continue
        first = 0 if number == 0 else ENDS
        last = 0 if number == len(runs) - 1 else ENDS
        if not first and not last:
            first = LONG
        if first:
            yield Run(kind="same", text="".join(words[:first]))
        yield Run(kind="folded", text="", words=len(words) - first - last)
        if last:
            yield Run(kind="same", text="".join(words[len(words) - last :]))


def _shares(parts: Sequence[Sequence[Run]]) -> tuple[float, float]:
    """Return the share of the old text that was kept, and the new text's own share."""
    count = dict.fromkeys(("same", "spelling", "removed", "added"), 0)
    for run in (run for part in parts for run in part):
        count[run.kind] += len(run.text.split())
    both = count["same"] + count["spelling"]
    old, new = both + count["removed"], both + count["added"]
    return (both / old if old else 1.0), (count["added"] / new if new else 0.0)
