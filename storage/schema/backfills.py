"""The table of walks into the past: how far each has come, so that a stop loses nothing."""

from typing import Final

from sqlalchemy import Column, Date, Integer, String, Table, Text

from storage.schema.metadata import metadata
from storage.schema.types import UtcDateTime

#: `cursor` is the place a walk has reached (null before its first step), `is_done` its end.
backfills: Final = Table(
    "backfills",
    metadata,
    Column("outlet_id", String(80), primary_key=True),
    Column("way_url", Text, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("cursor", Text),
    Column("is_done", Integer, nullable=False),
    Column("steps", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
