"""Quiet hours, digest periods and Iran's working week, all in Tehran time."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.times import digest_period, latest_digest_at, quiet_until
from alerts.week import (
    holiday,
    is_working_day,
    is_working_time,
    knows_lunar_holidays,
    next_working_day,
)
from persian.calendar import TEHRAN, JalaliDate, from_jalali
from storage.subscription import Preferences, QuietHours, Rhythm

NIGHT = QuietHours(from_minute=22 * 60, until_minute=7 * 60)
NOON = QuietHours(from_minute=12 * 60, until_minute=14 * 60)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds of Hypothesis are naive


@pytest.mark.parametrize(
    ("quiet", "clock", "ends"),
    [
        (NIGHT, (23, 0), (3, 7, 0)),
        (NIGHT, (22, 0), (3, 7, 0)),
        (NIGHT, (6, 59), (2, 7, 0)),
        (NIGHT, (7, 0), None),
        (NIGHT, (21, 59), None),
        (NOON, (12, 0), (2, 14, 0)),
        (NOON, (14, 0), None),
        (None, (3, 0), None),
        (QuietHours(from_minute=60, until_minute=60), (1, 0), None),
    ],
)
def test_quiet_hours_end_when_they_should(
    quiet: QuietHours | None, clock: tuple[int, int], ends: tuple[int, int, int] | None
) -> None:
    now = from_jalali(1405, 9, 2, *clock)
    expected = None if ends is None else from_jalali(1405, 9, *ends)
    assert quiet_until(quiet, now) == expected


@given(
    now=INSTANTS,
    begin=st.integers(0, 1439),
    end=st.integers(0, 1439),
)
def test_quiet_hours_end_within_a_day_at_their_minute(now: datetime, begin: int, end: int) -> None:
    quiet = QuietHours(from_minute=begin, until_minute=end)
    until = quiet_until(quiet, now)
    if until is not None:
        assert now < until <= now + timedelta(days=1)
        local = until.astimezone(TEHRAN)
        assert local.hour * 60 + local.minute == end
        assert quiet_until(quiet, until) is None


def latest(now: datetime, **changes: object) -> datetime | None:
    chosen = replace(Preferences(), **changes)  # type: ignore[arg-type]  # any field
    return latest_digest_at(chosen, now)


def test_an_hourly_digest_leaves_at_the_full_hour_of_tehran() -> None:
    now = from_jalali(1405, 9, 2, 11, 42)
    assert latest(now, rhythm=Rhythm.HOURLY) == from_jalali(1405, 9, 2, 11, 0)


def test_what_an_alert_rhythm_held_back_comes_when_its_quiet_hours_end() -> None:
    quiet = QuietHours(from_minute=23 * 60, until_minute=7 * 60 + 30)
    at_end = from_jalali(1405, 9, 2, 7, 30)
    assert latest(at_end, quiet=quiet) == at_end
    assert latest(from_jalali(1405, 9, 2, 8, 0), quiet=quiet) == from_jalali(1405, 9, 2, 8, 0)
    assert latest(from_jalali(1405, 9, 2, 0, 10), quiet=quiet) == from_jalali(1405, 9, 2, 0, 0)


def test_a_daily_bulletin_leaves_at_its_minute() -> None:
    before, after = from_jalali(1405, 9, 2, 6, 59), from_jalali(1405, 9, 2, 7, 1)
    assert latest(before, rhythm=Rhythm.DAILY) == from_jalali(1405, 9, 1, 7, 0)
    assert latest(after, rhythm=Rhythm.DAILY) == from_jalali(1405, 9, 2, 7, 0)


def test_a_bulletin_of_working_days_skips_friday_and_holidays() -> None:
    friday = from_jalali(1405, 9, 6, 12, 0)
    chosen = {"rhythm": Rhythm.DAILY, "working_days_only": True}
    assert latest(friday, **chosen) == from_jalali(1405, 9, 5, 7, 0)
    in_nowruz = from_jalali(1406, 1, 4, 12, 0)
    found = latest(in_nowruz, **chosen)
    assert found is not None
    assert found < from_jalali(1406, 1, 1)
    assert is_working_day(found.astimezone(TEHRAN).date())


def test_an_afternoon_bulletin_of_working_days_skips_thursday_too() -> None:
    friday = from_jalali(1405, 9, 6, 20, 0)
    afternoon = {"rhythm": Rhythm.DAILY, "working_days_only": True, "bulletin_minute": 17 * 60}
    assert latest(friday, **afternoon) == from_jalali(1405, 9, 4, 17, 0)


def test_a_weekly_bulletin_leaves_on_saturday_or_the_first_working_day() -> None:
    wednesday = from_jalali(1405, 9, 4, 12, 0)
    assert latest(wednesday, rhythm=Rhythm.WEEKLY) == from_jalali(1405, 8, 30, 7, 0)
    after_holiday_saturday = from_jalali(1405, 5, 1, 12, 0)
    weekly = {"rhythm": Rhythm.WEEKLY, "working_days_only": True}
    assert latest(after_holiday_saturday, **weekly) == from_jalali(1405, 4, 27, 7, 0)
    nowruz_week = from_jalali(1405, 1, 6, 12, 0)  # Saturday 1 to Tuesday 4 are holidays
    assert latest(nowruz_week, **weekly) == from_jalali(1405, 1, 5, 7, 0)


def test_a_service_that_slept_makes_one_digest_of_it_all() -> None:
    since, now = from_jalali(1405, 8, 20, 7, 0), from_jalali(1405, 9, 2, 9, 0)
    period = digest_period(Preferences(rhythm=Rhythm.DAILY), since=since, now=now)
    assert period is not None
    assert (period.from_at, period.until_at) == (since, from_jalali(1405, 9, 2, 7, 0))
    assert digest_period(Preferences(rhythm=Rhythm.DAILY), since=period.until_at, now=now) is None


def test_no_digest_leaves_in_quiet_hours_or_a_pause() -> None:
    now = from_jalali(1405, 9, 2, 7, 0)
    since = now - timedelta(days=3)
    quiet = Preferences(rhythm=Rhythm.DAILY, quiet=QuietHours(from_minute=0, until_minute=9 * 60))
    paused = Preferences(rhythm=Rhythm.DAILY, paused_until_at=now + timedelta(days=1))
    assert digest_period(quiet, since=since, now=now) is None
    assert digest_period(paused, since=since, now=now) is None
    assert digest_period(Preferences(rhythm=Rhythm.DAILY), since=since, now=now) is not None


@given(
    now=INSTANTS,
    rhythm=st.sampled_from(list(Rhythm)),
    minute=st.integers(0, 1439),
    working=st.booleans(),
)
def test_a_digest_time_is_never_in_the_future_and_stays_until_the_next(
    *, now: datetime, rhythm: Rhythm, minute: int, working: bool
) -> None:
    chosen = Preferences(rhythm=rhythm, bulletin_minute=minute, working_days_only=working)
    at = latest_digest_at(chosen, now)
    assert at is not None
    assert at <= now
    assert latest_digest_at(chosen, at) == at
    longest = timedelta(days=1, seconds=1) if rhythm is Rhythm.DAILY else timedelta(days=8)
    assert working or now - at < longest


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 3, 21), "نوروز"),
        (date(2026, 3, 20), "ملی شدن صنعت نفت"),
        (date(2026, 6, 25), "عاشورا"),
        (date(2025, 7, 6), "عاشورا"),
        (date(2026, 11, 23), None),
    ],
)
def test_official_holidays_have_their_names(day: date, name: str | None) -> None:
    assert holiday(day) == name


def test_the_week_of_iran() -> None:
    saturday = date(2026, 11, 21)
    days = [is_working_day(saturday + timedelta(days=n)) for n in range(7)]
    assert days == [True, True, True, True, True, True, False]
    assert next_working_day(date(2026, 11, 27)) == date(2026, 11, 28)
    assert is_working_time(from_jalali(1405, 9, 5, 12, 59))
    assert not is_working_time(from_jalali(1405, 9, 5, 13, 0))
    assert is_working_time(from_jalali(1405, 9, 4, 16, 0))
    assert not is_working_time(from_jalali(1405, 9, 6, 10, 0))


def test_the_file_says_for_which_years_the_moon_is_known() -> None:
    assert knows_lunar_holidays(1404)
    assert knows_lunar_holidays(1405)
    assert not knows_lunar_holidays(1450)


def test_every_day_in_the_file_of_holidays_is_a_day_of_its_year() -> None:
    table = tomllib.loads(files("alerts").joinpath("holidays.toml").read_text("utf-8"))
    for year, days in table["lunar"].items():
        for day, name in days.items():
            month, number = map(int, day.split("-"))
            found = JalaliDate(int(year), month, number).to_gregorian()
            assert holiday(found) in {name, table["solar"].get(day)}
    assert {len(day) for day in table["solar"]} == {5}
