"""Measure what one more article costs in archives of different sizes (look-up, decision, commit).

Articles come at a steady rate. What stands in the window of a look-up are real texts as `place`
leaves them; what is older has the same rows and sizes with fingerprints drawn at random, since
nothing ever reads them.
"""

import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert

from crawler.article import Article
from storage.database import Database
from storage.fingerprints import PERIOD, period_of
from storage.migrate import migrate
from storage.schema.articles import articles
from storage.schema.stories import fingerprints, sketches, stories, story_members
from storage.sketch import Sketch, sketch
from storage.stories import place
from tests.benchmarks.same_story_eval import PlainOutlet, article_of, row_of
from tests.benchmarks.same_story_press import OUTLETS, Press, Text

A_DAY: Final = 1_000  # articles; forty outlets that print twenty-five each
_END: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
_READ_AGAIN: Final = 2 * PERIOD + timedelta(days=1)
_BATCH: Final = 1_000
_POOL: Final = 500
_COMMON: Final = 6  # stories in which `place` still adds a hash
_MEASURED: Final = 1_500
_ROLES: Final = {name: PlainOutlet(name=name, id=name) for name in OUTLETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The cost of one more article in an archive of a size; `cpu_ms` leaves out waiting."""

    archived: int
    median_ms: float
    cpu_ms: float
    articles_per_second: float


def grow(size: int) -> Growth:
    """Fill an archive with `size` articles and place some more."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'archive.db'}")
        migrate(database)
        press = Press(size)
        recent = _Filler(press).fill(database, size)
        walls, cpus = _place_more(database, press, recent, size)
        database.close()
    return Growth(
        archived=size,
        median_ms=1000 * statistics.median(walls),
        cpu_ms=1000 * statistics.median(cpus),
        articles_per_second=len(walls) / sum(walls),
    )


class _Filler:
    """Writes articles in batches as `place` would leave them one by one."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._chance = random.Random(5)
        self._pool = [_drawn(press.narrative()) for _ in range(_POOL)]
        self._period = 0
        self._stories: Counter[int] = Counter()

    def fill(self, database: Database, size: int) -> list[Text]:
        """Write `size` articles up to the end; return the texts of the last day."""
        recent: list[Text] = []
        for start in range(1, size + 1, _BATCH):
            numbers = range(start, min(start + _BATCH, size + 1))
            with database.write() as connection:
                texts = self._write_batch(connection, numbers, size)
            recent = [*recent, *texts][-A_DAY:]
        return recent

    def _write_batch(self, connection: Connection, numbers: range, size: int) -> list[Text]:
        at = [_END - timedelta(days=(size - number) / A_DAY) for number in numbers]
        is_read_again = at[-1] >= _END - _READ_AGAIN
        if is_read_again:
            drawn = [_drawn(self._press.narrative()) for _ in numbers]
        else:
            drawn = self._chance.choices(self._pool, k=len(numbers))
        rows = list(zip(numbers, at, drawn, strict=True))
        arrived = [(number, _article(number, text, at_), at_) for number, at_, (text, _) in rows]
        connection.execute(insert(articles), [row_of(number, one) for number, one, _ in arrived])
        connection.execute(insert(stories), [_story(number, at_) for number, _, at_ in arrived])
        connection.execute(
            insert(story_members), [_member(number, one) for number, one, _ in arrived]
        )
        connection.execute(
            insert(sketches), [_sketch_row(number, at_, one) for number, at_, (_, one) in rows]
        )
        connection.execute(
            insert(fingerprints),
            [
                {"period": period_of(at_), "hash": one, "article_id": number}
                for number, at_, (_, sketched) in rows
                for one in self._hashes(sketched, at_, is_real=is_read_again)
            ],
        )
        return [text for text, _ in drawn]

    def _hashes(self, one: Sketch, at: datetime, *, is_real: bool) -> Iterator[int]:
        """Return an article's hashes, without those that are common in its period already."""
        if not is_real:
            yield from (self._chance.getrandbits(63) for _ in one.fingerprints)
            return
        if period_of(at) != self._period:
            self._period = period_of(at)
            self._stories.clear()
        for each in one.fingerprints:
            self._stories[each] += 1
            if self._stories[each] <= _COMMON:
                yield each


def _drawn(text: Text) -> tuple[Text, Sketch]:
    return text, sketch(text.title, "\n".join(text.paragraphs))


def _article(number: int, text: Text, at: datetime) -> Article:
    row = {
        "title": text.title,
        "text": "\n".join(text.paragraphs),
        "source": OUTLETS[number % len(OUTLETS)],
        "published": at.replace(tzinfo=None).isoformat(),
    }
    return article_of(row, number, at)


def _story(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "original_article_id": number,
        "created_at": at,
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


def _sketch_row(number: int, at: datetime, one: Sketch) -> dict[str, Any]:
    return {"article_id": number, "at": at, "title": one.title, "body": one.text}


def _place_more(
    database: Database, press: Press, recent: Sequence[Text], size: int
) -> tuple[list[float], list[float]]:
    """Place fresh articles and copies of the last day's, two to one; time each on both clocks."""
    walls, cpus = [], []
    for turn, text in enumerate(islice(_arriving(press, recent), _MEASURED), start=1):
        number = size + turn
        article = replace(_article(number, text, _END), fetched_at=_END + timedelta(seconds=turn))
        with database.write() as connection:
            connection.execute(insert(articles), row_of(number, article))
        wall, cpu = time.perf_counter(), time.process_time()
        with database.write() as connection:
            place(connection, number, article, roles=_ROLES, now=article.fetched_at, is_new=True)
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return walls, cpus


def _arriving(press: Press, recent: Sequence[Text]) -> Iterator[Text]:
    while True:
        yield press.narrative()
        yield press.narrative()
        yield press.copied(press.draw.choice(recent), "respelled")
