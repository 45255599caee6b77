"""Fill an archive in bulk with articles as `place` would have left them one by one.

What is real: in the window that a look-up reaches, every article is a text of its own, with the
sketch and the fingerprints of that text; a hash gets as many postings in a period as `place` would
give it, so that chance meetings and common phrases are as frequent as in a real intake.

What is simulated: whatever is older has rows of the same kinds, sizes and keys, but takes turns
with a pool of texts and has fingerprints drawn at random, since no look-up ever reads them; every
article filled in is the original of its own story; credits and evidence are left out.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, insert

from crawler.article import Article
from storage.database import Database
from storage.fingerprints import PERIOD, period_of
from storage.schema.articles import articles
from storage.schema.stories import sketches, stories, story_members
from storage.sketch import Sketch, sketch
from tests.benchmarks.same_story_eval import article_of, row_of
from tests.benchmarks.same_story_press import OUTLETS, Press, Text

A_DAY: Final = 1_000  # articles; forty outlets that print twenty-five each
END: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
_IN_REACH: Final = 2 * PERIOD + timedelta(days=1)
_BATCH: Final = 5_000
_POOL: Final = 500
_COMMON: Final = 6  # stories in which `place` still adds a hash
_HASHES_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One text with what the archive keeps of it."""

    text: Text
    sketch: Sketch
    row: dict[str, Any]


class Filler:
    """Writes articles in batches."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._chance = random.Random(5)
        self._hashes = np.random.default_rng(5)
        self._pool = [self._fresh() for _ in range(_POOL)]
        self._period = 0
        self._stories: Counter[int] = Counter()

    def fill(self, database: Database, size: int) -> list[Text]:
        """Write `size` articles up to the end; return the texts of the last day."""
        recent: list[Text] = []
        for start in range(1, size + 1, _BATCH):
            numbers = range(start, min(start + _BATCH, size + 1))
            times = [END - timedelta(days=(size - number) / A_DAY) for number in numbers]
            is_in_reach = times[-1] >= END - _IN_REACH
            pieces = [self._fresh() if is_in_reach else self._any() for _ in numbers]
            with database.write() as connection:
                _write_rows(connection, numbers, times, pieces)
                rows = (
                    self._real(numbers, times, pieces)
                    if is_in_reach
                    else (self._random(numbers, times, pieces))
                )
                _write_fingerprints(connection, sorted(rows))
            recent = [*recent, *(piece.text for piece in pieces)][-A_DAY:]
        return recent

    def _fresh(self) -> Piece:
        text = self._press.narrative()
        row = row_of(0, article(0, text, END))
        return Piece(text=text, sketch=sketch(text.title, "\n".join(text.paragraphs)), row=row)

    def _any(self) -> Piece:
        return self._chance.choice(self._pool)

    def _real(
        self, numbers: Sequence[int], times: Sequence[datetime], pieces: Sequence[Piece]
    ) -> Iterator[tuple[int, int, int]]:
        """Return the articles' fingerprints, without those that are common in their period."""
        for number, at, piece in zip(numbers, times, pieces, strict=True):
            if period_of(at) != self._period:
                self._period = period_of(at)
                self._stories.clear()
            for one in piece.sketch.fingerprints:
                self._stories[one] += 1
                if self._stories[one] <= _COMMON:
                    yield self._period, one, number

    def _random(
        self, numbers: Sequence[int], times: Sequence[datetime], pieces: Sequence[Piece]
    ) -> Iterator[tuple[int, int, int]]:
        """Return as many fingerprints for every article as its text has, drawn at random."""
        for number, at, piece in zip(numbers, times, pieces, strict=True):
            period = period_of(at)
            drawn = self._hashes.integers(_HASHES_MAX, size=len(piece.sketch.fingerprints))
            for one in drawn.tolist():
                yield period, one, number


def article(number: int, text: Text, at: datetime) -> Article:
    """Print a text as an article of one of the outlets."""
    row = {
        "title": text.title,
        "text": "\n".join(text.paragraphs),
        "source": OUTLETS[number % len(OUTLETS)],
        "published": at.replace(tzinfo=None).isoformat(),
    }
    return article_of(row, number, at)


def _write_rows(
    connection: Connection,
    numbers: Sequence[int],
    times: Sequence[datetime],
    pieces: Sequence[Piece],
) -> None:
    rows = list(zip(numbers, times, pieces, strict=True))
    connection.execute(insert(articles), [_article_row(*one) for one in rows])
    connection.execute(insert(stories), [_story_row(number, at) for number, at, _ in rows])
    connection.execute(insert(story_members), [_member_row(number, at) for number, at, _ in rows])
    connection.execute(
        insert(sketches), [_sketch_row(number, at, piece.sketch) for number, at, piece in rows]
    )


def _write_fingerprints(connection: Connection, rows: Sequence[tuple[int, int, int]]) -> None:
    """Write them in the order of the index, by the driver itself."""
    cursor = connection.connection.cursor()
    cursor.executemany(
        "INSERT OR IGNORE INTO fingerprints (period, hash, article_id) VALUES (?, ?, ?)", rows
    )
    cursor.close()


def _article_row(number: int, at: datetime, piece: Piece) -> dict[str, Any]:
    return piece.row | {
        "id": number,
        "outlet_id": _outlet(number),
        "canonical_url": f"https://{number}.test/",
        "sort_at": at,
        "first_seen_at": at,
        "last_seen_at": at,
    }


def _outlet(number: int) -> str:
    return OUTLETS[number % len(OUTLETS)]


def _story_row(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "original_article_id": number,
        "created_at": at,
        "is_rooted_by_hand": False,
    }


def _member_row(number: int, at: datetime) -> dict[str, Any]:
    return {
        "article_id": number,
        "story_id": number,
        "outlet_id": _outlet(number),
        "relation": "original",
        "credits": "[]",
        "seen_at": at,
        "letters": 500,
        "is_placed_by_hand": False,
    }


def _sketch_row(number: int, at: datetime, one: Sketch) -> dict[str, Any]:
    return {"article_id": number, "at": at, "title": one.title, "body": one.text}
