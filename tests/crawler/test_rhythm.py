from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outlets import Interval
from crawler.rhythm import (
    EXPECTED_PER_VISIT,
    LONGEST_RETRY,
    UNKNOWN,
    Rhythm,
    Wishes,
    hour_of_week,
    next_visit_at,
    rhythm_of,
)
from persian.calendar import TEHRAN

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday, 09:30 in Tehran
MONTH = timedelta(weeks=4)


def tehran(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TEHRAN).astimezone(UTC)


def office_hours(per_hour: int, weeks: int = 4) -> list[datetime]:
    """A paper that publishes from nine to five, Saturday to Wednesday."""
    found = []
    for days in range(weeks * 7):
        local = (NOW - timedelta(days=days)).astimezone(TEHRAN)
        if local.weekday() in {3, 4}:  # Thursday, Friday
            continue
        for hour in range(9, 17):
            for part in range(per_hour):
                at = local.replace(hour=hour, minute=part * 60 // per_hour, second=0)
                found.append(at.astimezone(UTC))
    return [at for at in found if at <= NOW]


def office(per_hour: int = 2) -> Rhythm:
    return rhythm_of(office_hours(per_hour), watched_since_at=NOW - MONTH, now=NOW)


def wait(
    rhythm: Rhythm,
    at: datetime = NOW,
    *,
    jitter: float = 0.5,
    wishes: Wishes | None = None,
    interval: Interval | None = None,
) -> timedelta:
    due = next_visit_at(
        rhythm, now=at, interval=interval or Interval(), jitter=jitter, wishes=wishes
    )
    return due - at


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        (tehran(21, 0), 0),  # Saturday
        (tehran(21, 23, 59), 23),
        (tehran(22, 0), 24),  # Sunday
        (tehran(27, 23), 167),  # Friday
        (datetime(2026, 11, 20, 20, 30, tzinfo=UTC), 0),  # midnight in Tehran
        (datetime(2026, 11, 20, 20, 29, tzinfo=UTC), 167),
    ],
)
def test_the_week_begins_on_saturday_at_midnight_in_tehran(at: datetime, hour: int) -> None:
    assert hour_of_week(at) == hour


def test_a_holiday_counts_as_a_friday() -> None:
    assert hour_of_week(tehran(23, 9), {date(2026, 11, 23)}) == 6 * 24 + 9


def test_an_unknown_outlet_is_visited_every_hour_or_two_by_day_and_less_at_night() -> None:
    assert timedelta(hours=1) < wait(UNKNOWN, tehran(23, 12)) < timedelta(hours=2.5)
    assert wait(UNKNOWN, tehran(23, 0, 30)) > timedelta(hours=5)
    assert UNKNOWN.per_day == pytest.approx(10)


def test_a_learned_rhythm_expects_what_was_published() -> None:
    paper = office(2)
    assert paper.expected(tehran(24, 9), tehran(24, 17)) == pytest.approx(16, rel=0.2)
    assert paper.expected(tehran(27, 0), tehran(28, 0)) < 4


def test_the_visit_comes_when_one_article_is_expected() -> None:
    paper = office(4)
    at = tehran(24, 10)
    due = at + wait(paper, at)
    assert paper.expected(at, due) == pytest.approx(EXPECTED_PER_VISIT, rel=0.01)
    assert timedelta(minutes=12) < due - at < timedelta(minutes=25)


def test_a_paper_that_rests_is_left_to_rest() -> None:
    paper = office(2)
    evening, friday = wait(paper, tehran(25, 18)), wait(paper, tehran(27, 9))
    assert evening > timedelta(hours=3)
    assert friday > 3 * wait(paper, tehran(24, 10))


def test_a_holiday_goes_like_a_friday() -> None:
    day = date(2026, 11, 24)
    paper = rhythm_of(office_hours(2), watched_since_at=NOW - MONTH, now=NOW, holidays={day})
    assert wait(paper, tehran(24, 10)) > 2 * wait(office(2), tehran(24, 10))


