from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import DateSource, Trust
from crawler.feeddates import CLOCK_SKEW, feed_date
from tests.crawler.making import NOW


def at(text: str, zone: str = "Asia/Tehran") -> tuple[str, Trust] | None:
    claim = feed_date(text, naive_zone=zone, now=NOW)
    if claim is None:
        return None
    assert claim.source is DateSource.FEED
    assert claim.printed == text.strip()
    assert claim.at.tzinfo is UTC
    return claim.at.strftime("%Y-%m-%d %H:%M:%S"), claim.trust


EXACT = Trust.EXACT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 19 Oct 2026 19:30:10 GMT", "2026-10-19 19:30:10"),
        ("Mon, 19 Oct 2026 19:30:10 +0000", "2026-10-19 19:30:10"),
        ("20 Oct 2026 15:55:42 +0330", "2026-10-20 12:25:42"),
        ("20 Oct 2026 15:55:42 +3:30", "2026-10-20 12:25:42"),
        ("20 Oct 2026 15:55 +330", "2026-10-20 12:25:00"),
        ("Tue, 20 Oct 2026 15:55:42 IRST", "2026-10-20 12:25:42"),
        ("Tue, 20 Oct 2026 15:55:42", "2026-10-20 12:25:42"),
        ("Tue, ۲۰ Oct ۲۰۲۶ ۱۵:۵۵:۴۲ +۰۳۳۰", "2026-10-20 12:25:42"),
        ("2026-10-20T12:30:41Z", "2026-10-20 12:30:41"),
        ("2026-10-20T16:00:41+03:30", "2026-10-20 12:30:41"),
        ("2026-10-20T16:00:41.123+0330", "2026-10-20 12:30:41"),
        ("2026-10-20 16:00:41 +3:30", "2026-10-20 12:30:41"),
        ("2026-10-20T10:30:41-02", "2026-10-20 12:30:41"),
        ("2026-10-20T16:00:41", "2026-10-20 12:30:41"),
        ("2026-10-20 16:00", "2026-10-20 12:30:00"),
        # Jalali years, whatever the shape around them
        ("1405-07-28T16:00:41+03:30", "2026-10-20 12:30:41"),
        ("1405-07-28T16:00:41+00:00", "2026-10-20 12:30:41"),
        ("1405-07-28 16:00:41", "2026-10-20 12:30:41"),
        ("1405/07/28 16:00:41", "2026-10-20 12:30:41"),
        ("۱۴۰۵/۰۷/۲۸ ۱۶:۰۰", "2026-10-20 12:30:00"),
        ("سه‌شنبه ۲۸ مهر ۱۴۰۵ - ۱۶:۰۰", "2026-10-20 12:30:00"),
        # summer time until 2022
        ("2019-07-01T12:00:00", "2019-07-01 07:30:00"),
        ("1398/04/10 12:00", "2019-07-01 07:30:00"),
    ],
)
def test_stamps_of_every_dialect_name_one_instant(text: str, expected: str) -> None:
    assert at(text) == (expected, EXACT)


@pytest.mark.parametrize("text", ["2026-10-20", "1405-07-28", "۱۴۰۵/۷/۲۸"])
def test_a_day_alone_is_midnight_in_tehran(text: str) -> None:
    assert at(text) == ("2026-10-19 20:30:00", Trust.DAY)


@pytest.mark.parametrize("text", ["", "  ", None, "soon", "0", "2026-13-45T99:00:00", "1405-13-41"])
def test_what_says_nothing_is_none(text: str | None) -> None:
    assert feed_date(text, naive_zone="UTC", now=NOW) is None


@pytest.mark.parametrize("text", ["Thu, 01 Jan 1970 00:00:00 GMT", "2031-01-01T00:00:00Z"])
def test_stamps_before_the_web_or_in_the_future_are_doubtful(text: str) -> None:
    found = at(text)
    assert found is not None
    assert found[1] is Trust.DOUBTFUL


@given(st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_iso_stamps_with_any_offset_name_their_instant(naive: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    claim = feed_date(f"{naive:%Y-%m-%dT%H:%M:%S}{offset}", naive_zone="UTC", now=NOW)
    assert claim is not None
    assert claim.at == naive.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=minutes)


@given(st.text(max_size=40))
def test_no_stamp_breaks_the_reading(text: str) -> None:
    feed_date(text, naive_zone="Asia/Tehran", now=NOW)


def test_a_clock_that_is_a_little_fast_is_believed() -> None:
    soon = NOW + CLOCK_SKEW
    claim = feed_date(soon.isoformat(), naive_zone="UTC", now=NOW)
    assert claim is not None
    assert claim.trust is EXACT
