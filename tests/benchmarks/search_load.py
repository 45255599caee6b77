"""Load a large archive of invented texts at the disk's pace: the same rows that a visit writes."""

import random
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text

from crawler.article import Article, Block, BlockKind, DateClaim, DateSource, Trust
from persian.atoms import split
from persian.fold import fold
from storage.articles import article_row, count_articles, keep_article
from storage.codec import content_hash, said_of
from storage.copying import reset_numbering
from storage.database import Database
from storage.document import Document, document_of
from storage.evaluate import Analysed
from storage.index import INSERT_FTS, fts_row, index_article, index_row, ordinal_at, vector_of
from storage.migrate import migrate
from storage.query import TextField
from storage.relations import Relation
from storage.revisions import revision_row
from storage.schema.articles import articles, revisions, showings
from storage.schema.search import search_documents
from storage.schema.stories import stories, story_members

#: The last article is a minute old at this instant, and each is a minute older than the next.
NOW: Final = datetime(2025, 6, 1, tzinfo=UTC)
WORDS: Final = 350
_BATCH: Final = 2_000
_OUTLETS: Final = 60
_VOCABULARY: Final = 30_000
_LETTERS: Final = "ابپتجچحخدرزسشصضطعغفقکگلمنوهی"
_CHECKED: Final = 60
_MORE: Final = 300  # articles that come one by one into what is loaded
_GIN: Final = next(one for one in search_documents.indexes if "vector" in str(one.name))


class Press:
    """Invents articles: words as common as their rank says (Zipf), every third text a copy."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._chance = random.Random(7)
        self.vocabulary = _vocabulary(random.Random(1404))

    def articles(self) -> Iterator[tuple[int, Article]]:
        """Yield the articles with their ids, the oldest first."""
        body: list[str] = []
        for number in range(1, self._size + 1):
            if not _is_copy(number):
                body = self._words(WORDS - 9)
            yield number, self._article(number, [*self._words(9), *body])

    def more(self, count: int) -> Iterator[tuple[int, Article]]:
        """Yield articles that come after those, no copies."""
        for number in range(self._size + 1, self._size + count + 1):
            yield number, self._article(number, self._words(WORDS))

    def _words(self, count: int) -> list[str]:
        known = len(self.vocabulary)
        draw = self._chance.random
        return [self.vocabulary[min(int(known ** draw()) - 1, known - 1)] for _ in range(count)]

    def _article(self, number: int, words: list[str]) -> Article:
        at = NOW - timedelta(minutes=self._size - number + 1)
        url = f"http://bench.ir/{number}"
        return Article(
            outlet_id=f"bench-{number % _OUTLETS}",
            url=url,
            canonical_url=url,
            external_id=None,
            title=" ".join(words[:9]),
            lead=" ".join(words[9:40]),
            blocks=(Block(kind=BlockKind.PARAGRAPH, text=" ".join(words[40:])),),
            published=DateClaim(at=at, source=DateSource.FEED, trust=Trust.EXACT, printed=""),
            fetched_at=at + timedelta(minutes=1),
        )


def loaded(url: str, press: Press, size: int) -> Database:
    """Return the database as an earlier run left it, else filled now."""
    database = Database.open(url)
    migrate(database)
    with database.read() as connection:
        count = count_articles(connection)
    database.close()
    if count and not size <= count < 1.1 * size:
        raise ValueError(f"{url} holds {count:,} articles, not {size:,}: name an empty place")
    return Database.open(url) if count else load(url, press, size)


def load(url: str, press: Press, size: int) -> Database:
    """Fill a new database in batches; the index of PostgreSQL is built at the end, as a move is."""
    database = Database.open(url)
    migrate(database)
    begin = time.perf_counter()
    is_sqlite = database.dialect == "sqlite"
    with database.write() as connection:
        if not is_sqlite:
            _GIN.drop(connection)
    some: list[tuple[int, Article]] = []
    for one in press.articles():
        some.append(one)
        if len(some) == _BATCH or one[0] == size:
            with database.write() as connection:
                _put(connection, some, is_sqlite=is_sqlite)
            some = []
    with database.write() as connection:
        if not is_sqlite:
            _GIN.create(connection)
            reset_numbering(connection, articles.metadata)
        connection.execute(text("ANALYZE"))  # what autovacuum does within a minute
    taken = time.perf_counter() - begin
    print(f"{database.dialect}: loaded {size:,} articles in {taken:,.0f} s")
    return database


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What it costs to keep and index one more article, in milliseconds."""

    wall_ms: float
    cpu_ms: float


