"""Build the search index of another database anew from the articles, in the order of time."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Table

from storage.articles import ArchivedArticle, get_articles
from storage.copying import Key, key_of, next_rows
from storage.document import Document, document_of
from storage.index import index_article


def index_batch(
    old: Connection, new: Connection, table: Table, after: Key | None, limit: int
) -> tuple[Key | None, int]:
    """Index the next articles of the old index in the new database; return how far that is.

    What the index knows of an outlet (role, names, town) is taken over from the old one: the
    outlet may have left the catalogue since.
    """
    rows = old.execute(next_rows(table, after, limit)).all()
    found = get_articles(old, [row.article_id for row in rows])
    for row in rows:
        index_article(new, row.article_id, _document(found[row.article_id], row))
    return (key_of(table, rows[-1]) if rows else after), len(rows)


def _document(archived: ArchivedArticle, row: Row[Any]) -> Document:
    return replace(
        document_of(archived.article, published_at=archived.sort_at),
        outlet_names=tuple(row.names.split("\n")) if row.names else (),
        role=row.role,
        town=row.town,
    )
