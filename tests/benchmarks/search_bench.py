"""Measure the archive's search on SQLite and PostgreSQL: pages of 20 beside the bare index.

The full run loads 100,000 articles into both. A larger archive, in a folder with room for it
(100,000 take 0.9 GB on SQLite) and in an empty database of a PostgreSQL of your own; both stay, and
are measured again as they stand when the same size is asked for:

    python -m tests.benchmarks.search_bench --articles 1000000 --folder FOLDER --postgres URL
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from storage.database import Database
from storage.facets import facets
from storage.query import Query
from storage.query_parser import parse
from storage.search import search
from tests.benchmarks.pages_bench import measure_pages
from tests.benchmarks.search_load import NOW, WORDS, Intake, Press, check_rows, loaded, take_in
from tests.postgres import PostgresServer

_SIZE: Final = 100_000
_QUICK_SIZE: Final = 2_000
_PER_KIND: Final = 4
_REPEATS: Final = 5
_COUNTED: Final = 300  # what the search page counts its facets over
#: A common page, newest first, at the 99th percentile.
TARGET_MILLISECONDS: Final = 50.0
_COMMON: Final = "common word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: in our language, in FTS5's and in PostgreSQL's."""

    query: Query
    fts: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table; times in milliseconds."""

    dialect: str
    kind: str
    page_p50: float
    page_p99: float
    facets_p50: float
    bare_p50: float
    bare_p99: float
    found: float

    @property
    def is_met(self) -> bool:
        """Whether the page comes as soon as promised; only the common one has a promise."""
        return self.kind != _COMMON or self.page_p99 <= TARGET_MILLISECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The rows of the table; by kind of database an article's bytes and the cost of one more."""

    figures: list[Figure]
    bytes_each: dict[str, float]
    intake: dict[str, Intake]


