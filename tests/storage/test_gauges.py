"""Measuring the archive for monitoring, the same on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from storage import gauges, outlet_states, workers
from storage.archive import archive
from storage.claims import claim
from storage.database import Database
from storage.deliveries import record_dead, record_sent
from storage.delivery import DeliveryState, Reason
from storage.outlet_states import OutletState
from storage.rules import KeptMatch, keep_matches
from storage.visits import Visit, VisitOutcome, save_visit
from tests.storage.ledger_examples import MINUTE, NOW, owe_story, subscribe
from tests.storage.same_story_press import arrive
from tests.storage.same_story_texts import NOON, SESSION, article

DAY = timedelta(days=1)


def measured(database: Database, now: datetime, **changes: object) -> gauges.Gauges:
    asked = {
        "now": now,
        "since": now - DAY,
        "silent_before": now - MINUTE,
        "rule_ids": ("sme", "copper"),
    } | changes
    with database.read() as connection:
        return gauges.measure(connection, **asked)  # type: ignore[arg-type]


def test_an_empty_archive_measures_zero_everywhere(database: Database) -> None:
    seen = measured(database, NOW)
    assert set(seen.visits.values()) == {0}
    assert seen.visits.keys() == set(VisitOutcome)
    assert seen.deliveries.keys() == set(DeliveryState)
    assert (seen.articles, seen.copies, seen.stories) == (0, 0, 0)
    assert seen.matches == {"copper": 0, "sme": 0}
    assert (seen.visit_lateness, seen.delivery_lateness) == (0.0, 0.0)
    assert (seen.outlets, seen.success_age) == ({}, {})
    assert (seen.workers_alive, seen.workers_silent) == (0, 0)


def test_articles_copies_and_stories_of_the_last_day_are_counted(database: Database) -> None:
    placed = arrive(database, article("nazir"), article("farda", SESSION[:4], minutes=30))
    assert placed[0].story_id == placed[1].story_id
    seen = measured(database, NOON + timedelta(hours=2))
    assert (seen.articles, seen.copies, seen.stories) == (2, 1, 1)
    later = measured(database, NOON + 3 * DAY)
    assert (later.articles, later.copies, later.stories) == (0, 0, 0)


def test_what_is_read_from_the_past_is_no_news(database: Database) -> None:
    with database.write() as connection:
        archive(connection, article("nazir"), roles={}, now=NOON, backfill=True)
    assert measured(database, NOON + MINUTE).articles == 0


def test_matches_are_counted_by_topic_and_only_those_asked_for(database: Database) -> None:
    with database.write() as connection:
        kept = archive(connection, article("nazir"), roles={}, now=NOON)
        for rule_id in ("copper", "saved-by-somebody"):
            found = KeptMatch(
                rule_id=rule_id,
                story_id=kept.story_id,
                article_id=kept.article_id,
                rule_version=0,
                score=1.0,
                verdict={},
                matched_at=NOON,
            )
            keep_matches(connection, [found])
    assert measured(database, NOON + MINUTE).matches == {"copper": 1, "sme": 0}
    assert measured(database, NOON + 2 * DAY).matches == {"copper": 0, "sme": 0}


def test_visits_of_the_last_day_are_counted_by_outcome(database: Database) -> None:
    begun = Visit(id="v1", outlet_id="nazir", started_at=NOW - MINUTE)
    with database.write() as connection:
        save_visit(connection, begun)
        save_visit(connection, replace(begun, id="v2", outcome=VisitOutcome.FAILED))
        save_visit(connection, replace(begun, id="old", started_at=NOW - 2 * DAY))
    seen = measured(database, NOW)
    assert seen.visits[VisitOutcome.RUNNING] == 1
    assert seen.visits[VisitOutcome.FAILED] == 1
    assert seen.visits[VisitOutcome.DONE] == 0


def test_deliveries_are_counted_by_state_and_the_open_ones_however_old(database: Database) -> None:
    with database.write() as connection:
        _five_deliveries(connection)
    seen = measured(database, NOW + MINUTE)
    assert {state: count for state, count in seen.deliveries.items() if count} == {
        DeliveryState.OWED: 1,
        DeliveryState.HELD: 1,
        DeliveryState.SENDING: 1,
        DeliveryState.SENT: 1,
        DeliveryState.DEAD: 1,
    }
    later = measured(database, NOW + 9 * DAY)
    assert set(later.deliveries.values()) == {0}
    assert later.open_deliveries == {
        DeliveryState.OWED: 1,
        DeliveryState.SENDING: 1,
        DeliveryState.FAILED: 0,
        DeliveryState.DEAD: 1,
    }


def _five_deliveries(connection: Connection) -> None:
    sara = subscribe(connection)
    owe_story(connection, sara, 1)
    owe_story(connection, sara, 2, reason=Reason.TOO_OLD)
    for story_id in (3, 4, 5):
        delivery_id = owe_story(connection, sara, story_id)
        claim(connection, delivery_id, claimant="w", now=NOW)
        if story_id == 4:
            record_sent(connection, delivery_id, now=NOW, receipt="250 ok")
        if story_id == 5:
            record_dead(connection, delivery_id, now=NOW, error="550 no such user")


def test_lateness_is_that_of_the_one_that_waits_longest(database: Database) -> None:
    with database.write() as connection:
        outlet_states.enrol(connection, ["nazir"], now=NOW)
        outlet_states.enrol(connection, ["nazir", "farda"], now=NOW + 5 * MINUTE)
        owe_story(connection, subscribe(connection), 1)
    seen = measured(database, NOW + 10 * MINUTE)
    assert seen.visit_lateness == pytest.approx(600)
    assert seen.delivery_lateness == pytest.approx(600)
    early = measured(database, NOW - MINUTE)
    assert (early.visit_lateness, early.delivery_lateness) == (0.0, 0.0)


def test_every_visited_outlet_has_the_age_of_its_last_success(database: Database) -> None:
    state = OutletState(outlet_id="nazir", next_visit_at=NOW, health="well", health_since_at=NOW)
    with database.write() as connection:
        for changed in (
            replace(state, last_success_at=NOW - 5 * MINUTE),
            replace(state, outlet_id="never", health="down"),
            replace(state, outlet_id="gone", next_visit_at=None, last_success_at=NOW),
        ):
            outlet_states.save_state(connection, changed)
    seen = measured(database, NOW)
    assert seen.success_age == {"nazir": pytest.approx(300)}
    assert seen.outlets == {"down": 1, "well": 1}


def test_workers_are_alive_or_silent(database: Database) -> None:
    one = workers.Worker(id="a", machine="m", process=1, started_at=NOW, beat_at=NOW)
    with database.write() as connection:
        workers.beat(connection, one)
        workers.beat(connection, replace(one, id="b", beat_at=NOW - 5 * MINUTE))
    seen = measured(database, NOW)
    assert (seen.workers_alive, seen.workers_silent) == (1, 1)


def test_nothing_is_measured_by_reading_a_table_that_grows_from_end_to_end(
    sqlite_url: str,
) -> None:
    """A scrape every few seconds must cost an old archive no more than a young one."""
    asked: list[tuple[str, Any]] = []
    database = Database.open(sqlite_url)
    with database.read() as connection:

        def hear(
            _connection: object, _cursor: object, statement: str, values: Any, *_: Any
        ) -> None:
            asked.append((statement, values))

        event.listen(connection, "before_cursor_execute", hear)
        gauges.measure(
            connection, now=NOW, since=NOW - DAY, silent_before=NOW, rule_ids=("copper", "sme")
        )
        event.remove(connection, "before_cursor_execute", hear)
        plans = [
            row[3]
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    database.close()
    assert len(asked) >= 10
    scanned = {plan.split()[1] for plan in plans if plan.startswith("SCAN")}
    assert scanned <= {"outlet_states", "workers"}, plans
    for table in ("articles", "stories", "matches", "deliveries", "visits"):
        assert any(plan.startswith(f"SEARCH {table} ") for plan in plans), table
