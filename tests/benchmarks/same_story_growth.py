"""Measure what one more article costs in archives of different sizes (look-up, decision, commit).

    python -m tests.benchmarks.same_story_growth [SIZE …]

Articles come at a steady rate into an archive that `same_story_filler` fills; it says what of that
is simulated. Two fresh texts arrive for every copy of one of the last day's, a commit each.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from storage.database import Database
from storage.migrate import migrate
from storage.schema.articles import articles
from storage.stories import place
from tests.benchmarks.same_story_eval import PlainOutlet, row_of
from tests.benchmarks.same_story_filler import END, Filler, article
from tests.benchmarks.same_story_press import OUTLETS, Press, Text

SIZES: Final = (10_000, 100_000, 1_000_000)
_WARMING: Final = 200  # articles that are not measured: caches, statements, the first checkpoint
_MEASURED: Final = 1_500
_ROLES: Final = {name: PlainOutlet(name=name, id=name) for name in OUTLETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The cost of one more article in an archive of a size, on the wall and of the processor.

    `articles_per_second` is all measured ones over all their time, checkpoints and waiting too.
    """

    archived: int
    median_ms: float
    cpu_ms: float
    articles_per_second: float
    filled_in_s: float
    size_mb: float


def grow(size: int) -> Growth:
    """Fill an archive with `size` articles and place some more."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "archive.db"
        database = Database.open(f"sqlite:///{file}")
        migrate(database)
        press = Press(size)
        began = time.perf_counter()
        recent = Filler(press).fill(database, size)
        filled_in_s = time.perf_counter() - began
        walls, cpus = _place_more(database, press, recent, size)
        database.close()
        size_mb = file.stat().st_size / 1e6
    return Growth(
        archived=size,
        median_ms=1000 * statistics.median(walls),
        cpu_ms=1000 * statistics.mean(cpus),
        articles_per_second=len(walls) / sum(walls),
        filled_in_s=filled_in_s,
        size_mb=size_mb,
    )


def print_growth(growth: Sequence[Growth]) -> None:
    """Print the sizes one below the other, each beside the first."""
    print(
        f"{'archived':>12}{'median ms':>11}{'CPU ms':>9}{'articles/s':>12}{'wall x':>8}{'CPU x':>8}"
        f"{'filled in s':>13}{'MB':>8}"
    )
    for one in growth:
        wall, cpu = one.median_ms / growth[0].median_ms, one.cpu_ms / growth[0].cpu_ms
        print(
            f"{one.archived:>12,}{one.median_ms:>11.2f}{one.cpu_ms:>9.2f}"
            f"{one.articles_per_second:>12,.0f}{wall:>8.2f}{cpu:>8.2f}"
            f"{one.filled_in_s:>13,.0f}{one.size_mb:>8,.0f}"
        )


def _place_more(
    database: Database, press: Press, recent: Sequence[Text], size: int
) -> tuple[list[float], list[float]]:
    """Place fresh articles and copies of the last day's, two to one; time each on both clocks."""
    walls, cpus = [], []
    for turn, text in enumerate(islice(_arriving(press, recent), _WARMING + _MEASURED), start=1):
        number = size + turn
        one = replace(article(number, text, END), fetched_at=END + timedelta(seconds=turn))
        with database.write() as connection:
            connection.execute(insert(articles), row_of(number, one))
        wall, cpu = time.perf_counter(), time.process_time()
        with database.write() as connection:
            place(connection, number, one, roles=_ROLES, now=one.fetched_at, is_new=True)
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return walls[_WARMING:], cpus[_WARMING:]


def _arriving(press: Press, recent: Sequence[Text]) -> Iterator[Text]:
    while True:
        yield press.narrative()
        yield press.narrative()
        yield press.copied(press.draw.choice(recent), "respelled")


if __name__ == "__main__":
    print_growth([grow(size) for size in map(int, sys.argv[1:])] or list(map(grow, SIZES)))
