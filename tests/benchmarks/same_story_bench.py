"""Measure the same-story decision: scores beside its rivals, speed with a commit each, growth.

The texts are those of our own press (`same_story_press`), and the sets of real articles in the
folder that RASAD_SHARED names, else in `../shared`: they belong to their publishers and are no part
of this repository.
"""

import gzip
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from crawler.article import Article
from storage.database import Database
from storage.fingerprints import keep_fingerprints, period_of
from storage.migrate import migrate
from storage.schema.stories import sketches, stories, story_members
from storage.sketch import sketch
from storage.stories import place
from tests.benchmarks.same_story_eval import PlainOutlet, article_of, cluster, keep_row
from tests.benchmarks.same_story_press import OUTLETS, Press, Text, blind_set
from tests.benchmarks.same_story_rivals import minhash_lsh, same_letters
from tests.benchmarks.same_story_scores import Scores, score

#: What `make bench` wants.
LEAST_PRECISION: Final = 0.98
LEAST_RECALL: Final = 0.985
MOST_MERGED_TRAPS: Final = 0.05
LEAST_ARTICLES_PER_SECOND: Final = 400
MOST_GROWTH: Final = 1.3

_SIZES: Final = (10_000, 100_000, 1_000_000)
_A_DAY: Final = 1_000  # articles; forty outlets that print twenty-five each
_END: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
_BATCH: Final = 2_000
_COMMON: Final = 6  # stories in which `place` still adds a hash
_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_SHARED: Final = Path(os.environ.get("RASAD_SHARED", _REPOSITORY.parent / "shared"))
_SETS: Final = tuple(sorted((_SHARED / "eval" / "same-story").glob("*.jsonl.gz")))
_ROLES: Final = {name: PlainOutlet(name=name, id=name) for name in OUTLETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to cluster, measured on one set."""

    name: str
    set_name: str
    scores: Scores
    articles_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The cost of one more article in an archive of a size; look-up, decision and commit."""

    archived: int
    median_ms: float
    articles_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything measured in one run."""

    methods: tuple[Method, ...]
    growth: tuple[Growth, ...]


def run(quick: bool) -> Figures:  # noqa: FBT001  # every benchmark is called alike
    """Print the tables and return their rows; `quick` leaves out the large archives."""
    methods = tuple(_methods(quick=quick))
    _print_methods(methods)
    growth = tuple(map(_grow, _SIZES[:1] if quick else _SIZES))
    _print_growth(growth)
    return Figures(methods=methods, growth=growth)


def _methods(*, quick: bool) -> Iterator[Method]:
    sets = {"our press": blind_set(7, stories=120 if quick else 600)}
    if not quick:
        sets |= {file.name[: -len(".jsonl.gz")]: _rows_of(file) for file in _SETS}
    for set_name, rows in sets.items():
        yield _measured("rasad", set_name, rows, cluster)
        yield _measured("datasketch LSH", set_name, rows, lambda all_: (minhash_lsh(all_), None))
        yield _measured("same letters", set_name, rows, lambda all_: (same_letters(all_), None))


def _rows_of(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _measured(
    name: str,
    set_name: str,
    rows: Sequence[dict[str, Any]],
    method: Callable[[Sequence[dict[str, Any]]], tuple[Sequence[Any], Any]],
) -> Method:
    begin = time.perf_counter()
    clusters, originals = method(rows)
    taken = time.perf_counter() - begin
    return Method(
        name=name,
        set_name=set_name,
        scores=score(rows, clusters, originals),
        articles_per_second=len(rows) / taken,
    )


def _print_methods(methods: Sequence[Method]) -> None:
    print(
        f"{'set':<22}{'method':<16}{'P':>7}{'R':>7}{'F1':>7}{'originals':>11}{'articles/s':>12}"
        f"  worst copy, worst trap"
    )
    for one in methods:
        scores = one.scores
        named = "-" if scores.originals is None else f"{scores.originals:.3f}"
        copy = min(scores.recall_by_kind.items(), key=lambda pair: pair[1], default=("-", 1.0))
        trap = max(scores.merged_by_trap.items(), key=lambda pair: pair[1], default=("-", 0.0))
        print(
            f"{one.set_name:<22}{one.name:<16}{scores.precision:>7.3f}{scores.recall:>7.3f}"
            f"{scores.f1:>7.3f}{named:>11}{one.articles_per_second:>12,.0f}"
            f"  {copy[0]} {copy[1]:.3f}, {trap[0]} {trap[1]:.3f}"
        )


class _Index:
    """Counts how often a hash stands in a period, to stop where `place` stops."""

    def __init__(self) -> None:
        self._period = 0
        self._stories: Counter[int] = Counter()

    def worth_adding(self, hashes: Sequence[int], at: datetime) -> Iterator[int]:
        """Yield what is not common yet; every article here is a story of its own."""
        if period_of(at) != self._period:
            self._period = period_of(at)
            self._stories.clear()
        for one in hashes:
            self._stories[one] += 1
            if self._stories[one] <= _COMMON:
                yield one


def _grow(size: int) -> Growth:
    """Fill an archive with `size` articles at a steady rate, then place some more."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'archive.db'}")
        migrate(database)
        press = Press(size)
        recent = _fill(database, press, size)
        seconds = _place_more(database, press, recent, size)
        database.close()
    return Growth(
        archived=size,
        median_ms=1000 * statistics.median(seconds),
        articles_per_second=len(seconds) / sum(seconds),
    )


