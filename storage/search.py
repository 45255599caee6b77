"""Search the archive: one query, newest or best first, page by page, highlights as printed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from storage.collapse import newest_of_each_story
from storage.errors import StorageError
from storage.evaluate import counts, hits
from storage.found import Found, load_documents
from storage.query import Query, TextField
from storage.verify import Held, Verifier
from storage.walk import BATCH, Walk

__all__ = [
    "BadCursorError",
    "Found",
    "Order",
    "SearchPage",
    "holding",
    "matching",
    "possible",
    "search",
]

#: Candidates looked at for one page before it is handed over unfinished.
MOST_CANDIDATES: Final = 20_000
#: Newest matches among which the best are chosen.
RANKED: Final = 300
_CURSOR_DIGITS: Final = 18  # every ordinal up to the year 5000 fits, and 64 bits hold them
_WORTH: Final = {TextField.TITLE: 8.0, TextField.LEAD: 3.0, TextField.TAG: 3.0}


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
    marks: bool = True,
) -> SearchPage:
    """Return a page of the articles a query holds for; `storage.evaluate` says what that means.

    With `collapse` a story appears once, as its newest article that matches. Pages stay stable
    while articles arrive: a cursor names a place in time. At most `most` articles are looked at.
    Without `marks` there are no highlights. Raises BadCursorError.
    """
    if order is Order.BEST:
        return _best(connection, query, limit, cursor, collapse=collapse)
    below = None if cursor is None else _number(cursor)
    walk = Walk(connection, query, below=below, most=most, batch=limit + 1)
    held = list(islice(_held(connection, walk, query, collapse=collapse), limit + 1))
    some = held[:limit]
    shown = tuple(_marked(connection, query, some) if marks else _read(connection, some))
    if len(held) > limit:
        return SearchPage(hits=shown, next_cursor=str(held[limit - 1].candidate.ordinal))
    more = str(walk.last) if walk.is_stopped else None
    return SearchPage(hits=shown, next_cursor=more, is_partial=walk.is_stopped)


def holding(connection: Connection, query: Query, *, batch: int = BATCH) -> Iterator[Held]:
    """Walk over the articles a query holds for, newest first, without reading them.

    `batch` is how many the caller expects to want.
    """
    return _held(connection, Walk(connection, query, batch=batch), query, collapse=False)


def matching(connection: Connection, query: Query) -> Iterator[Found]:
    """Walk over the articles a query holds for, newest first, without highlights."""
    verifier = Verifier(query)
    for batch in Walk(connection, query):
        yield from _read(connection, verifier.holding(connection, batch))


def possible(connection: Connection, query: Query) -> Iterator[Found]:
    """Walk over the articles that the index cannot rule out, newest first, without highlights."""
    for batch in Walk(connection, query):
        yield from load_documents(connection, batch)


def _held(connection: Connection, walk: Walk, query: Query, *, collapse: bool) -> Iterator[Held]:
    verifier = Verifier(query)
    for batch in walk:
        held = verifier.holding(connection, batch)
        yield from newest_of_each_story(connection, verifier, held) if collapse else held


def _read(connection: Connection, held: Sequence[Held]) -> Iterator[Found]:
    return load_documents(connection, [one.candidate for one in held])


def _marked(connection: Connection, query: Query, held: Sequence[Held]) -> Iterator[Found]:
    words = {one.candidate.article_id: one.analysed for one in held}
    for one in _read(connection, held):
        analysed = words[one.article_id].printed_as(one.document)
        yield replace(one, highlights=hits(query, analysed))


def _best(
    connection: Connection, query: Query, limit: int, cursor: str | None, *, collapse: bool
) -> SearchPage:
    """Order the newest matches by how much they are about the query; the cursor counts them."""
    top, _, offset = (cursor or "").partition("+")
    below = _number(top) if top else None
    walk = Walk(connection, query, below=below, most=MOST_CANDIDATES, batch=RANKED)
    held = list(islice(_held(connection, walk, query, collapse=collapse), RANKED))
    ranked = sorted(held, key=lambda one: (-_score(query, one), -one.candidate.ordinal))
    start = _number(offset) if offset else 0
    shown = ranked[start : start + limit]
    found = {one.article_id: one for one in _marked(connection, query, shown)}
    newest = below or max((one.candidate.ordinal + 1 for one in held), default=0)
    more = f"{newest}+{start + limit}" if len(ranked) > start + limit else None
    return SearchPage(
        hits=tuple(
            replace(found[one.candidate.article_id], score=_score(query, one))
            for one in shown
            if one.candidate.article_id in found
        ),
        next_cursor=more,
    )


def _score(query: Query, one: Held) -> float:
    """Weigh where the words stand; the same word again counts ever less."""
    return sum(
        _WORTH.get(field, 1.0) * (1 + math.log(count))
        for (_, field), count in counts(query, one.analysed).items()
    )


def _number(cursor: str) -> int:
    if cursor.isascii() and cursor.isdecimal() and len(cursor) <= _CURSOR_DIGITS:
        return int(cursor)
    raise BadCursorError(
        "«{given}» is no cursor of a search; begin again without one", given=cursor
    )
