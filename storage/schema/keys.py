"""The table of keys: what this installation signs links and sessions with."""

from typing import Final

from sqlalchemy import Column, String, Table

from storage.schema.metadata import metadata
from storage.schema.types import UtcDateTime

#: One row per use; `secret` is written in hexadecimal digits.
keys: Final = Table(
    "keys",
    metadata,
    Column("use", String(40), primary_key=True),
    Column("secret", String(128), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
