"""Keep the key that links and sessions are signed with, one for all workers of an archive."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from storage.database import Database
from storage.schema.keys import keys
from storage.upsert import insert_into

LINKS: Final = "links"
KEY_BYTES: Final = 32


def signing_key(database: Database, *, now: datetime) -> bytes:
    """Return the key, made by whoever asks first; of two that ask at once, one makes it."""
    with database.read() as connection:
        found = _find(connection)
    if found is not None:
        return found
    with database.write() as connection:
        return _make(connection, now)


def renew_signing_key(connection: Connection, *, now: datetime) -> bytes:
    """Make another key; nothing that was signed so far is worth anything afterwards."""
    connection.execute(delete(keys).where(keys.c.use == LINKS))
    return _make(connection, now)


def _make(connection: Connection, now: datetime) -> bytes:
    made = {"use": LINKS, "secret": secrets.token_hex(KEY_BYTES), "made_at": now}
    connection.execute(insert_into(connection, keys).values(made).on_conflict_do_nothing())
    found = _find(connection)
    assert found is not None  # noqa: S101  # it stands there: ours, or that of who was first
    return found


def _find(connection: Connection) -> bytes | None:
    found = connection.scalar(select(keys.c.secret).where(keys.c.use == LINKS))
    return None if found is None else bytes.fromhex(found)
