"""Rewrite a text by rules and remember where every character of the result came from."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rewriting: what `pattern` matches becomes `replacement` (of the matched text).

    `applies` says cheaply that a text may match. With `joins_left` a deleted stretch belongs to the
    character before it, as a vowel mark does.
    """

    pattern: re.Pattern[str]
    replacement: str | Callable[[str], str]
    joins_left: bool = False
    applies: Callable[[str], bool] = _always

    def apply(self, text: str) -> str:
        """Rewrite a text without remembering anything."""
        replacement = self.replacement
        if isinstance(replacement, str):
            return self.pattern.sub(replacement, text)
        return self.pattern.sub(lambda match: replacement(match[0]), text)

    def replace(self, matched: str) -> str:
        """Return what stands for one matched text."""
        return self.replacement if isinstance(self.replacement, str) else self.replacement(matched)


class Step:
    """The edits of one rule over one text, walked from the result back to the source.

    The lists run in parallel, one item per edit, in order: the edit's span in the result and its
    span in the source. Between two edits both texts advance together.
    """

    __slots__ = ("_joins_left", "_result_ends", "_result_starts", "_source_ends", "_source_starts")

    def __init__(self, *, joins_left: bool) -> None:
        self._joins_left: Final = joins_left
        self._result_starts: Final[list[int]] = []
        self._result_ends: Final[list[int]] = []
        self._source_starts: Final[list[int]] = []
        self._source_ends: Final[list[int]] = []

    def __bool__(self) -> bool:
        return bool(self._result_starts)

    def add(self, result: tuple[int, int], source: tuple[int, int]) -> None:
        """Record the next edit."""
        self._result_starts.append(result[0])
        self._result_ends.append(result[1])
        self._source_starts.append(source[0])
        self._source_ends.append(source[1])

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source from which the span of the result came."""
        first = self._source_start(start)
        if end <= start:
            return first, first
        return first, self._source_end(end)

    def _source_start(self, position: int) -> int:
        index = bisect_right(self._result_starts, position) - 1
        if index < 0:
            return position
        if position < self._result_ends[index]:
            return self._source_starts[index]
        return self._source_ends[index] + position - self._result_ends[index]

    def _source_end(self, position: int) -> int:
        """Map the end of a span, that is the place behind the character at `position` - 1."""
        last = position - 1
        index = bisect_right(self._result_starts, last) - 1
        if index < 0:
            end = position
        elif last < self._result_ends[index]:
            end = self._source_ends[index]
        else:
            end = self._source_ends[index] + position - self._result_ends[index]
        return self._behind_marks(index + 1, end) if self._joins_left else end

    def _behind_marks(self, index: int, end: int) -> int:
        """Extend an end over the deletions that follow it immediately."""
        while index < len(self._source_starts) and self._source_starts[index] == end:
            if self._result_starts[index] != self._result_ends[index]:
                break
            end = self._source_ends[index]
            index += 1
        return end


def rewrite(text: str, rule: Rule) -> tuple[str, Step]:
    """Apply one rule and return the result together with the way back."""
    step = Step(joins_left=rule.joins_left)
    pieces: list[str] = []
    done = length = 0
    for match in rule.pattern.finditer(text):
        replacement = rule.replace(match[0])
        if replacement == match[0]:
            continue
        untouched = text[done : match.start()]
        length += len(untouched)
        pieces += (untouched, replacement)
        step.add((length, length + len(replacement)), match.span())
        length += len(replacement)
        done = match.end()
    pieces.append(text[done:])
    return "".join(pieces), step


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A rewritten text with the way back to the original."""

    text: str
    original: str
    steps: Sequence[Step]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original printed for `text[start:end]`.

        Both spans are half-open. Growing a span never shrinks its origin, and the origin of a span
        that is not empty is not empty. Raises IndexError for a span outside the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"span {start}:{end} lies outside a text of {len(self.text)}")
        for step in reversed(self.steps):
            start, end = step.origin(start, end)
        return start, end

    def printed(self, start: int, end: int) -> str:
        """Return the original text of a span, as printed."""
        first, last = self.origin(start, end)
        return self.original[first:last]


def rewrite_all(text: str, rules: Sequence[Rule]) -> Folded:
    """Apply the rules one after another and keep the whole way back."""
    original, steps = text, []
    for rule in rules:
        if not rule.applies(text):
            continue
        text, step = rewrite(text, rule)
        if step:
            steps.append(step)
    return Folded(text=text, original=original, steps=tuple(steps))
