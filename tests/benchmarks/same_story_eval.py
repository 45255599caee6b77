"""Run the archive's own same-story decision over a list of articles, for an outside harness.

`cluster` takes `{id, title, text, source, published}` in arrival order and returns the cluster of
each with the original of every cluster. It writes a real SQLite archive, one commit an article.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from crawler.article import Article, Block, BlockKind, DateClaim, DateSource, Trust
from crawler.credits import find_credits
from crawler.names import NameDirectory, OwnNames
from crawler.tails import split_tail
from storage.database import Database
from storage.migrate import migrate
from storage.schema.articles import articles
from storage.schema.stories import stories, story_members
from storage.stories import place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainOutlet:
    """An outlet of which nothing but its name is known."""

    name: str
    id: str
    aliases: tuple[str, ...] = ()
    homepage: str = "https://unknown.invalid/"
    role: str = "local"
    group: str | None = None


def cluster(rows: Sequence[dict[str, Any]]) -> tuple[list[int], dict[int, Any]]:
    """Return the story of every article, and the id of every story's original."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'archive.db'}")
        migrate(database)
        _place_all(database, rows)
        with database.read() as connection:
            placed = connection.execute(
                select(story_members.c.story_id, stories.c.original_article_id)
                .join(stories, stories.c.id == story_members.c.story_id)
                .order_by(story_members.c.article_id)
            ).all()
        database.close()
    originals = {one.story_id: rows[one.original_article_id - 1]["id"] for one in placed}
    return [one.story_id for one in placed], originals


def _place_all(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    names = sorted({row["source"] for row in rows})
    roles = {name: PlainOutlet(name=name, id=name) for name in names}
    arriving = dict(enumerate(_articles(rows, NameDirectory.of(roles.values())), start=1))
    with database.write() as connection:
        rows_ = [row_of(number, article) for number, article in arriving.items()]
        connection.execute(insert(articles), rows_)
    for number, article in arriving.items():
        with database.write() as connection:
            place(connection, number, article, roles=roles, now=article.fetched_at, is_new=True)


def _articles(rows: Sequence[dict[str, Any]], directory: NameDirectory) -> Iterator[Article]:
    """Turn rows into articles, each read after the one before and after its own publication."""
    clock = datetime.min.replace(tzinfo=UTC)
    for number, row in enumerate(rows, start=1):
        clock = max(clock, _published(row)) + timedelta(seconds=1)
        own = OwnNames.of(PlainOutlet(name=row["source"], id=row["source"]))
        article = article_of(row, number, clock)
        credits_ = find_credits(article.text, outlet=own, directory=directory, tail=article.tail)
        yield replace(article, credits=credits_)


def _published(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)


def article_of(row: dict[str, Any], number: int, fetched_at: datetime) -> Article:
    """Turn one row of a set into an article read at `fetched_at`."""
    at = _published(row)
    is_day = (at.hour, at.minute) == (0, 0)
    lines = row["text"].split("\n")
    blocks, tail = split_tail([Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines])
    return Article(
        outlet_id=row["source"],
        url=f"https://{number}.test/",
        canonical_url=f"https://{number}.test/",
        external_id=None,
        title=row["title"],
        blocks=blocks,
        tail=tail,
        published=DateClaim(
            at=at,
            source=DateSource.META,
            trust=Trust.DAY if is_day else Trust.EXACT,
            printed=row["published"],
        ),
        fetched_at=fetched_at,
    )


def row_of(number: int, article: Article) -> dict[str, Any]:
    """Return the least of an article's own row that the story tables refer to."""
    return {
        "id": number,
        "outlet_id": article.outlet_id,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "content_hash": "",
        "about": "{}",
        "language": "fa",
        "word_count": 0,
        "sort_at": article.fetched_at,
        "first_seen_at": article.fetched_at,
        "last_seen_at": article.fetched_at,
        "is_backfill": False,
    }
