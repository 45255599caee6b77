"""The table of workers: which processes do the work, and when each last said so."""

from typing import Final

from sqlalchemy import Column, Integer, String, Table

from storage.schema.metadata import metadata
from storage.schema.types import UtcDateTime

#: One row per worker id; `adopted_by` names the worker that took over a silent one's work.
workers: Final = Table(
    "workers",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("machine", String(255), nullable=False),
    Column("process", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False, index=True),
    Column("adopted_by", String(120)),
)
