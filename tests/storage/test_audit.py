"""The audit log in the archive: newest first, page by page, narrowed, and forgotten in time."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from storage.audit import Act, AuditEntry, Outcome, forget_audit, list_audit, record
from storage.database import Database
from storage.retention import Forgotten, Retention, forget_old
from tests.storage.articles import NOON

DAY: Final = timedelta(days=1)
FIRST: Final = AuditEntry(
    at=NOON,
    who="sara",
    source="192.0.2.7",
    act=Act.RULE_SAVED,
    target="mes",
    outcome=Outcome.DONE,
)


def _kept(database: Database, *entries: AuditEntry) -> None:
    with database.write() as connection:
        for entry in entries:
            record(connection, entry)


def test_acts_are_listed_newest_first_and_go_on_before_the_last(database: Database) -> None:
    _kept(database, *(replace(FIRST, target=f"rule-{number}") for number in range(5)))
    with database.read() as connection:
        page = list_audit(connection, limit=2)
        rest = list_audit(connection, limit=9, before=page[-1].id)
    assert [one.target for one in (*page, *rest)] == [f"rule-{n}" for n in (4, 3, 2, 1, 0)]
    assert replace(page[0], id=0) == replace(FIRST, target="rule-4")


def test_the_acts_of_one_person_or_of_one_kind_can_be_asked_for(database: Database) -> None:
    stranger = replace(FIRST, who=None, act=Act.SIGNED_IN, target=None, outcome=Outcome.REFUSED)
    _kept(database, FIRST, stranger, replace(FIRST, who="reza"))
    with database.read() as connection:
        assert [one.who for one in list_audit(connection, limit=9, who="sara")] == ["sara"]
        (signed,) = list_audit(connection, limit=9, act=Act.SIGNED_IN)
        assert replace(signed, id=0) == stranger
        assert list_audit(connection, limit=9, who="sara", act=Act.SIGNED_IN) == ()


def test_no_token_and_nothing_too_long_for_its_column_is_kept(database: Database) -> None:
    token = "rasad_" + "x" * 43
    _kept(database, replace(FIRST, target=token), replace(FIRST, target="ب\0" * 100, who="s" * 300))
    with database.read() as connection:
        long, pasted = list_audit(connection, limit=2)
    assert pasted.target == "rasad_…"
    assert (long.target, long.who) == ("ب\ufffd" * 60, "s" * 120)


def test_acts_are_forgotten_after_their_time_and_not_before(database: Database) -> None:
    _kept(database, FIRST, replace(FIRST, at=NOON + 10 * DAY))
    keeps = Retention(audit=5 * DAY)
    assert forget_old(database, None, keeps, now=NOON + 5 * DAY) == Forgotten()
    assert forget_old(database, None, keeps, now=NOON + 6 * DAY) == Forgotten(audit=1)
    with database.write() as connection:
        assert forget_audit(connection, before=NOON + 10 * DAY) == 0
        assert len(list_audit(connection, limit=9)) == 1
