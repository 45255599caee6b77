"""The fetch log: each visit once, whatever is repeated, and the ways' validators."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.page import FailureKind, Validators
from storage.database import Database
from storage.visits import (
    Visit,
    VisitOutcome,
    WayOutcome,
    WayResult,
    find_visit,
    forget_visits,
    keep_validators,
    recent_visits,
    save_visit,
    validators_of,
)

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEED = "https://sobh.example/feed"
MAP = "https://sobh.example/sitemap.xml"


def _visit(number: int = 1, outlet_id: str = "sobh") -> Visit:
    return Visit(
        id=f"visit-{outlet_id}-{number}", outlet_id=outlet_id, started_at=NOON + number * MINUTE
    )


def _ended(visit: Visit) -> Visit:
    return replace(
        visit,
        finished_at=visit.started_at + MINUTE,
        outcome=VisitOutcome.PARTIAL,
        found=9,
        read=8,
        new=5,
        revised=1,
        copies=2,
        failed=1,
        requests=11,
        missing={"lead": 2, "body": 1},
        failure_kind=FailureKind.TIMEOUT,
        failure_detail="نقشهٔ سایت پاسخ نداد",
        ways=(
            WayResult(url=FEED, kind="feed", outcome=WayOutcome.READ, found=9),
            WayResult(
                url=MAP,
                kind="sitemap",
                outcome=WayOutcome.FAILED,
                failure_kind=FailureKind.TIMEOUT,
                failure_detail="پس از ۳۰ ثانیه",
            ),
        ),
    )


def _save(database: Database, *visits: Visit) -> None:
    for visit in visits:
        with database.write() as connection:
            save_visit(connection, visit)


def test_a_visit_is_kept_whole(database: Database) -> None:
    ended = _ended(_visit())
    _save(database, _visit(), ended)
    with database.read() as connection:
        assert find_visit(connection, ended.id) == ended
        assert find_visit(connection, "visit-none") is None


def test_a_visit_told_twice_stands_once(database: Database) -> None:
    ended = _ended(_visit())
    _save(database, _visit(), _visit(), ended, ended)
    with database.read() as connection:
        assert recent_visits(connection, limit=9) == (ended,)


def test_a_repeated_beginning_does_not_reopen_a_visit_that_ended(database: Database) -> None:
    ended = _ended(_visit())
    _save(database, ended, _visit())
    with database.read() as connection:
        assert find_visit(connection, ended.id) == ended


def test_the_latest_visits_come_first(database: Database) -> None:
    _save(database, _visit(1), _visit(3), _visit(2, "rasa"))
    with database.read() as connection:
        assert recent_visits(connection, limit=2) == (_visit(3), _visit(2, "rasa"))
        assert recent_visits(connection, limit=9, outlet_id="sobh") == (_visit(3), _visit(1))


def test_old_visits_are_forgotten_with_their_ways(database: Database) -> None:
    _save(database, _ended(_visit(1)), _ended(_visit(2)))
    with database.write() as connection:
        assert forget_visits(connection, before=NOON + 2 * MINUTE) == 1
        assert forget_visits(connection, before=NOON + 2 * MINUTE) == 0
        assert recent_visits(connection, limit=9) == (_ended(_visit(2)),)


def test_a_ways_validators_are_those_of_its_last_reading(database: Database) -> None:
    first = {FEED: Validators(etag='"1"'), MAP: Validators(last_modified="Sat, 21 Mar 2026")}
    with database.write() as connection:
        keep_validators(connection, "sobh", first, now=NOON)
        keep_validators(connection, "sobh", {FEED: Validators(etag='"2"')}, now=NOON + MINUTE)
        keep_validators(connection, "rasa", {FEED: Validators(etag='"3"')}, now=NOON)
    with database.read() as connection:
        assert validators_of(connection, "sobh") == first | {FEED: Validators(etag='"2"')}
        assert validators_of(connection, "nobody") == {}
