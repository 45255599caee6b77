"""Measure the archive's search on SQLite and PostgreSQL: pages of 20, and the index alone."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text

from crawler.article import Article, Block, BlockKind, DateClaim, DateSource, Trust
from storage.articles import keep_article
from storage.coarse import coarse
from storage.database import Database
from storage.document import document_of
from storage.index import index_article
from storage.migrate import migrate
from storage.query import Query
from storage.query_parser import parse
from storage.search import search
from storage.search_sql import Window, candidates
from tests.postgres import PostgresServer

_NOW: Final = datetime(2025, 6, 1, tzinfo=UTC)
_SIZE: Final = 30_000
_QUICK_SIZE: Final = 2_000
_BATCH: Final = 500
_WORDS: Final = 350
_VOCABULARY: Final = 30_000
_LETTERS: Final = "اآبپتجچحخدرزسشصضطعغفقکگلمنوهی"
_PER_KIND: Final = 4
_REPEATS: Final = 5
#: A common page, newest first, at the 99th percentile.
TARGET_MILLISECONDS: Final = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table; times in milliseconds."""

    dialect: str
    kind: str
    page_p50: float
    page_p99: float
    index_p50: float
    found: float


def run(*, quick: bool) -> list[Figure]:
    """Load both databases, compare their answers, print the table and return its rows."""
    size = _QUICK_SIZE if quick else _SIZE
    chance = random.Random(1404)
    vocabulary = _vocabulary(chance)
    queries = _queries(chance, vocabulary)
    server = PostgresServer()
    with tempfile.TemporaryDirectory() as folder:
        try:
            server.start()
            sqlite = _load(f"sqlite:///{Path(folder) / 'bench.db'}", vocabulary, size)
            postgresql = _load(server.create("bench"), vocabulary, size)
            _compare(sqlite, postgresql, queries)
            figures = [*_measure(sqlite, queries), *_measure(postgresql, queries)]
            sqlite.close()
            postgresql.close()
            server.stop()
        finally:
            server.remove()
    _print(figures, size)
    return figures


def _vocabulary(chance: random.Random) -> list[str]:
    lengths = (2, 3, 3, 4, 4, 5, 5, 6, 7)
    invented = {
        "".join(chance.choices(_LETTERS, k=chance.choice(lengths))) for _ in range(_VOCABULARY)
    }
    return sorted(invented, key=lambda word: (len(word), word))


def _draw(chance: random.Random, vocabulary: list[str]) -> str:
    """Draw a word as texts do: its chance falls with its rank (Zipf)."""
    return vocabulary[min(int(len(vocabulary) ** chance.random()) - 1, len(vocabulary) - 1)]


def _queries(chance: random.Random, vocabulary: list[str]) -> dict[str, list[Query]]:
    """Return queries by kind; a rank says how common a word is."""

    def word(low: int, high: int) -> str:
        return vocabulary[chance.randrange(low, high)]

    kinds: dict[str, Callable[[], str]] = {
        "common word": lambda: word(5, 40),
        "middling word": lambda: word(400, 1_500),
        "rare word": lambda: word(15_000, 25_000),
        "common phrase": lambda: f'"{word(0, 12)} {word(0, 12)}"',
        "rare phrase": lambda: f'"{word(100, 400)} {word(100, 400)}"',
        "AND": lambda: f"{word(20, 200)} {word(200, 800)}",
        "AND NOT": lambda: f"{word(100, 400)} -{word(5, 40)}",
        "OR of three": lambda: " OR ".join(word(400, 4_000) for _ in range(3)),
        "NEAR": lambda: f"{word(20, 100)} NEAR/5 {word(20, 100)}",
        "in the title, dated": lambda: f"title:{word(10, 100)} before:2025-03-21",
    }
    return {
        kind: [parse(write(), now=_NOW) for _ in range(_PER_KIND)] for kind, write in kinds.items()
    }


def _load(url: str, vocabulary: list[str], size: int) -> Database:
    database = Database.open(url)
    migrate(database)
    chance = random.Random(7)
    begin = time.perf_counter()
    for first in range(0, size, _BATCH):
        with database.write() as connection:
            for number in range(first, min(first + _BATCH, size)):
                article = _article(chance, vocabulary, number, size)
                kept = keep_article(connection, article)
                document = document_of(article, published_at=kept.sort_at)
                index_article(connection, kept.article_id, document)
    taken = time.perf_counter() - begin
    with database.write() as connection:
        connection.execute(text("ANALYZE"))  # what autovacuum does within a minute
    print(f"{database.dialect}: loaded {size:,} articles, {size / taken:,.0f} a second")
    return database


def _article(chance: random.Random, vocabulary: list[str], number: int, size: int) -> Article:
    words = [_draw(chance, vocabulary) for _ in range(_WORDS)]
    at = _NOW - timedelta(minutes=chance.randrange(size * 20))
    url = f"http://bench.ir/{number}"
    return Article(
        outlet_id="bench",
        url=url,
        canonical_url=url,
        external_id=None,
        title=" ".join(words[:9]),
        lead=" ".join(words[9:40]),
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=" ".join(words[40:])),),
        published=DateClaim(at=at, source=DateSource.FEED, trust=Trust.EXACT, printed=""),
        fetched_at=_NOW,
    )


def _compare(one: Database, other: Database, queries: dict[str, list[Query]]) -> None:
    """Refuse to measure databases that answer differently."""
    asked = [query for some in queries.values() for query in some]
    with one.read() as left, other.read() as right:
        for query in asked:
            found = [hit.archived.article.url for hit in search(left, query, limit=50).hits]
            also = [hit.archived.article.url for hit in search(right, query, limit=50).hits]
            if sorted(found) != sorted(also):
                raise AssertionError(f"the databases answer differently: {query}")
    print(f"{len(asked)} queries: the same answers on both")


def _measure(database: Database, queries: dict[str, list[Query]]) -> list[Figure]:
    with database.read() as connection:
        figures = []
        for kind, some in queries.items():
            pages: list[float] = []
            bare: list[float] = []
            found = 0
            for query in some * _REPEATS:
                begin = time.perf_counter()
                found += len(search(connection, query, limit=20).hits)
                pages.append(time.perf_counter() - begin)
                begin = time.perf_counter()
                candidates(connection, coarse(query), window=Window(), limit=20)
                bare.append(time.perf_counter() - begin)
            figures.append(
                Figure(
                    dialect=database.dialect,
                    kind=kind,
                    page_p50=statistics.median(pages) * 1_000,
                    page_p99=max(pages) * 1_000,
                    index_p50=statistics.median(bare) * 1_000,
                    found=found / len(pages),
                )
            )
    return figures


def _print(figures: list[Figure], size: int) -> None:
    print(f"\n{size:,} articles of {_WORDS} words, pages of 20, newest first (milliseconds)")
    print(f"{'':12}{'kind':22}{'page p50':>9}{'page p99':>9}{'index p50':>10}{'found':>7}")
    for one in figures:
        print(
            f"{one.dialect:12}{one.kind:22}{one.page_p50:>9.2f}{one.page_p99:>9.2f}"
            f"{one.index_p50:>10.2f}{one.found:>7.1f}"
        )


if __name__ == "__main__":
    run(quick=False)
