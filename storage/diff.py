"""Say word by word how one text of an article became another (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final

from storage.codec import Said

#: A word with the white space before it, so that the pieces put together are the text as printed.
_WORD: Final = re.compile(r"\s*\S+|\s+\Z")

#: Above so many pairs of equal words (what is equal at both ends left out) paragraphs are compared
#: whole. News stays far below; an outlet that repeats one word for ever would stall difflib, which
#: walks all pairs once per change: at this bound it takes about half a second.
_PAIRS_MAX: Final = 100_000


class PieceKind(StrEnum):
    """Which of the two texts a piece stands in."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words as printed; a removed one comes before what replaced it."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One place that changed: what stood there (maybe nothing) and what stands there now."""

    removed: str
    added: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """How each part of a text changed; a part is empty when neither text has it."""

    kicker: tuple[Piece, ...]
    title: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    body: tuple[Piece, ...]


def diff(before: Said, after: Said) -> Diff:
    """Compare two texts part by part, word by word. The body's blocks are parted by line feeds."""
    return Diff(
        kicker=compare_words(before.kicker or "", after.kicker or ""),
        title=compare_words(before.title, after.title),
        lead=compare_words(before.lead or "", after.lead or ""),
        body=compare_words(body_of(before), body_of(after)),
    )


def body_of(said: Said) -> str:
    """Join the body's blocks, a line feed between two."""
    return "\n".join(block.text for block in said.blocks)


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two strings.

    The pieces kept and removed, put together, are `before`; those kept and added are `after`.
    """
    if before == after:
        return _joined([(PieceKind.SAME, before)])
    return _joined(_compare(_WORD.findall(before), _WORD.findall(after)))


def hunks(pieces: Iterable[Piece]) -> tuple[Hunk, ...]:
    """List the places that changed, in order."""
    found = []
    for changed, run in groupby(pieces, key=lambda piece: piece.kind is not PieceKind.SAME):
        if changed:
            texts = {piece.kind: piece.text for piece in run}
            removed, added = texts.get(PieceKind.REMOVED, ""), texts.get(PieceKind.ADDED, "")
            found.append(Hunk(removed=removed, added=added))
    return tuple(found)


_Run = tuple[PieceKind, str]


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    yield PieceKind.SAME, "".join(old[:start])
    yield from _compare_middle(old[start : len(old) - end], new[start : len(new) - end])
    yield PieceKind.SAME, "".join(old[len(old) - end :])


def _compare_middle(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    if _equal_pairs(old, new) > _PAIRS_MAX:
        old, new = _paragraphs(old), _paragraphs(new)
    if _equal_pairs(old, new) > _PAIRS_MAX:
        old, new = ["".join(old)], ["".join(new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield PieceKind.SAME, "".join(old[old_start:old_end])
        else:
            yield PieceKind.REMOVED, "".join(old[old_start:old_end])
            yield PieceKind.ADDED, "".join(new[new_start:new_end])


def _equal_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(new)
    return sum(count * counts[word] for word, count in Counter(old).items())


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words that are equal from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    least = min(len(one), len(other))
    return next((at for at, (left, right) in pairs if left != right), least)


def _paragraphs(words: Sequence[str]) -> list[str]:
    """Join words to paragraphs; a word that follows a line feed begins one."""
    found: list[list[str]] = [[]]
    for word in words:
        if "\n" in word[: len(word) - len(word.lstrip())] and found[-1]:
            found.append([])
        found[-1].append(word)
    return ["".join(paragraph) for paragraph in found]


def _joined(runs: Iterable[_Run]) -> tuple[Piece, ...]:
    """Join neighbours of one kind and leave out empty ones."""
    full = (run for run in runs if run[1])
    return tuple(
        Piece(kind=kind, text="".join(text for _, text in group))
        for kind, group in groupby(full, key=lambda run: run[0])
    )
