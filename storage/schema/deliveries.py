"""The tables of the ledger: what is to be said, and every delivery owed, held, sent or dead."""

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
    UniqueConstraint,
)

from storage.schema.metadata import metadata
from storage.schema.types import UtcDateTime

#: What a delivery says, kept once however many subscribers hear it; its id is its hash.
contents: Final = Table(
    "contents",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

#: `next_attempt_at` is when a worker may take the row up: the next attempt of an owed or failed
#: one, the release of a held one, the end of the lease of one being sent; null when never.
deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subscription_id", String(40), ForeignKey("subscriptions.id"), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("recipient_id", String(40), ForeignKey("recipients.id"), nullable=False),
    Column("story_id", BigInteger, index=True),
    Column("content_id", String(64), ForeignKey("contents.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40)),
    Column("digest_id", String(40), index=True),
    Column("weight", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimant", String(200)),
    Column("next_attempt_at", UtcDateTime, index=True),
    Column("owed_at", UtcDateTime, nullable=False),
    Column("first_attempt_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("receipt", Text),
    Column("last_error", Text),
    UniqueConstraint("subscription_id", "subject", "channel"),
    Index(None, "channel", "next_attempt_at", "id"),
    Index(None, "owed_at", "id"),
    Index(None, "state", "reason"),
    Index(None, "recipient_id", "sent_at"),
    Index(None, "subscription_id", "owed_at"),
)
