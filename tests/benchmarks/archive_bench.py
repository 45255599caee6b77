"""Measure the archive: whole articles taken in with a commit each, backups, moves, kept pages.

An article taken in is one transaction with its text, its story and its place in the search index.
The design wants 50 a second at the peak of 10,000 outlets, all workers together; their decisions
stand in line, so one worker must reach that alone.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from crawler.article import Article, Block, BlockKind, DateClaim, DateSource, Trust
from crawler.page import Page
from storage.archive import archive
from storage.backup import back_up
from storage.database import Database
from storage.migrate import migrate
from storage.move import move
from storage.pages import PageStore
from tests.benchmarks.same_story_press import Press, Text
from tests.postgres import PostgresServer
from tests.storage.archiving import Entry

OUTLETS: Final = tuple(f"outlet{number}" for number in range(40))
ROLES: Final = {outlet_id: Entry() for outlet_id in OUTLETS}
_START: Final = datetime(2026, 1, 3, 4, tzinfo=UTC)
_COPIES: Final = ("exact", "respelled", "truncated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured a second against what is wanted."""

    name: str
    per_second: float
    wanted: float


def run(*, quick: bool) -> list[Figure]:
    """Print the table and return its rows; `quick` takes a tenth of the articles."""
    size = 500 if quick else 5000
    server = PostgresServer(fast=False)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        try:
            figures = _figures(Path(folder), server, size)
        finally:
            server.stop()
            server.remove()
    print(f"{'':<44}{'per second':>12}{'wanted':>9}")
    for one in figures:
        print(f"{one.name:<44}{one.per_second:>12,.0f}{one.wanted:>9,.0f}")
    return figures


def _figures(folder: Path, server: PostgresServer, size: int) -> list[Figure]:
    with (
        closing(_migrated(f"sqlite:///{folder / 'archive.db'}")) as sqlite,
        closing(_migrated(server.create("archive"))) as postgresql,
        closing(Database.open(server.create("moved"))) as moved,
    ):
        return [
            _rate("SQLite: articles, a commit each", size, 50, lambda: _fill(sqlite, size)),
            _rate("SQLite: the same again, unchanged", size, 50, lambda: _fill(sqlite, size)),
            _rate("PostgreSQL: articles, a commit each", size, 50, lambda: _fill(postgresql, size)),
            _rate("backup: articles", size, 1000, lambda: back_up(sqlite, folder / "copy.db")),
            _rate(
                "move to PostgreSQL: articles",
                size,
                100,
                lambda: move(sqlite, moved, progress=_silent),
            ),
            _rate("kept pages of 60 KB", 200, 50, lambda: _keep_pages(folder / "pages", 200)),
        ]


def _rate(name: str, count: int, wanted: float, work: Callable[[], object]) -> Figure:
    begin = time.perf_counter()
    work()
    return Figure(name=name, per_second=count / (time.perf_counter() - begin), wanted=wanted)


def _migrated(url: str) -> Database:
    database = Database.open(url)
    migrate(database)
    return database


def _fill(database: Database, size: int) -> None:
    for number, article in enumerate(_articles(size)):
        with database.write() as connection:
            archive(connection, article, roles=ROLES, now=_at(number))


def _articles(size: int) -> Iterator[Article]:
    """Half originals, half copies, as the press of a day is."""
    press = Press(seed=5)
    number = 0
    while number < size:
        text = press.narrative()
        copies = [press.copied(text, kind) for kind in _COPIES[: number % 3]]
        for one in (text, *copies):
            yield _article(number, one)
            number += 1


def _article(number: int, text: Text) -> Article:
    outlet_id = OUTLETS[number % len(OUTLETS)]
    url = f"https://{outlet_id}.example/{number}"
    claim = DateClaim(at=_at(number), source=DateSource.FEED, trust=Trust.EXACT, printed="")
    return Article(
        outlet_id=outlet_id,
        url=url,
        canonical_url=url,
        external_id=str(number),
        title=text.title,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=part) for part in text.paragraphs),
        published=claim,
        fetched_at=_at(number) + timedelta(minutes=2),
    )


def _at(number: int) -> datetime:
    return _START + timedelta(minutes=number)


def _keep_pages(folder: Path, count: int) -> None:
    text = "\n".join(part for one in _articles(40) for part in (block.text for block in one.blocks))
    with PageStore(folder, writer="bench") as store:
        for number in range(count):
            url = f"https://outlet.example/{number}"
            body = f"<p>{number}{text}".encode()[:60_000]
            store.keep(
                Page(requested_url=url, url=url, status=200, body=body, fetched_at=_at(number))
            )


def _silent(_table: str, _done: int, _of: int) -> None:
    """Hear the progress and say nothing."""


if __name__ == "__main__":
    run(quick=True)
