"""Take a collection of articles into the archive, without alerting anybody."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from crawler.article import Article
from storage.archive import OutletEntry, archive
from storage.articles import Outcome
from storage.database import Database

#: Articles of one transaction: few enough that the daemon's own writes do not wait.
BATCH: Final = 50

#: Told after each transaction: how many articles were taken in or found standing.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What became of a collection's articles."""

    new: int
    revised: int
    unchanged: int


def take_in(
    database: Database,
    articles: Iterable[Article],
    *,
    roles: Mapping[str, OutletEntry],
    now: datetime,
    progress: Progress,
) -> Intake:
    """Archive a collection as backfill. Repeatable: broken off, the same call goes on."""
    outcomes: Counter[Outcome] = Counter()
    for batch in _batches(iter(articles)):
        with database.write() as connection:
            done = [
                archive(connection, article, roles=roles, now=now, backfill=True).outcome
                for article in batch
            ]
        outcomes.update(done)
        progress(outcomes.total())
    return Intake(
        new=outcomes[Outcome.NEW],
        revised=outcomes[Outcome.REVISED],
        unchanged=outcomes[Outcome.UNCHANGED],
    )


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    while batch := list(islice(articles, BATCH)):
        yield batch
