"""Run the archive's own same-story decision over a list of articles, for an outside harness.

`cluster` takes `{id, title, text, source, published}` in arrival order and returns the cluster of
each with the original of every cluster. It writes a real SQLite archive, one commit an article.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from crawler.article import Article, Block, BlockKind, DateClaim, DateSource, Trust
from storage.database import Database
from storage.migrate import migrate
from storage.schema.articles import articles
from storage.stories import Placement, place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainOutlet:
    """An outlet of which nothing but its name is known."""

    role: str = "local"
    group: str | None = None


def cluster(rows: Sequence[dict[str, Any]]) -> tuple[list[int], dict[int, Any]]:
    """Return the story of every article, and the id of every story's original."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'archive.db'}")
        migrate(database)
        placed = _place_all(database, rows)
        database.close()
    originals = {one.story_id: rows[one.original_article_id - 1]["id"] for one in placed}
    return [one.story_id for one in placed], originals


def _place_all(database: Database, rows: Sequence[dict[str, Any]]) -> list[Placement]:
    roles = {row["source"]: PlainOutlet() for row in rows}
    placed = []
    clock = datetime.min.replace(tzinfo=UTC)
    for number, row in enumerate(rows, start=1):
        clock = max(clock, _published(row)) + timedelta(seconds=1)
        article = article_of(row, number, clock)
        with database.write() as connection:
            keep_row(connection, number, article)
            placed.append(place(connection, number, article, roles=roles, now=clock))
    return placed


def _published(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)


def article_of(row: dict[str, Any], number: int, fetched_at: datetime) -> Article:
    """Turn one row of a set into an article read at `fetched_at`."""
    at = _published(row)
    is_day = (at.hour, at.minute) == (0, 0)
    return Article(
        outlet_id=row["source"],
        url=f"https://{number}.test/",
        canonical_url=f"https://{number}.test/",
        external_id=None,
        title=row["title"],
        blocks=tuple(
            Block(kind=BlockKind.PARAGRAPH, text=line) for line in row["text"].split("\n")
        ),
        published=DateClaim(
            at=at,
            source=DateSource.META,
            trust=Trust.DAY if is_day else Trust.EXACT,
            printed=row["published"],
        ),
        fetched_at=fetched_at,
    )


def keep_row(connection: Connection, number: int, article: Article) -> None:
    """Write the least of an article's own row that the story tables refer to."""
    connection.execute(
        insert(articles).values(
            id=number,
            outlet_id=article.outlet_id,
            canonical_url=article.canonical_url,
            external_id=None,
            title=article.title,
            content_hash="",
            about="{}",
            language="fa",
            word_count=0,
            published_at=None,
            sort_at=article.fetched_at,
            first_seen_at=article.fetched_at,
            last_seen_at=article.fetched_at,
            is_backfill=False,
        )
    )