def test_a_busy_agency_is_visited_at_the_shortest_interval() -> None:
    minutes = [NOW - timedelta(seconds=20 * n) for n in range(60_000)]
    agency = rhythm_of(minutes, watched_since_at=NOW - MONTH, now=NOW)
    assert wait(agency) == timedelta(minutes=2)


def test_a_silent_outlet_is_looked_at_once_a_day() -> None:
    silent = rhythm_of([], watched_since_at=NOW - MONTH, now=NOW)
    assert wait(silent) == timedelta(days=1)


def test_stamps_outside_the_time_of_watching_teach_nothing() -> None:
    strays = [NOW + timedelta(days=1), NOW - timedelta(weeks=30)]
    assert rhythm_of(strays, watched_since_at=NOW - MONTH, now=NOW).per_day == 0


def test_a_first_day_of_watching_already_leans_on_what_is_usual() -> None:
    young = rhythm_of([], watched_since_at=NOW - timedelta(days=1), now=NOW)
    assert 5 < young.per_day < 10
    born = rhythm_of([], watched_since_at=NOW, now=NOW)
    assert born.rates == UNKNOWN.rates


def test_jitter_moves_a_visit_by_a_tenth_either_way() -> None:
    early, middle, late = (wait(UNKNOWN, jitter=jitter) for jitter in (0.0, 0.5, 1.0))
    assert early == middle * 0.9
    assert late / middle == pytest.approx(1.1)


def test_failures_back_off_by_doubling_to_half_a_day() -> None:
    agency = Rhythm(rates=(60.0,) * 168, known_weeks=8)
    waits = [wait(agency, jitter=0, wishes=Wishes(failures=n)) for n in range(1, 20)]
    assert waits[0] == timedelta(minutes=5)
    assert waits[1] == timedelta(minutes=10)
    assert all(later >= earlier for earlier, later in pairwise(waits))
    assert waits[-1] == LONGEST_RETRY


def test_retry_after_is_never_undercut() -> None:
    peace = Wishes(retry_after=timedelta(hours=30), failures=1)
    assert wait(UNKNOWN, wishes=peace) == timedelta(hours=30)
    assert wait(UNKNOWN, wishes=Wishes(retry_after=timedelta(seconds=1))) > timedelta(minutes=30)


def test_a_crawl_delay_leaves_room_for_the_visit_itself() -> None:
    agency = Rhythm(rates=(60.0,) * 168, known_weeks=8)
    slow = Wishes(crawl_delay=timedelta(minutes=1), requests=20)
    assert wait(agency, wishes=slow) == timedelta(minutes=20)


@given(
    st.lists(st.floats(0, 500), min_size=168, max_size=168),
    st.floats(0, 1),
    st.integers(0, 40),
    st.integers(0, 10_000),
)
def test_the_interval_always_holds(
    rates: list[float], jitter: float, failures: int, minutes: int
) -> None:
    interval = Interval(min_minutes=3, max_minutes=600)
    rhythm = Rhythm(rates=tuple(rates), known_weeks=4)
    at = NOW + timedelta(minutes=minutes)
    found = wait(rhythm, at, jitter=jitter, interval=interval, wishes=Wishes(failures=failures))
    assert interval.shortest <= found <= interval.longest


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
def test_expectation_adds_up_over_time(start: int, first: int, second: int) -> None:
    paper = office(2)
    a = NOW + timedelta(minutes=17 * start)
    b = a + timedelta(minutes=first)
    c = b + timedelta(minutes=second)
    assert paper.expected(a, c) == pytest.approx(paper.expected(a, b) + paper.expected(b, c))


def test_a_first_failure_is_retried_soon_however_rarely_the_outlet_publishes() -> None:
    weekly = Rhythm(rates=(1 / 168,) * 168, known_weeks=8)
    assert wait(weekly, jitter=0, wishes=Wishes(failures=1)) == timedelta(minutes=5)
