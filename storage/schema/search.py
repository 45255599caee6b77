"""The tables of the search index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL."""

from typing import Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.schema.metadata import metadata
from storage.schema.types import RowId

#: The FTS5 table's columns; its rowid is `search_documents.ordinal`.
FTS_COLUMNS: Final = (
    "title",
    "lead",
    "body",
    "tag",
    "section",
    "credit",
    "reporter",
    "outlet",
    "town",
    "facts",
)

#: One row per searchable article. `ordinal` orders by publication: its second times 65,536, plus a
#: number within the second. `names` are the outlet's, one a line. `atoms` are the words as they
#: were read (`storage.kept_atoms`): queries are verified on them, FTS5's tokens follow from them.
search_documents: Final = Table(
    "search_documents",
    metadata,
    Column("ordinal", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("names", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("atoms", LargeBinary, nullable=False),
    Column("vector", Text().with_variant(TSVECTOR(), "postgresql")),
    Index("ix_search_documents_vector", "vector", postgresql_using="gin").ddl_if(
        dialect="postgresql"
    ),
)

#: The topics that fired for an article.
search_topics: Final = Table(
    "search_topics",
    metadata,
    Column("topic_id", String(80), primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Index(None, "article_id"),
)

_CREATE_FTS: Final = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    f"CREATE VIRTUAL TABLE search_fts USING fts5({', '.join(FTS_COLUMNS)}, "
    "content='', columnsize=0, tokenize='ascii')"
)
_DROP_FTS: Final = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    "DROP TABLE IF EXISTS search_fts"
)

event.listen(search_documents, "after_create", _CREATE_FTS.execute_if(dialect="sqlite"))
event.listen(search_documents, "before_drop", _DROP_FTS.execute_if(dialect="sqlite"))
