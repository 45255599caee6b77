"""The table of the audit log: who changed what, from where, and whether it was done."""

from typing import Final

from sqlalchemy import Column, Index, String, Table

from storage.schema.metadata import metadata
from storage.schema.types import RowId, UtcDateTime

#: One row per act, in the order they were written. `who` is a name and never what proves it, null
#: for nobody known; `source` is an address, or `cli`; `target` an id of whatever `act` is done to.
audit: Final = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("who", String(120)),
    Column("source", String(64), nullable=False),
    Column("act", String(40), nullable=False),
    Column("target", String(120)),
    Column("outcome", String(16), nullable=False),
    Index(None, "who"),
)