def _fill(database: Database, press: Press, size: int) -> list[Text]:
    """Write articles as `place` leaves them, in batches; return the texts of the last day."""
    recent: list[Text] = []
    index = _Index()
    for start in range(1, size + 1, _BATCH):
        texts = [press.narrative() for _ in range(min(_BATCH, size + 1 - start))]
        with database.write() as connection:
            rows = [_archived(number, text, size) for number, text in enumerate(texts, start=start)]
            for number, article in rows:
                keep_row(connection, number, article)
            connection.execute(insert(stories), [_story(number, one) for number, one in rows])
            connection.execute(
                insert(story_members), [_member(number, one) for number, one in rows]
            )
            drawn = [(number, one, sketch(one.title, one.text)) for number, one in rows]
            connection.execute(
                insert(sketches),
                [
                    {
                        "article_id": number,
                        "at": one.fetched_at,
                        "title": each.title,
                        "body": each.text,
                    }
                    for number, one, each in drawn
                ],
            )
            for number, one, each in drawn:
                kept = [*index.worth_adding(each.fingerprints, one.fetched_at)]
                keep_fingerprints(connection, number, kept, one.fetched_at)
        recent = [*recent, *texts][-_A_DAY:]
    return recent


def _archived(number: int, text: Text, size: int) -> tuple[int, Article]:
    at = _END - timedelta(days=(size - number) / _A_DAY)
    return number, _article(number, text, OUTLETS[number % len(OUTLETS)], at)


def _article(number: int, text: Text, outlet: str, at: datetime) -> Article:
    row = {
        "title": text.title,
        "text": "\n".join(text.paragraphs),
        "source": outlet,
        "published": at.replace(tzinfo=None).isoformat(),
    }
    return article_of(row, number, at)


def _story(number: int, article: Article) -> dict[str, Any]:
    return {
        "id": number,
        "original_article_id": number,
        "created_at": article.fetched_at,
        "is_rooted_by_hand": False,
    }


def _member(number: int, article: Article) -> dict[str, Any]:
    return {
        "article_id": number,
        "story_id": number,
        "outlet_id": article.outlet_id,
        "relation": "original",
        "credits": "[]",
        "seen_at": article.fetched_at,
        "letters": 500,
        "is_placed_by_hand": False,
    }


def _place_more(database: Database, press: Press, recent: Sequence[Text], size: int) -> list[float]:
    """Place fresh articles and copies of the last day's, two to one, and time each."""
    seconds = []
    for turn, text in enumerate(islice(_arriving(press, recent), 1500), start=1):
        number = size + turn
        article = _article(number, text, OUTLETS[turn % len(OUTLETS)], _END)
        article = replace(article, fetched_at=_END + timedelta(seconds=turn))
        with database.write() as connection:
            keep_row(connection, number, article)
        begin = time.perf_counter()
        with database.write() as connection:
            place(connection, number, article, roles=_ROLES, now=article.fetched_at, is_new=True)
        seconds.append(time.perf_counter() - begin)
    return seconds


def _arriving(press: Press, recent: Sequence[Text]) -> Iterator[Text]:
    while True:
        yield press.narrative()
        yield press.narrative()
        yield press.copied(press.draw.choice(recent), "respelled")


def _print_growth(growth: Sequence[Growth]) -> None:
    print(f"{'archived':>12}{'median ms':>12}{'articles/s':>12}{'against the first':>20}")
    for one in growth:
        share = one.median_ms / growth[0].median_ms
        print(
            f"{one.archived:>12,}{one.median_ms:>12.2f}{one.articles_per_second:>12,.0f}{share:>20.2f}"
        )