def take_in(database: Database) -> Intake:
    """Keep and index more articles, a commit each, the newest of all; they stay."""
    with database.read() as connection:
        before = count_articles(connection)
    walls, cpus = [], []
    for number, article in Press(before).more(_MORE):
        wall, cpu = time.perf_counter(), time.process_time()
        with database.write() as connection:
            kept = keep_article(connection, article)
            index_article(connection, kept.article_id, _document(article))
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
        with database.write() as connection:
            connection.execute(insert(stories), _story(number, article.fetched_at))
            connection.execute(insert(story_members), _member(number, article, is_copy=False))
    return Intake(wall_ms=1_000 * statistics.median(walls), cpu_ms=1_000 * statistics.mean(cpus))


def check_rows(one: Database, other: Database) -> None:
    """Refuse to measure a load that differs from what the archive itself writes."""
    press = Press(_CHECKED)
    load(one.url, press, _CHECKED).close()
    migrate(other)
    with other.write() as connection:
        for _, article in Press(_CHECKED).articles():
            kept = keep_article(connection, article)
            index_article(connection, kept.article_id, _document(article))
    for table in (articles, revisions, showings, search_documents):
        with one.read() as left, other.read() as right:
            ordered = select(table).order_by(*table.primary_key)
            if left.execute(ordered).all() != right.execute(ordered).all():
                raise AssertionError(f"the load writes other rows of {table.name}")


def _put(connection: Connection, some: list[tuple[int, Article]], *, is_sqlite: bool) -> None:
    rows = [_rows(number, article, is_sqlite=is_sqlite) for number, article in some]
    for table in (articles, revisions, showings, stories, story_members):
        found = [row[table.name] for row in rows if table.name in row]
        connection.execute(insert(table), found)
    indexed = [row["index"] for row in rows]
    if is_sqlite:
        connection.execute(insert(search_documents), indexed)
        entries = [fts_row(one["ordinal"], one["atoms"]) for one in indexed]
        connection.execute(INSERT_FTS, entries)
    else:
        connection.execute(_INSERT_VECTOR, indexed)


_INSERT_VECTOR: Final = text(
    "INSERT INTO search_documents(ordinal, article_id, role, names, town, atoms, vector) VALUES "
    "(:ordinal, :article_id, :role, :names, :town, :atoms, CAST(:vector AS tsvector))"
)


def _rows(number: int, article: Article, *, is_sqlite: bool) -> dict[str, dict[str, Any]]:
    at = article.fetched_at
    said = said_of(article)
    key = content_hash(said)
    analysed = Analysed(_document(article), atoms=_atoms(article))
    index = index_row(ordinal_at(_sort_at(article)), number, analysed)
    rows = {
        "articles": article_row(article) | {"id": number, "is_backfill": False},
        "revisions": revision_row(number, said, key, shown_at=at),
        "showings": {"article_id": number, "shown_at": at, "content_hash": key},
        "story_members": _member(number, article, is_copy=_is_copy(number)),
        "index": index if is_sqlite else index | {"vector": vector_of(analysed)},
    }
    return rows if _is_copy(number) else rows | {"stories": _story(number, at)}


def _story(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "original_article_id": number,
        "created_at": at,
        "is_rooted_by_hand": False,
    }


def _member(number: int, article: Article, *, is_copy: bool) -> dict[str, Any]:
    return {
        "article_id": number,
        "story_id": number - is_copy,
        "outlet_id": article.outlet_id,
        "relation": (Relation.COPY if is_copy else Relation.ORIGINAL).value,
        "source_article_id": number - 1 if is_copy else None,
        "credits": "[]",
        "claimed_at": _sort_at(article),
        "seen_at": article.fetched_at,
        "letters": len(article.body),
        "is_placed_by_hand": False,
    }


def _is_copy(number: int) -> bool:
    return number % 3 == 0


def _sort_at(article: Article) -> datetime:
    assert article.published is not None
    return article.published.at


def _document(article: Article) -> Document:
    return document_of(article, published_at=_sort_at(article))


def _atoms(article: Article) -> Mapping[TextField, list[str]]:
    """Return the words of a text whose words are known to be its atoms."""
    return MappingProxyType(
        {
            TextField.TITLE: article.title.split(" "),
            TextField.LEAD: (article.lead or "").split(" "),
            TextField.BODY: article.body.split(" "),
        }
    )


def _vocabulary(chance: random.Random) -> list[str]:
    """Invent words that are atoms as they stand: no fold changes them, no joint takes them."""
    lengths = (2, 3, 3, 4, 4, 5, 5, 6, 7)
    invented = {
        "".join(chance.choices(_LETTERS, k=chance.choice(lengths))) for _ in range(_VOCABULARY)
    }
    whole = (one for one in invented if split(fold(f"سنگ {one} سنگ")) == ["سنگ", one, "سنگ"])
    return sorted(whole, key=lambda word: (len(word), word))
