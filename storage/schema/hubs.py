"""The table of WebSub subscriptions: the hubs that ways in offer, and how each stands with us."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, Text

from storage.schema.metadata import metadata
from storage.schema.types import UtcDateTime

#: One row per way in that offers a hub. `token` is the unguessable end of our callback address,
#: null until a hub was first asked; `due_at` is when something is to be done, null when nothing is.
hub_subscriptions: Final = Table(
    "hub_subscriptions",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("way_url", Text, primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("callback", Text),
    Column("token", String(64), unique=True),
    Column("secret", String(64)),
    Column("due_at", UtcDateTime, index=True),
    Column("attempts", Integer, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("lease_ends_at", UtcDateTime),
    Column("told_at", UtcDateTime),
    Column("told", Integer, nullable=False),
    Column("unsigned", Integer, nullable=False),
    Column("detail", Text),
    Index(None, "told_at"),
)
