"""Cut the sentence that made a rule fire out of a text, with the words that did it marked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from alerts.message import Span
from alerts.tidy import one_line

#: Where a sentence ends: a mark followed by white space, a semicolon, or the end of a line. A full
#: stop inside a number or a web address is followed by no white space.
_END: Final = re.compile(r"[.!?؟…]+(?=\s)|؛|\n")

#: Longer sentences exist in the press; a mail shows this much, from a little before the first mark.
LIMIT: Final = 320
_BEFORE: Final = 100


def sentence_with(
    text: str, places: Sequence[tuple[int, int]], *, limit: int = LIMIT
) -> tuple[Span, ...]:
    """Return the sentence that says most of why, as spans, every place inside it marked.

    `places` are (start, end) offsets into `text`; any that are outside it are ignored. Of several
    sentences the one with the most different words counts, and of equals the first. Empty when no
    place is inside.
    """
    inside = [(start, end) for start, end in places if 0 <= start < end <= len(text)]
    if not inside:
        return ()
    inside.sort(key=lambda place: (place[0], -place[1]))  # of two that overlap, the longer
    start, end = _richest(text, inside)
    first = next(place for place in inside if start <= place[0] and place[1] <= end)
    shown_start, shown_end = _shown(text, (start, end), first, limit)
    spans = _spans(text, inside, shown_start, shown_end)
    return tuple(_with_ellipses(spans, before=shown_start > start, after=shown_end < end))


def _richest(text: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the bounds of the sentence with the most different places, the first of equals."""
    ends = [found.end() for found in _END.finditer(text)]
    words: dict[tuple[int, int], set[str]] = {}
    for start, end in places:
        before, after = bisect_right(ends, start), bisect_left(ends, end)
        bounds = (
            ends[before - 1] if before else 0,
            ends[after] if after < len(ends) else len(text),
        )
        words.setdefault(bounds, set()).add(text[start:end])
    return max(words, key=lambda bounds: (len(words[bounds]), -bounds[0]))


def _shown(
    text: str, sentence: tuple[int, int], first: tuple[int, int], limit: int
) -> tuple[int, int]:
    """Shorten a long sentence to about `limit` characters around its first mark, at spaces."""
    start, end = sentence
    if end - start <= limit:
        return start, end
    if first[0] - start > _BEFORE:
        space = text.find(" ", first[0] - _BEFORE, first[0])
        start = space + 1 if space >= 0 else first[0]
    if end - start > limit:
        space = text.rfind(" ", first[1], max(start + limit, first[1]))
        end = space if space >= 0 else max(start + limit, first[1])
    return start, min(end, sentence[1])


def _spans(
    text: str, places: Sequence[tuple[int, int]], start: int, end: int
) -> list[tuple[str, bool]]:
    spans: list[tuple[str, bool]] = []
    position = start
    for place_start, place_end in places:
        if place_start < position or place_end > end:
            continue
        spans.append((text[position:place_start], False))
        spans.append((text[place_start:place_end], True))
        position = place_end
    spans.append((text[position:end], False))
    return spans


def _with_ellipses(spans: list[tuple[str, bool]], *, before: bool, after: bool) -> list[Span]:
    tidied = [Span(text=_inner(text), marked=marked) for text, marked in spans]
    kept = [span for span in tidied if span.text]
    if kept and not kept[0].marked:
        kept[0] = Span(text=kept[0].text.lstrip())
    if kept and not kept[-1].marked:
        kept[-1] = Span(text=kept[-1].text.rstrip())
    if before:
        kept.insert(0, Span(text="… "))
    if after:
        kept.append(Span(text=" …"))
    return [span for span in kept if span.text]


def _inner(text: str) -> str:
    """Tidy a piece of a sentence, the spaces at its ends kept: they part it from its neighbours."""
    if not text.strip():
        return " " if text else ""
    lead = " " if text[0].isspace() else ""
    trail = " " if text[-1].isspace() else ""
    return f"{lead}{one_line(text, len(text))}{trail}"
