"""Cut a printed text into pieces, the marked ones apart, for a template to show safely."""

from collections.abc import Iterable, Iterator
from typing import Final

from alerts.message import Span
from storage.evaluate import Hit

#: Letters of body shown around the first mark of a search result.
SNIPPET: Final = 260
BEFORE: Final = 90


def marked(text: str, hits: Iterable[Hit], field: str) -> tuple[Span, ...]:
    """Return the whole text in pieces; overlapping marks are joined."""
    places = [(hit.start, hit.end) for hit in hits if hit.field == field]
    return tuple(_pieces(text, _joined(places), 0, len(text)))


def snippet(text: str, hits: Iterable[Hit], field: str) -> tuple[Span, ...]:
    """Return the part of a text around its first mark, cut between words, marks kept."""
    places = _joined([(hit.start, hit.end) for hit in hits if hit.field == field])
    if not places:
        return ()
    start = _between_words(text, max(0, places[0][0] - BEFORE))
    end = _between_words(text, min(len(text), start + SNIPPET))
    inner = [(a, b) for a, b in places if a >= start and b <= end]
    pieces = list(_pieces(text, inner, start, end))
    if start:
        pieces.insert(0, Span(text="… "))
    if end < len(text):
        pieces.append(Span(text=" …"))
    return tuple(pieces)


def _between_words(text: str, at: int) -> int:
    if at in {0, len(text)}:
        return at
    space = text.find(" ", at)
    return len(text) if space < 0 else space + 1


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _pieces(text: str, places: list[tuple[int, int]], start: int, end: int) -> Iterator[Span]:
    for mark_start, mark_end in places:
        if mark_start > start:
            yield Span(text=text[start:mark_start])
        yield Span(text=text[mark_start:mark_end], marked=True)
        start = mark_end
    if start < end:
        yield Span(text=text[start:end])
