"""Keep articles, one row per outlet and canonical URL, and read them back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from crawler.article import Article
from storage.codec import (
    Keys,
    Said,
    content_hash,
    decode_article,
    encode_about,
    said_of,
    storable,
)
from storage.errors import UnknownRecordError
from storage.revisions import keep_late_showing, keep_revision, keep_showing, word_count
from storage.schema.articles import articles, revisions
from storage.sort_instant import published_instant, sort_instant
from storage.upsert import insert_of

#: An index row of PostgreSQL takes 2,704 bytes; a feed's guid may be longer.
MAX_ID_LETTERS: Final = 500


class Outcome(StrEnum):
    """What one reading of a page was to the archive."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What `keep_article` did, and under which id the article stands.

    `sort_at` is its place in time. `is_retouched` tells that its text stayed and something about it
    (tags, credits, dates) did not. `before` is what a revised article said until now.
    """

    article_id: int
    outcome: Outcome
    sort_at: datetime
    is_retouched: bool = False
    before: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article as the archive holds it: its latest text, and when it was seen.

    `sort_at` orders lists: the publication as far as it can be believed, else the first reading.
    `article.fetched_at` is the latest reading.
    """

    id: int
    article: Article
    content_hash: str
    word_count: int
    published_at: datetime | None
    sort_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    is_backfill: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the list newest first: the last article of a page of it."""

    sort_at: datetime
    article_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """The row of an address that is in the archive already."""

    id: int
    content_hash: str
    about: str
    sort_at: datetime
    last_seen_at: datetime

    def unchanged(self, *, is_retouched: bool = False) -> Kept:
        """Say that its text stayed."""
        return Kept(
            article_id=self.id,
            outcome=Outcome.UNCHANGED,
            sort_at=self.sort_at,
            is_retouched=is_retouched,
        )

    def revised(self, before: Article) -> Kept:
        """Say that its text changed."""
        return Kept(
            article_id=self.id, outcome=Outcome.REVISED, sort_at=self.sort_at, before=before
        )


def keep_article(connection: Connection, article: Article, *, backfill: bool = False) -> Kept:
    """Keep one reading of a page: its article, its text, and when it was shown. Repeatable.

    A reading older than the latest one kept adds to the history and changes nothing else.
    """
    said = said_of(article)
    row = article_row(article) | {"is_backfill": backfill}
    said_hash = row["content_hash"]
    sort_at = row["sort_at"]
    article_id = _insert(connection, row)
    if article_id is not None:
        _keep_text(connection, article_id, said, said_hash, article.fetched_at)
        return Kept(article_id=article_id, outcome=Outcome.NEW, sort_at=sort_at)
    standing = _lock(connection, article)
    if article.fetched_at < standing.last_seen_at:
        keep_revision(connection, standing.id, said, said_hash, shown_at=article.fetched_at)
        keep_late_showing(connection, standing.id, said_hash, shown_at=article.fetched_at)
        return standing.unchanged()
    return _keep_newer(connection, standing, article, said, said_hash)


def get_article(connection: Connection, article_id: int) -> ArchivedArticle:
    """Return one article; raise UnknownRecordError when there is none of this id."""
    found = _read(connection, _whole().where(articles.c.id == article_id))
    if not found:
        raise UnknownRecordError("no article {number} in the archive", number=article_id)
    return found[0]


def get_articles(
    connection: Connection, article_ids: Collection[int]
) -> dict[int, ArchivedArticle]:
    """Return the articles of these ids that exist, by id."""
    found = _read(connection, _whole().where(articles.c.id.in_(article_ids)))
    return {archived.id: archived for archived in found}


def find_article(
    connection: Connection, outlet_id: str, canonical_url: str
) -> ArchivedArticle | None:
    """Return the article of this address, if the archive has it."""
    found = _read(connection, _whole().where(_is_at(outlet_id, canonical_url)))
    return found[0] if found else None


def latest_articles(
    connection: Connection,
    *,
    limit: int,
    before: Position | None = None,
    outlet_id: str | None = None,
) -> tuple[ArchivedArticle, ...]:
    """List articles newest first, from after a position; every page costs the same."""
    statement = _whole().order_by(articles.c.sort_at.desc(), articles.c.id.desc()).limit(limit)
    if outlet_id is not None:
        statement = statement.where(articles.c.outlet_id == outlet_id)
    if before is not None:
        earlier = articles.c.sort_at < before.sort_at
        tied = and_(articles.c.sort_at == before.sort_at, articles.c.id < before.article_id)
        statement = statement.where(
            articles.c.sort_at <= before.sort_at,  # what the index can seek to
            or_(earlier, tied),
        )
    return _read(connection, statement)


def count_articles(connection: Connection, *, outlet_id: str | None = None) -> int:
    """Count the articles of the archive, or of one outlet."""
    statement = select(func.count()).select_from(articles)
    if outlet_id is not None:
        statement = statement.where(articles.c.outlet_id == outlet_id)
    return connection.execute(statement).scalar_one()


def article_row(article: Article) -> dict[str, Any]:
    """Return the row of an article read for the first time, but for whether it is a backfill."""
    said = said_of(article)
    return _reading(article, said, content_hash(said)) | {
        "outlet_id": article.outlet_id,
        "canonical_url": article.canonical_url,
        "first_seen_at": article.fetched_at,
        "sort_at": sort_instant(article.published, article.fetched_at),
    }


def _insert(connection: Connection, row: dict[str, Any]) -> int | None:
    """Insert the row; return None when the address stands already."""
    inserted = connection.execute(_insert_statement(connection.dialect.name), row)
    return inserted.scalar_one_or_none()


@cache
def _insert_statement(dialect: str) -> ReturningInsert[Any]:
    """Build the statement once: building costs as much as running it."""
    return insert_of(dialect, articles).on_conflict_do_nothing().returning(articles.c.id)


def _keep_newer(
    connection: Connection, standing: _Standing, article: Article, said: Said, said_hash: str
) -> Kept:
    """Take over what the newest reading says; the place in time and the first reading stay."""
    reading = _reading(article, said, said_hash)
    take_over = update(articles).where(articles.c.id == standing.id).values(**reading)
    if standing.content_hash != said_hash:
        before = get_article(connection, standing.id).article
        connection.execute(take_over)
        _keep_text(connection, standing.id, said, said_hash, article.fetched_at)
        return standing.revised(before)
    connection.execute(take_over)
    keep_revision(connection, standing.id, said, said_hash, shown_at=article.fetched_at)
    return standing.unchanged(is_retouched=standing.about != reading["about"])


def _reading(article: Article, said: Said, said_hash: str) -> dict[str, Any]:
    return {
        "external_id": _id_key(article.external_id),
        "title": storable(article.title),
        "content_hash": said_hash,
        "about": encode_about(article),
        "language": article.language,
        "word_count": word_count(said),
        "published_at": published_instant(article.published),
        "last_seen_at": article.fetched_at,
    }


def _id_key(external_id: str | None) -> str | None:
    """Shorten an id to what an index takes; the whole stands in `about`."""
    return None if external_id is None else storable(external_id)[:MAX_ID_LETTERS]


def _keep_text(
    connection: Connection, article_id: int, said: Said, said_hash: str, shown_at: datetime
) -> None:
    keep_revision(connection, article_id, said, said_hash, shown_at=shown_at)
    keep_showing(connection, article_id, said_hash, shown_at=shown_at)


def _lock(connection: Connection, article: Article) -> _Standing:
    """Read the row that stands, and keep other writers off it until the transaction ends."""
    columns = (
        articles.c.id,
        articles.c.content_hash,
        articles.c.about,
        articles.c.sort_at,
        articles.c.last_seen_at,
    )
    statement = select(*columns).where(_is_at(article.outlet_id, article.canonical_url))
    # key_share: rows that only refer to this one may be written meanwhile
    row = connection.execute(statement.with_for_update(key_share=True)).one()
    return _Standing(
        id=row.id,
        content_hash=row.content_hash,
        about=row.about,
        sort_at=row.sort_at,
        last_seen_at=row.last_seen_at,
    )


def _is_at(outlet_id: str, canonical_url: str) -> ColumnElement[bool]:
    return and_(articles.c.outlet_id == outlet_id, articles.c.canonical_url == canonical_url)


def _whole() -> Select[Any]:
    shown = and_(
        revisions.c.article_id == articles.c.id,
        revisions.c.content_hash == articles.c.content_hash,
    )
    return select(articles, revisions.c.said).join(revisions, shown)


def _read(connection: Connection, statement: Select[Any]) -> tuple[ArchivedArticle, ...]:
    return tuple(_archived(row) for row in connection.execute(statement))


def _archived(row: Row[Any]) -> ArchivedArticle:
    keys = Keys(
        outlet_id=row.outlet_id,
        canonical_url=row.canonical_url,
        language=row.language,
        fetched_at=row.last_seen_at,
    )
    return ArchivedArticle(
        id=row.id,
        article=decode_article(keys, said=row.said, about=row.about),
        content_hash=row.content_hash,
        word_count=row.word_count,
        published_at=row.published_at,
        sort_at=row.sort_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        is_backfill=row.is_backfill,
    )
