"""Search the archive: one query, newest or best first, page by page, highlights as printed."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from storage.coarse import bounds, coarse, required_topics
from storage.errors import StorageError
from storage.evaluate import Analysed, evaluate, hits, terms_of
from storage.found import Found, load_documents, newer_members
from storage.index import SECOND, ordinal_at
from storage.query import Query
from storage.search_sql import Candidate, Window, candidates
from storage.trie import Trie

__all__ = [
    "BadCursorError",
    "Found",
    "Order",
    "SearchPage",
    "matching",
    "possible",
    "search",
]

#: Candidates read for one page before it is handed over unfinished.
MOST_CANDIDATES: Final = 20_000
#: Newest matches among which the best are chosen.
RANKED: Final = 300
_BATCH: Final = 100
_LARGEST_BATCH: Final = 640
#: A full second spills over into the next ones; the end of a window leaves room for that.
_SPILL: Final = 60 * SECOND
_CURSOR_DIGITS: Final = 18  # every ordinal up to the year 5000 fits, and 64 bits hold them
_WORTH: Final = {"title": 8.0, "kicker": 5.0, "lead": 3.0, "tag": 3.0}


class BadCursorError(StorageError):
    """A cursor that no page of this search has given out."""


class Order(StrEnum):
    """How a page is ordered."""

    NEWEST = "newest"
    BEST = "best"  # the best of the newest `RANKED` matches


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of a search.

    `next_cursor` leads on and is None at the end. `is_partial` tells that many articles were looked
    at in vain: the page is short, and the cursor goes on where it stopped.
    """

    hits: tuple[Found, ...]
    next_cursor: str | None
    is_partial: bool = False


def search(  # noqa: PLR0913  # the questions of a search form
    connection: Connection,
    query: Query,
    *,
    limit: int = 20,
    cursor: str | None = None,
    order: Order = Order.NEWEST,
    collapse: bool = False,
    most: int = MOST_CANDIDATES,
) -> SearchPage:
    """Return a page of the articles a query holds for; `storage.evaluate` says what that means.

    With `collapse` a story appears once, as its newest article that matches. Pages stay stable
    while articles arrive: a cursor names a place in time. At most `most` articles are looked at.
    Raises BadCursorError.
    """
    if order is Order.BEST:
        return _best(connection, query, limit, cursor, collapse=collapse)
    below = None if cursor is None else _number(cursor)
    walk = _Walk(connection, query, below=below, collapse=collapse, most=most, batch=limit + 1)
    found: list[Found] = []
    for one in walk:
        if len(found) == limit:
            return SearchPage(hits=tuple(found), next_cursor=str(found[-1].ordinal))
        found.append(one)
    more = str(walk.last) if walk.is_stopped else None
    return SearchPage(hits=tuple(found), next_cursor=more, is_partial=walk.is_stopped)


def matching(connection: Connection, query: Query, *, highlights: bool = True) -> Iterator[Found]:
    """Walk over every article a query holds for, newest first."""
    walk = _Walk(connection, query, below=None, collapse=False, most=None)
    if highlights:
        yield from walk
        return
    for one in walk.unverified():
        if walk.holds(one):
            yield one


def possible(connection: Connection, query: Query) -> Iterator[Found]:
    """Walk over the articles that the index cannot rule out, newest first, without highlights."""
    walk = _Walk(connection, query, below=None, collapse=False, most=None)
    yield from walk.unverified()


class _Walk:
    """The articles a query holds for, newest first, read and verified in growing batches."""

    def __init__(  # noqa: PLR0913  # what a page asks of the walk
        self,
        connection: Connection,
        query: Query,
        *,
        below: int | None,
        collapse: bool,
        most: int | None = MOST_CANDIDATES,
        batch: int = _BATCH,
    ) -> None:
        self._connection = connection
        self._query = query
        self._collapse = collapse
        self._most = most
        self._batch_size = batch
        self._coarse = coarse(query)
        self._topics = required_topics(query)
        self._terms = Trie()
        for term in terms_of(query):
            self._terms.add(term)
        self._first, end = _ordinals(query)
        self.last = min(below, end) if below is not None and end is not None else below or end
        self.is_stopped = False

    def __iter__(self) -> Iterator[Found]:
        for one in self.unverified():
            shown = self._verified(one)
            if shown:
                yield shown

    def unverified(self) -> Iterator[Found]:
        """Walk over the articles that the index cannot rule out."""
        size, seen = self._batch_size, 0
        while True:
            batch = self._batch(size)
            for one in load_documents(self._connection, batch):
                self.last = one.ordinal
                yield one
            seen += len(batch)
            if len(batch) < size:
                return
            self.last = batch[-1].ordinal
            if self._most is not None and seen >= self._most:
                self.is_stopped = True
                return
            size = min(2 * size, _LARGEST_BATCH)

    def _batch(self, size: int) -> list[Candidate]:
        return candidates(
            self._connection,
            self._coarse,
            window=Window(first=self._first, below=self.last),
            topics=self._topics,
            limit=size,
        )

    def holds(self, one: Found) -> bool:
        """Tell whether the query holds for an article."""
        return evaluate(self._query, Analysed(one.document, self._terms))

    def _verified(self, one: Found) -> Found | None:
        analysed = Analysed(one.document, self._terms)
        if not evaluate(self._query, analysed):
            return None
        if self._collapse and self._is_told(one):
            return None
        return replace(one, highlights=hits(self._query, analysed))

    def _is_told(self, one: Found) -> bool:
        """Tell whether a newer article of the same story matches too, and stands for it."""
        if one.story_id is None:
            return False
        newer = newer_members(self._connection, one.story_id, one.ordinal)
        return any(self.holds(other) for other in load_documents(self._connection, newer))


def _best(
    connection: Connection, query: Query, limit: int, cursor: str | None, *, collapse: bool
) -> SearchPage:
    """Order the newest matches by how much they are about the query; the cursor counts them."""
    top, _, offset = (cursor or "").partition("+")
    below = _number(top) if top else None
    found: list[Found] = []
    for one in _Walk(connection, query, below=below, collapse=collapse):
        found.append(_scored(one))
        if len(found) == RANKED:
            break
    found.sort(key=lambda one: (-one.score, -one.ordinal))
    start = _number(offset) if offset else 0
    shown = found[start : start + limit]
    newest = below or max((one.ordinal + 1 for one in found), default=0)
    more = f"{newest}+{start + limit}" if len(found) > start + limit else None
    return SearchPage(hits=tuple(shown), next_cursor=more)


def _scored(one: Found) -> Found:
    """Weigh where the words stand; the same word again counts ever less."""
    counts = Counter((hit.term, hit.field) for hit in one.highlights)
    score = sum(
        _WORTH.get(field, 1.0) * (1 + math.log(count)) for (_, field), count in counts.items()
    )
    return replace(one, score=score)


def _number(cursor: str) -> int:
    if cursor.isascii() and cursor.isdecimal() and len(cursor) <= _CURSOR_DIGITS:
        return int(cursor)
    raise BadCursorError(f"«{cursor}» is no cursor of a search; begin again without one")


def _ordinals(query: Query) -> tuple[int | None, int | None]:
    start_at, end_at = bounds(query)
    first = None if start_at is None else ordinal_at(start_at)
    end = None if end_at is None else ordinal_at(end_at) + _SPILL
    return first, end
