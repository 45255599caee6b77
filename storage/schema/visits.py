"""The tables of the crawl: outlet states, ways in, visits, pages known and pages kept."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.schema.metadata import metadata
from storage.schema.types import RowId, UtcDateTime

#: Where each outlet stands: when it is due, how it fares and since when.
outlet_states: Final = Table(
    "outlet_states",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("next_visit_at", UtcDateTime, index=True),
    Column("interval_seconds", Float),
    Column("health", String(24), nullable=False),
    Column("health_since_at", UtcDateTime, nullable=False),
    Column("reason_data", JSON(none_as_null=True)),
    Column("consecutive_failures", Integer, nullable=False),
    Column("last_visit_at", UtcDateTime),
    Column("first_success_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
)

#: Every change of an outlet's health: the events that messages and the outlets page tell.
health_changes: Final = Table(
    "health_changes",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("changed_at", UtcDateTime, primary_key=True),
    Column("before", String(24)),
    Column("after", String(24), nullable=False),
    Column("reason_data", JSON(none_as_null=True)),
    Index(None, "changed_at"),
)

#: What a conditional GET of a feed, sitemap or list sends next time.
ways_in: Final = Table(
    "ways_in",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("read_at", UtcDateTime, nullable=False),
)

#: The fetch log: one row per visit, keyed by the name the engine gave it.
visits: Final = Table(
    "visits",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("outlet_id", String(80), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", String(16), nullable=False),
    Column("found", Integer, nullable=False),
    Column("read", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("missing", Text),
    Column("failure_kind", String(40)),
    Column("failure_detail", Text),
    Index(None, "outlet_id", "started_at"),
    Index(None, "started_at"),
)

#: What each way in gave during one visit.
visit_ways: Final = Table(
    "visit_ways",
    metadata,
    Column("visit_id", String(160), ForeignKey("visits.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("found", Integer, nullable=False),
    Column("failure_kind", String(40)),
    Column("failure_detail", Text),
)

#: Every page discovery has named, so that each is read once, and again only for a reason. `due_at`
#: is when to read it (again), null when nothing is to be done; `entry` is what discovery said, and
#: `entry_hashes` what each way in has said of it so far (the last few).
known_pages: Final = Table(
    "known_pages",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("canonical_url", Text, primary_key=True),
    Column("entry", Text, nullable=False),
    Column("entry_hashes", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("read_at", UtcDateTime),
    Column("article_id", RowId, ForeignKey("articles.id"), index=True),
    Column("attempts", Integer, nullable=False),
    Column("failure_kind", String(40)),
    Column("failure_detail", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Index(None, "outlet_id", "due_at"),
)

#: Where in the kept pages (WARC files) one reading of one page lies.
kept_pages: Final = Table(
    "kept_pages",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("canonical_url", Text, primary_key=True),
    Column("fetched_at", UtcDateTime, primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("file", Text, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Index(None, "file"),
)
