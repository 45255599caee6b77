"""Walk over the articles a query may hold for, newest first, in growing batches."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from storage.coarse import bounds, coarse, required_topics
from storage.index import SECOND, ordinal_at
from storage.query import Query
from storage.search_sql import Candidate, Window, candidates

#: Candidates asked for at first, unless a page knows better, and at most.
BATCH: Final = 100
_LARGEST: Final = 640
#: A full second spills over into the next ones; the end of a window leaves room for that.
_SPILL: Final = 60 * SECOND


class Walk:
    """The candidates of a query; `last` is how far it came, `is_stopped` that it came to `most`."""

    def __init__(
        self,
        connection: Connection,
        query: Query,
        *,
        below: int | None = None,
        most: int | None = None,
        batch: int = BATCH,
    ) -> None:
        self._connection = connection
        self._most = most
        self._batch_size = batch
        self._coarse = coarse(query)
        self._topics = required_topics(query)
        self._first, end = _ordinals(query)
        self.last = min(below, end) if below is not None and end is not None else below or end
        self.is_stopped = False

    def __iter__(self) -> Iterator[list[Candidate]]:
        """Yield batch after batch, every article that matches among them."""
        size, seen = self._batch_size, 0
        while batch := self._batch(size):
            yield batch
            seen += len(batch)
            self.last = batch[-1].ordinal
            if len(batch) < size:
                return
            if self._most is not None and seen >= self._most:
                self.is_stopped = True
                return
            size = min(2 * size, _LARGEST)

    def _batch(self, size: int) -> list[Candidate]:
        return candidates(
            self._connection,
            self._coarse,
            window=Window(first=self._first, below=self.last),
            topics=self._topics,
            limit=size,
        )


def _ordinals(query: Query) -> tuple[int | None, int | None]:
    start_at, end_at = bounds(query)
    first = None if start_at is None else ordinal_at(start_at)
    end = None if end_at is None else ordinal_at(end_at) + _SPILL
    return first, end
