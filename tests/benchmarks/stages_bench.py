"""Hold each stage of the walk against what it cannot do without, on the same pages.

A page cannot be read without parsing it, an article cannot be kept without SQLite inserting its
text, its tokens and its fingerprints with a commit, and no rule can fire before the words are
looked at. How many times above that each stage stands is what there is to gain.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Article
from crawler.extract import extract
from crawler.page import Failure
from persian.fold import fold
from service import pipeline
from service.house import House
from storage.archive import archive
from tests.benchmarks.walk_bench import NOW, RULES, make_house, rules_of_a_busy_house
from tests.benchmarks.walk_pages import Printed, print_pages

#: Fingerprints of an article, whatever its length (facts of the same-story stage).
_FINGERPRINTS = 43


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage and its limit, in milliseconds of processor time an article."""

    name: str
    ms: float
    limit: str
    limit_ms: float


def run(*, quick: bool) -> list[Stage]:
    """Print the table and return its rows; fails when a page was not read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        printed = print_pages(folder, stories=40 if quick else 200, now=NOW)
        archiving, matching = (_house(folder, one) for one in ("archiving", "matching"))
        said = [_read(matching, one) for one in printed]
        stages = [
            _reading(matching, printed),
            *_keeping(folder, archiving, matching, said),
        ]
        archiving.close()
        matching.close()
    _print(stages, pages=len(printed))
    return stages


def _house(folder: Path, name: str) -> House:
    return make_house(folder / name, None, rules_of_a_busy_house())


def _read(house: House, one: Printed) -> Article:
    outlet = house.outlets[one.outlet_id]
    said = extract(one.page, outlet, directory=house.directory, now=NOW)
    assert not isinstance(said, Failure), f"{one.page.url} was not read: {said.reason}"
    return said


def _reading(house: House, printed: list[Printed]) -> Stage:
    return Stage(
        name="read the page",
        ms=_each(lambda one: _read(house, one), printed),
        limit="Lexbor parses it",
        limit_ms=_each(lambda one: LexborHTMLParser(one.page.body), printed),
    )


def _keeping(
    folder: Path, archiving: House, matching: House, said: list[Article]
) -> tuple[Stage, Stage]:
    """Archive in one house, archive and match in another: the difference is the matching."""
    archived = _each(lambda article: _archive(archiving, article), said)
    kept = _each(lambda article: _keep(matching, article), said)
    plain = _plain(folder / "plain.db")
    return (
        Stage(
            name="archive, place, index",
            ms=archived,
            limit="SQLite inserts and commits",
            limit_ms=_each(plain, [_rows(number, one) for number, one in enumerate(said)]),
        ),
        Stage(
            name=f"match {RULES} rules, owe",
            ms=max(kept - archived, 0.0),
            limit="fold, split, look up",
            limit_ms=_each(lambda article: set(fold(article.text).split()) & _LOOKED_FOR, said),
        ),
    )


_LOOKED_FOR = frozenset(str(number) for number in range(3 * RULES))


def _archive(house: House, article: Article) -> None:
    with house.database.write() as connection:
        archive(connection, article, roles=house.outlets, now=NOW)


def _keep(house: House, article: Article) -> None:
    with house.database.write() as connection:
        pipeline.keep(connection, house, house.outlets[article.outlet_id], article)


def _rows(number: int, article: Article) -> tuple[int, str, str, list[tuple[int, int]]]:
    """Prepare what the limit inserts, so that only the inserting is timed."""
    tokens = " ".join(fold(article.text).split())
    hashes = [(hash((number, place)), number) for place in range(_FINGERPRINTS)]
    return number, article.text, tokens, hashes


def _plain(file: Path) -> Callable[[Any], None]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE articles(id INTEGER PRIMARY KEY, text TEXT);"
        "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='ascii');"
        "CREATE TABLE prints(hash INTEGER, id INTEGER, PRIMARY KEY(hash, id)) WITHOUT ROWID;"
    )

    def insert(row: tuple[int, str, str, list[tuple[int, int]]]) -> None:
        number, text, tokens, hashes = row
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO articles VALUES (?, ?)", (number, text))
        connection.execute("INSERT INTO words(rowid, text) VALUES (?, ?)", (number, tokens))
        connection.executemany("INSERT INTO prints VALUES (?, ?)", hashes)
        connection.execute("COMMIT")

    return insert


def _each(act: Callable[[Any], object], these: Sequence[Any]) -> float:
    began = time.process_time()
    for one in these:
        act(one)
    return (time.process_time() - began) * 1000 / len(these)


def _print(stages: list[Stage], *, pages: int) -> None:
    print(f"{pages} pages, milliseconds of processor time an article, SQLite")
    print(f"{'stage':<26}{'ms':>7}   {'its limit':<30}{'ms':>7}{'times above':>13}")
    whole = Stage(
        name="the whole walk",
        ms=sum(one.ms for one in stages),
        limit="all of them",
        limit_ms=sum(one.limit_ms for one in stages),
    )
    for one in (*stages, whole):
        above = one.ms / one.limit_ms
        print(f"{one.name:<26}{one.ms:>7.2f}   {one.limit:<30}{one.limit_ms:>7.2f}{above:>13.1f}")
