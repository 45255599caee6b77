"""The key that signs links: one for everybody who works on an archive, until it is renewed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from storage.database import Database
from storage.keys import KEY_BYTES, renew_signing_key, signing_key

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_the_key_is_made_once_whoever_asks(database: Database, database_url: str) -> None:
    others = [Database.open(database_url) for _ in range(4)]
    with ThreadPoolExecutor(len(others)) as pool:
        keys = set(pool.map(lambda one: signing_key(one, now=NOON), others))
    keys.add(signing_key(database, now=NOON))
    for one in others:
        one.close()
    assert len(keys) == 1
    assert len(keys.pop()) == KEY_BYTES


def test_a_renewed_key_is_another_and_stays(database: Database) -> None:
    before = signing_key(database, now=NOON)
    with database.write() as connection:
        after = renew_signing_key(connection, now=NOON)
    assert after != before
    assert signing_key(database, now=NOON) == after
