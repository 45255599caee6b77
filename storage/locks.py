"""Let one writer at a time decide about stories, whichever database and however many workers."""

from typing import Final

from sqlalchemy import Connection, text

from storage.prepared import Prepared

#: The key of PostgreSQL's advisory lock for story decisions ("rasad" and "ST" in ASCII).
STORIES_LOCK: Final = 0x7261736164_5354
_LOCK: Final = Prepared(text("SELECT pg_advisory_xact_lock(:key)"))


def lock_stories(connection: Connection) -> None:
    """Keep other writers from deciding about stories until this transaction ends. Re-entrant.

    On SQLite every writer is alone already (BEGIN IMMEDIATE). Take it before any row: two
    transactions that each hold a row and wait for the lock would block each other for ever.
    """
    if connection.dialect.name == "postgresql":
        _LOCK.rows(connection, {"key": STORIES_LOCK})
