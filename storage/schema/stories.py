"""The tables of who said it first: stories, their members, links, history, and the fingerprints."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.schema.metadata import metadata
from storage.schema.types import RowId, UtcDateTime

#: One story: the text somebody wrote first and everybody who ran it. `origin` is the press office
#: behind the original; `merged_into` leads on from a story that another one took in.
stories: Final = Table(
    "stories",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("original_article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("origin", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("merged_into", RowId, ForeignKey("stories.id")),
    Column("is_rooted_by_hand", Boolean, nullable=False),
    Index(None, "created_at"),
    Index(None, "original_article_id"),
)

#: Each article's place in exactly one story. `source_article_id` is the article it was compared
#: with; `credits` is JSON of the sources it names; `evidence` JSON of what was seen.
story_members: Final = Table(
    "story_members",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("story_id", RowId, ForeignKey("stories.id"), nullable=False),
    Column("outlet_id", String(80), nullable=False),
    Column("relation", String(16), nullable=False),
    Column("source_article_id", RowId),
    Column("credits", Text, nullable=False),
    Column("evidence", Text),
    Column("claimed_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("is_placed_by_hand", Boolean, nullable=False),
    Index(None, "story_id"),
    Index(None, "outlet_id", "seen_at"),
)

#: What belongs together without being one text: `same_event` and `digest`.
story_links: Final = Table(
    "story_links",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("story_id", RowId, ForeignKey("stories.id"), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("evidence", Text),
    Column("linked_at", UtcDateTime, nullable=False),
    Index(None, "story_id"),
)

#: What happened to a story after its birth: re-rooted, merged, split, moved; by whom and why.
story_events: Final = Table(
    "story_events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("story_id", RowId, ForeignKey("stories.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("article_id", RowId),
    Column("before", RowId),
    Column("after", RowId),
    Column("by_whom", Text),
    Column("why", Text, nullable=False),
    Column("happened_at", UtcDateTime, nullable=False),
    Index(None, "story_id"),
)

#: The folded words a later comparison needs; rows outside the window can be forgotten.
sketches: Final = Table(
    "sketches",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("external_id", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
)

#: Winnowed hashes by period, so that what a look-up touches does not grow with the archive.
fingerprints: Final = Table(
    "fingerprints",
    metadata,
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", RowId, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
