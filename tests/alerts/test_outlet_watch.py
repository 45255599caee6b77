"""Who watches the outlets hears once that one broke, and once that it recovered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.message import Name, OutletCondition, OutletHealth
from alerts.outlet_watch import announce_outlet
from storage.database import Database
from storage.delivery import DeliveryState, Reason
from storage.recipients import disable_recipient
from storage.subscription import Preferences, Rhythm
from tests.alerts.news import NOW
from tests.storage.ledger_examples import subscribe

BROKEN = OutletHealth(
    outlet_id="nazir",
    outlet=Name(fa="نذیر کرمان"),
    condition=OutletCondition.BROKEN,
    detail=Name(fa="پنج بار پیاپی پاسخ نداد", en="five visits in a row failed"),
    since_at=NOW,
)
RECOVERED = replace(BROKEN, condition=OutletCondition.RECOVERED)
WATCHES = Preferences(watches_outlets=True, rhythm=Rhythm.DAILY)


def announce(database: Database, health: OutletHealth) -> int:
    with database.write() as connection:
        return len(announce_outlet(connection, health, now=NOW))


def test_a_failure_and_its_recovery_are_told_once_each(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, "operator", preferences=WATCHES)
        subscribe(connection, "reader")
    told = [announce(database, health) for health in (BROKEN, BROKEN, RECOVERED, RECOVERED)]
    assert told == [1, 0, 1, 0]


def test_the_next_failure_is_told_anew(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=WATCHES)
    again = replace(BROKEN, since_at=NOW + timedelta(days=1))
    assert [announce(database, health) for health in (BROKEN, again)] == [1, 1]


def test_a_recovery_of_what_was_never_told_is_no_news(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=WATCHES)
    assert announce(database, RECOVERED) == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"outlets_excluded": frozenset({"nazir"})}, 0),
        ({"outlets_included": frozenset({"farda"})}, 0),
        ({"outlets_included": frozenset({"nazir"})}, 1),
    ],
)
def test_a_watcher_may_watch_some_outlets_only(
    database: Database, changes: dict[str, object], told: int
) -> None:
    with database.write() as connection:
        chosen = replace(WATCHES, **changes)  # type: ignore[arg-type]  # any field
        subscribe(connection, preferences=chosen)
    assert announce(database, BROKEN) == told


def test_a_disabled_watcher_is_skipped_with_the_reason(database: Database) -> None:
    with database.write() as connection:
        watcher = subscribe(connection, preferences=WATCHES)
        disable_recipient(connection, watcher.recipient.id, "bounced", now=NOW)
        [new] = announce_outlet(connection, BROKEN, now=NOW)
    assert (new.state, new.reason) == (DeliveryState.SKIPPED, Reason.DISABLED)
