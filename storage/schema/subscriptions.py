"""The tables of who is told what: recipients, their subscriptions and the rules they follow."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.schema.metadata import metadata
from storage.schema.types import UtcDateTime

#: One person (an email address) or endpoint (a webhook URL); health and secrets belong to it.
recipients: Final = Table(
    "recipients",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(2048), nullable=False),
    Column("owner_email", String(320)),
    Column("secret", String(2048)),
    Column("previous_secret", String(2048)),
    Column("previous_secret_until_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("verified_at", UtcDateTime),
    Column("permanent_failures", Integer, nullable=False),
    Column("failing_since_at", UtcDateTime),
    Column("disabled_at", UtcDateTime),
    Column("disabled_reason", String(500)),
    UniqueConstraint("channel", "address"),
)

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("recipient_id", String(40), ForeignKey("recipients.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("rhythm", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("minimum_score", Float, nullable=False),
    Column("cap_per_hour", Integer),
    Column("quiet_from_minute", Integer),
    Column("quiet_until_minute", Integer),
    Column("bulletin_minute", Integer, nullable=False),
    Column("working_days_only", Boolean, nullable=False),
    Column("outlets_included", JSON, nullable=False),
    Column("outlets_excluded", JSON, nullable=False),
    Column("watches_outlets", Boolean, nullable=False),
    Column("paused_until_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("digested_until_at", UtcDateTime),
)

#: Which rules or topics a subscription follows; looked up by rule for every matched story.
subscription_rules: Final = Table(
    "subscription_rules",
    metadata,
    Column("subscription_id", String(40), ForeignKey("subscriptions.id"), primary_key=True),
    Column("rule_id", String(120), primary_key=True),
    Index(None, "rule_id"),
)