def run(*, quick: bool) -> Measured:
    """Load both databases, compare their answers, print the table and return its rows.

    Raises AssertionError when the answers differ or the common page is slower than promised.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = measure(_QUICK_SIZE if quick else _SIZE, Path(folder))
    for one in found.figures:
        if not one.is_met:
            raise AssertionError(f"the common page took {one.page_p99:.0f} ms on {one.dialect}")
    return found


def measure(size: int, folder: Path, *, postgres: str | None = None) -> Measured:
    """Load, compare the answers and measure.

    Without the URL of a PostgreSQL one is started for the time of the benchmark.
    """
    press = Press(size)
    asked = _asked(random.Random(1404), press.vocabulary)
    with ExitStack() as stack:
        _check()
        other = postgres or _server(stack).create("bench")
        databases = [
            loaded(f"sqlite:///{folder / 'bench.db'}", press, size),
            loaded(other, Press(size), size),
        ]
        _compare(databases[0], databases[1], asked)
        figures = [one for database in databases for one in _measure(database, asked)]
        bytes_each = {one.dialect: _bytes(one) / size for one in databases}
        intake = {one.dialect: take_in(one) for one in databases}
        for database in databases:
            database.close()
    _print(figures, size)
    for name, had in bytes_each.items():
        print(f"{name}: {had:,.0f} bytes an article; one more is kept and indexed in", end=" ")
        print(f"{intake[name].wall_ms:.2f} ms, {intake[name].cpu_ms:.2f} of them processor")
    url, word = f"sqlite:///{folder / 'bench.db'}", press.vocabulary[20]
    measure_pages(url, folder, word=word, story_id=size - size % 3 - 1)
    return Measured(figures=figures, bytes_each=bytes_each, intake=intake)


def _check() -> None:
    with tempfile.TemporaryDirectory() as folder:
        one = Database.open(f"sqlite:///{folder}/one.db")
        other = Database.open(f"sqlite:///{folder}/other.db")
        check_rows(one, other)
        one.close()
        other.close()


def _bytes(database: Database) -> int:
    """Return what the database takes on disk, its indexes too."""
    asked = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with database.read() as connection:
        return int(connection.execute(text(asked[database.dialect])).scalar_one())


def _server(stack: ExitStack) -> PostgresServer:
    server = PostgresServer()
    stack.callback(server.remove)
    server.start()
    stack.callback(server.stop)
    return server


def _asked(chance: random.Random, vocabulary: list[str]) -> dict[str, list[Asked]]:
    """Return questions by kind; a rank says how common a word is."""

    def word(low: int, high: int) -> str:
        return vocabulary[chance.randrange(low, high)]

    def one(low: int, high: int) -> Asked:
        found = word(low, high)
        return _question(found, f'"{found}"', f"'{found}'")

    def phrase(low: int, high: int) -> Asked:
        left, right = word(low, high), word(low, high)
        return _question(f'"{left} {right}"', f'"{left} {right}"', f"'{left}' <-> '{right}'")

    def pair(sign: str, fts: str, ts: str, ranks: tuple[int, int, int, int]) -> Asked:
        left, right = word(*ranks[:2]), word(*ranks[2:])
        return _question(
            f"{left} {sign}{right}", f'"{left}" {fts} "{right}"', f"'{left}' {ts} '{right}'"
        )

    def either() -> Asked:
        some = [word(400, 4_000) for _ in range(3)]
        return _question(
            " OR ".join(some),
            " OR ".join(f'"{found}"' for found in some),
            " | ".join(f"'{found}'" for found in some),
        )

    def near() -> Asked:
        left, right = word(20, 100), word(20, 100)
        steps = range(1, 6)
        ts = [f"'{left}' <{step}> '{right}' | '{right}' <{step}> '{left}'" for step in steps]
        return _question(f"{left} NEAR/5 {right}", f'NEAR("{left}" "{right}", 4)', " | ".join(ts))

    def titled() -> Asked:
        found = word(10, 100)
        return _question(f"title:{found} before:2025-05-31", f'title : "{found}"', f"'{found}':A")

    kinds: dict[str, Callable[[], Asked]] = {
        _COMMON: lambda: one(5, 40),
        "middling word": lambda: one(400, 1_500),
        "rare word": lambda: one(15_000, 25_000),
        "common phrase": lambda: phrase(0, 12),
        "rare phrase": lambda: phrase(100, 400),
        "AND": lambda: pair("", "AND", "&", (20, 200, 200, 800)),
        "AND NOT": lambda: pair("-", "NOT", "& !", (100, 400, 5, 40)),
        "OR of three": either,
        "NEAR": near,
        "in the title, dated": titled,
    }
    return {kind: [write() for _ in range(_PER_KIND)] for kind, write in kinds.items()}


def _question(query: str, fts: str, ts: str) -> Asked:
    return Asked(query=parse(query, now=NOW), fts=fts, ts=ts)


def _compare(one: Database, other: Database, asked: dict[str, list[Asked]]) -> None:
    """Refuse to measure databases that answer differently."""
    queries = [question.query for some in asked.values() for question in some]
    with one.read() as left, other.read() as right:
        for query in queries:
            found = [hit.archived.article.url for hit in search(left, query, limit=200).hits]
            also = [hit.archived.article.url for hit in search(right, query, limit=200).hits]
            if found != also:
                raise AssertionError(f"the databases answer differently: {query}")
    print(f"{len(queries)} queries: the same answers on both")


def _measure(database: Database, asked: dict[str, list[Asked]]) -> list[Figure]:
    with database.read() as connection:
        return [
            _figure(database.dialect, kind, some * _REPEATS, connection)
            for kind, some in asked.items()
        ]


def _figure(dialect: str, kind: str, some: list[Asked], connection: Connection) -> Figure:
    pages, counts, bare = [], [], []
    found = 0
    for question in some:
        begin = time.perf_counter()
        found += len(search(connection, question.query, limit=20).hits)
        paged = time.perf_counter()
        facets(connection, question.query, most=_COUNTED)
        counted = time.perf_counter()
        _bare(connection, question)
        bare.append(time.perf_counter() - counted)
        counts.append(counted - paged)
        pages.append(paged - begin)
    return Figure(
        dialect=dialect,
        kind=kind,
        page_p50=statistics.median(pages) * 1_000,
        page_p99=max(pages) * 1_000,
        facets_p50=statistics.median(counts) * 1_000,
        bare_p50=statistics.median(bare) * 1_000,
        bare_p99=max(bare) * 1_000,
        found=found / len(pages),
    )


def _bare(connection: Connection, asked: Asked) -> None:
    """Ask the index in its own language for the newest 20, and read nothing."""
    if connection.dialect.name == "sqlite":
        statement = text(
            "SELECT rowid FROM search_fts WHERE search_fts MATCH :asked "
            "ORDER BY rowid DESC LIMIT 20"
        ).bindparams(asked=asked.fts)
    else:
        statement = text(
            "SELECT ordinal FROM search_documents WHERE vector @@ CAST(:asked AS tsquery) "
            "ORDER BY ordinal DESC LIMIT 20"
        ).bindparams(asked=asked.ts)
    connection.execute(statement).all()


def _print(figures: list[Figure], size: int) -> None:
    print(f"\n{size:,} articles of {WORDS} words, newest first (milliseconds); page: 20 articles")
    print(f"with highlights; facets: counted over {_COUNTED}; bare: FTS5 or tsquery alone")
    heads = (
        f"{'page p50':>9}{'page p99':>9}{'facets':>8}{'bare p50':>10}{'bare p99':>9}{'found':>7}"
    )
    print(f"{'':12}{'kind':22}{heads}")
    for one in figures:
        print(
            f"{one.dialect:12}{one.kind:22}{one.page_p50:>9.2f}{one.page_p99:>9.2f}"
            f"{one.facets_p50:>8.1f}{one.bare_p50:>10.2f}{one.bare_p99:>9.2f}{one.found:>7.1f}"
        )


def main() -> None:
    """Measure at the size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=_SIZE)
    parser.add_argument("--folder", type=Path, help="where SQLite's file stands, and stays")
    parser.add_argument("--postgres", help="the URL of an empty database (default: one is started)")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(wanted.articles, wanted.folder or Path(folder), postgres=wanted.postgres)


if __name__ == "__main__":
    main()
