"""The tables of what was said: articles, their revisions, and when each text was shown."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.schema.metadata import metadata
from storage.schema.types import RowId, UtcDateTime

#: One page of one outlet. `about` is what the codec keeps beside the said text (dates, credits,
#: tags …); `sort_at` is the instant lists are ordered by, newest first.
articles: Final = Table(
    "articles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("outlet_id", String(80), nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("external_id", Text),
    Column("title", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("about", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("published_at", UtcDateTime),
    Column("sort_at", UtcDateTime, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("is_backfill", Boolean, nullable=False),
    UniqueConstraint("outlet_id", "canonical_url"),
    Index(None, "outlet_id", "external_id"),
    Index(None, "outlet_id", "sort_at"),
    Index(None, "sort_at", "id"),
    Index(None, "first_seen_at"),
)

#: Every text a page has shown, once each; the key is what it says.
revisions: Final = Table(
    "revisions",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("content_hash", String(64), primary_key=True),
    Column("said", Text, nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("first_shown_at", UtcDateTime, nullable=False),
    Column("last_shown_at", UtcDateTime, nullable=False),
)

#: Each change of what a page shows, a return to an earlier text included.
showings: Final = Table(
    "showings",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("shown_at", UtcDateTime, primary_key=True),
    Column("content_hash", String(64), nullable=False),
)
