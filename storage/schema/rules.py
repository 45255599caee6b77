"""The tables of what people watch for: rules with their versions, matches, and feedback on them."""

from typing import Final

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from storage.schema.metadata import metadata
from storage.schema.types import RowId, UtcDateTime

#: A saved rule; `version` is the one in force. Topics are files and have no row here.
rules: Final = Table(
    "rules",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

#: Every query a rule has had, as text; never changed once written.
rule_versions: Final = Table(
    "rule_versions",
    metadata,
    Column("rule_id", String(120), ForeignKey("rules.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("query", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

#: A rule or topic that fired for a story: once per rule and story, with the first article that did
#: it and why (JSON). `rule_version` is 0 for a topic.
matches: Final = Table(
    "matches",
    metadata,
    Column("rule_id", String(120), primary_key=True),
    Column("story_id", RowId, ForeignKey("stories.id"), primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("matched_at", UtcDateTime, nullable=False),
    Index(None, "story_id"),
    Index(None, "rule_id", "matched_at"),
)

#: What a reader said of an alert: one opinion per rule, article and reader, the last one counts.
feedback: Final = Table(
    "feedback",
    metadata,
    Column("rule_id", String(120), primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True),
    Column("reader", String(120), primary_key=True),
    Column("is_relevant", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
)
