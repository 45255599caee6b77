"""The Jalali calendar in Tehran time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.calendar import (
    JalaliDate,
    JalaliStyle,
    format_jalali,
    from_jalali,
    jalali_of,
    to_jalali,
)

FIRST = date(1921, 3, 21)
LAST = date(2121, 3, 20)


def test_every_day_of_two_centuries_goes_there_and_back_in_order() -> None:
    day, previous = FIRST, None
    while day <= LAST:
        jalali = jalali_of(day)
        assert jalali.to_gregorian() == day
        assert previous is None or previous < jalali
        day, previous = day + timedelta(days=1), jalali


def test_winter_is_three_and_a_half_hours_ahead_of_utc() -> None:
    assert from_jalali(1403, 10, 15, 20, 11) == datetime(2025, 1, 4, 16, 41, tzinfo=UTC)


def test_summers_before_2022_are_four_and_a_half_hours_ahead() -> None:
    assert from_jalali(1399, 5, 1, 12) == datetime(2020, 7, 22, 7, 30, tzinfo=UTC)
    assert from_jalali(1402, 5, 1, 12) == datetime(2023, 7, 23, 8, 30, tzinfo=UTC)


def test_half_past_twenty_utc_is_midnight_of_the_next_day_in_tehran() -> None:
    assert to_jalali(datetime(2026, 3, 20, 20, 30, tzinfo=UTC)) == JalaliDate(1405, 1, 1)
    assert to_jalali(datetime(2026, 3, 20, 20, 29, tzinfo=UTC)) == JalaliDate(1404, 12, 29)


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (JalaliStyle.NUMERIC, "۱۴۰۳/۰۷/۱۵"),
        (JalaliStyle.NUMERIC_TIME, "۱۴۰۳/۰۷/۱۵ ۲۰:۱۱"),
        (JalaliStyle.DAY, "۱۵ مهر ۱۴۰۳"),
        (JalaliStyle.LONG, "یکشنبه ۱۵ مهر ۱۴۰۳"),
        (JalaliStyle.LONG_TIME, "یکشنبه ۱۵ مهر ۱۴۰۳، ۲۰:۱۱"),
        (JalaliStyle.ISO, "1403-07-15"),
    ],
)
def test_an_instant_is_written_in_each_style(style: JalaliStyle, written: str) -> None:
    assert format_jalali(from_jalali(1403, 7, 15, 20, 11), style) == written


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1403, 7, 31), (1404, 12, 30), (1402, 13, 1), (1402, 0, 1), (1299, 1, 1), (1500, 1, 1)],
)
def test_a_day_that_does_not_exist_is_refused(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        JalaliDate(year, month, day)


def test_a_day_outside_the_two_centuries_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        jalali_of(date(1900, 1, 1))


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_jalali(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake under test


@given(st.datetimes(datetime(1979, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - made UTC below
def test_the_week_of_a_jalali_day_begins_on_saturday(naive: datetime) -> None:
    jalali = to_jalali(naive.replace(tzinfo=UTC))
    assert jalali.weekday == (jalali.to_gregorian().isoweekday() + 1) % 7
