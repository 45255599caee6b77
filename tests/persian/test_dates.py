"""Dates as the press prints them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.calendar import JalaliDate, JalaliStyle, at_tehran, format_jalali, from_jalali
from persian.date_names import Calendar
from persian.dates import find_dates, parse_date
from persian.digits import to_persian_digits
from persian.doubts import Doubt

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # دوشنبه ۲ آذر ۱۴۰۵، ۰۹:۳۰


def read(text: str) -> tuple[datetime, bool, set[Doubt]] | None:
    parsed = parse_date(text, now=NOW)
    return None if parsed is None else (parsed.at, parsed.has_time, set(parsed.doubts))


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("چهارشنبه ۲۰ ارديبهشت ۱۴۰۲ ساعت ۱۵:۲۲", (1402, 2, 20, 15, 22)),
        ("یکشنبه - ۱۵ مهر ۱۴۰۳ - ۲۰:۱۱", (1403, 7, 15, 20, 11)),
        ("سه‌شنبه ۱۷ مهر ۱۴۰۳ - ۰۷:۰۱", (1403, 7, 17, 7, 1)),
        ("۷ دی ۱۴۰۴، ۱۱:۴۴", (1404, 10, 7, 11, 44)),
        ("۲۵ فروردين ۱۴۰۴ ، ساعت ۱۳:۰۸", (1404, 1, 25, 13, 8)),
        ("۲۷ شهريور ۱۴۰۲ - ۱۳:۴۰", (1402, 6, 27, 13, 40)),
        ("۲۹ دی ۱۳۹۵ / ۱۴:۵۹", (1395, 10, 29, 14, 59)),
        ("1404/09/18 - 08:08", (1404, 9, 18, 8, 8)),
        ("08:08 | 1404/09/18", (1404, 9, 18, 8, 8)),
        ("۱۴۰۱/۰۴/۰۵ ۱۷:۳۷:۱۵", (1401, 4, 5, 17, 37, 15)),
        ("۱۳۹۴/۱۰/۱۴ | ۱۱:۴۷:۳۳", (1394, 10, 14, 11, 47, 33)),
        ("۱۰ خرداد ۱۳۹۵ - ۱۵:۵۱ - 30 May 2016", (1395, 3, 10, 15, 51)),
        ("30 May 2016 - ۱۰ خرداد ۱۳۹۵ - ۱۵:۵۱", (1395, 3, 10, 15, 51)),
        ("۲۹ آذر ۱۴۰۴ | 2025 Dec 20 | ۲۸ جمادی‌الثانی ۱۴۴۷ - ۱۲:۳۰", (1404, 9, 29, 12, 30)),
        ("۱۵ مهر ۱۴۰۳ ساعت ۸ صبح", (1403, 7, 15, 8)),
        ("۱۵ مهر ۱۴۰۳ ساعت ۸ و ۲۰ دقیقه", (1403, 7, 15, 8, 20)),
        ("۱۴۰۳/۰۷/۱۵ ۰۸:۱۱ ب.ظ", (1403, 7, 15, 20, 11)),
        ("۱۴۰۳/۰۷/۱۵ ۱۲:۱۱ ق.ظ", (1403, 7, 15, 0, 11)),
        ("۱۵ مهر ۱۴۰۳ ۱۲:۱۱ بعد از ظهر", (1403, 7, 15, 12, 11)),
        ("تاریخ : ۱۴۰۳/۷/۱۵ - ساعت : ۲۰:۱۱", (1403, 7, 15, 20, 11)),
        ("۱۴۰۳/۰۷/۱۵-۲۰:۱۱", (1403, 7, 15, 20, 11)),
        ("۲۰:۱۱-۱۴۰۳/۰۷/۱۵", (1403, 7, 15, 20, 11)),
        ("20:11 -1403-07-15", (1403, 7, 15, 20, 11)),
        ("۱۵/مهـر/۱۴۰۳ در ۲۰:۱۱", (1403, 7, 15, 20, 11)),
        ("\u200f۱۵\u200fمهر\u200f۱۴۰۳\u200f،\u200f ۲۰\u200f:\u200f۱۱", (1403, 7, 15, 20, 11)),
        ("مهر ۱۵ام, ۱۴۰۳ | ۲۰:۱۱", (1403, 7, 15, 20, 11)),
        ("یک‌شنبه , ۱۵ / ۷ / ۱۴۰۳ , ۲۰ : ۱۱", (1403, 7, 15, 20, 11)),
        ("تاریخ انتشار: دوشنبه، ۱۶ مهر ۱۴۰۳؛ ساعت: ۹:۰۵", (1403, 7, 16, 9, 5)),
    ],
)
def test_a_jalali_date_with_a_time_is_an_instant_of_tehran(
    printed: str, at: tuple[int, ...]
) -> None:
    assert read(printed) == (from_jalali(*at), True, set())


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("شنبه, 16, مهر,1401", (1401, 7, 16)),
        ("دو شنبه 17 ارديبهشت 1403", (1403, 2, 17)),
        ("شهریور 7, 1403", (1403, 6, 7)),
        ("۱۸/۱/۱۳۸۸", (1388, 1, 18)),
        ("28/09/1401", (1401, 9, 28)),
        ("۱۰-۰۲-۱۳۹۲", (1392, 2, 10)),
        ("۱۱ بهمن , ۱۴۰۱ - 10 رجب 1444", (1401, 11, 11)),
        ("12 Mehr 1403", (1403, 7, 12)),
        ("۱۵مهر۱۴۰۳", (1403, 7, 15)),
        ("۱۵ مهرماه سال ۱۴۰۳", (1403, 7, 15)),
        ("چهاردهم شهريور 1401", (1401, 6, 14)),
        ("بیست‌ودوم بهمن‌ماه ۱۴۰۱", (1401, 11, 22)),
        ("سی و یکم شهریور ۱۴۰۱", (1401, 6, 31)),
        ("سی‌ام اسفند ۱۴۰۳", (1403, 12, 30)),
        ("۱۳۹۵ دی ۲۹", (1395, 10, 29)),
        ("/1402/05/28/slug", (1402, 5, 28)),
    ],
)
def test_a_jalali_date_without_a_time_is_midnight_of_tehran(
    printed: str, day: tuple[int, int, int]
) -> None:
    assert read(printed) == (from_jalali(*day), False, set())


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("۹۴/۰۲/۱۶", (1394, 2, 16)),
        ("٢٤/٩/٩٧", (1397, 9, 24)),
        ("مورخ 91/12/8", (1391, 12, 8)),
        ("۱۵ مهر ۹۴", (1394, 7, 15)),
        ("۹۹-۰۹-۰۱", (1399, 9, 1)),
    ],
)
def test_a_year_of_two_digits_says_that_its_century_is_inferred(
    printed: str, day: tuple[int, int, int]
) -> None:
    assert read(printed) == (from_jalali(*day), False, {Doubt.CENTURY_INFERRED})


def test_two_digits_that_can_be_read_both_ways_are_doubtful() -> None:
    parsed = parse_date("۰۲/۰۳/۰۴", now=NOW)
    assert parsed is not None
    assert parsed.doubts == {Doubt.CENTURY_INFERRED, Doubt.AMBIGUOUS_ORDER}
    assert parsed.is_doubtful


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("یکشنبه ۱۱ تیرماه", (1402, 4, 11)),  # the latest 11 Tir on a Sunday
        ("چهارم مهرماه", (1405, 7, 4)),
        ("شنبه اول شهریورماه", (1404, 6, 1)),
        ("بیست و یک مرداد", (1405, 5, 21)),
        ("۱۲ آذر", (1404, 9, 12)),  # 12 Azar of this year has not come yet
        ("۳۰ اسفند", (1403, 12, 30)),  # the latest leap year
    ],
)
def test_a_missing_year_is_the_latest_that_fits_and_says_so(
    printed: str, day: tuple[int, int, int]
) -> None:
    assert read(printed) == (from_jalali(*day), False, {Doubt.YEAR_INFERRED})


@pytest.mark.parametrize(
    ("printed", "at", "has_time"),
    [
        ("12 آگوست 2024", "2024-08-11T20:30", False),
        ("09 سپتامبر 2021", "2021-09-08T19:30", False),
        ("۳ می ۲۰۲۴", "2024-05-02T20:30", False),
        ("۱۷ ژوئیه ۲۰۲۳ - ۱۰:۰۰", "2023-07-17T06:30", True),
        ("May 30, 2016", "2016-05-29T19:30", False),
        ("20 Oct 2026 15:55:42 +0330", "2026-10-20T12:25:42", True),
        ("Tue, 20 Oct 2026 12:30:41 GMT", "2026-10-20T12:30:41", True),
        ("Tue, 20 Oct 2026 15:30:41 IRST", "2026-10-20T12:00:41", True),
        ("Tue Jul 21 15:30:41 2020", "2020-07-21T11:00:41", True),
        ("2020-07-21 15:30 IRDT", "2020-07-21T11:00", True),
        ("2017-01-25 09:43:47.606", "2017-01-25T06:13:47", True),
        ("2020-07-01T12:00:00", "2020-07-01T07:30", True),
        ("2026-10-20T12:30:41Z", "2026-10-20T12:30:41", True),
        ("2026-10-20T12:30:41-02:00", "2026-10-20T14:30:41", True),
        ("2026-10-20T12:30:41.000+03:30", "2026-10-20T09:00:41", True),
        ("Oct. 20, 2026 at 12:30 UTC", "2026-10-20T12:30", True),
        ("20.10.2026", "2026-10-19T20:30", False),
        ("10/20/2026 12:00:00 AM", "2026-10-19T20:30", True),
        ("10/20/2026 1:05:00 PM", "2026-10-20T09:35", True),
    ],
)
def test_a_gregorian_date_is_read_in_every_dialect(
    printed: str, at: str, *, has_time: bool
) -> None:
    assert read(printed) == (datetime.fromisoformat(at).replace(tzinfo=UTC), has_time, set())


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("۱۴۰۲-۰۳-۱۱T۱۰:۲۰:۳۰+03:30", "2023-06-01T06:50:30"),
        ("۲۰۲۶-۱۰-۲۰T۱۲:۳۰:۴۱+۰۳:۳۰", "2026-10-20T09:00:41"),
        ("1399-04-11T10:20:30", "2020-07-01T05:50:30"),
    ],
)
def test_an_iso_shaped_stamp_may_count_in_jalali_years_or_persian_digits(
    printed: str, at: str
) -> None:
    assert read(printed) == (datetime.fromisoformat(at).replace(tzinfo=UTC), True, set())


@pytest.mark.parametrize("printed", ["1395-10-06T19:55:39+00:00", "1395-10-06T19:55:39Z"])
def test_a_jalali_stamp_with_a_zone_of_zero_is_tehrans_clock(printed: str) -> None:
    at = from_jalali(1395, 10, 6, 19, 55, 39)
    assert read(printed) == (at, True, {Doubt.ZONE_INFERRED})


def test_a_jalali_date_whose_zone_is_named_counts_in_it() -> None:
    at = datetime(2016, 12, 26, 19, 55, tzinfo=UTC)
    assert read("۶ دی ۱۳۹۵ - ۱۹:۵۵ GMT") == (at, True, set())


def test_an_offset_with_one_hour_digit_means_what_it_says() -> None:
    assert read("2026-10-20T12:30:41+3:30") == (
        datetime(2026, 10, 20, 9, 0, 41, tzinfo=UTC),
        True,
        set(),
    )


def test_an_offset_that_exists_nowhere_is_left_out() -> None:
    parsed = parse_date("2026-10-20T12:30:41+33:00", now=NOW)
    assert parsed is not None
    assert parsed.at == datetime(2026, 10, 20, 9, 0, 41, tzinfo=UTC)
    assert parsed.doubts == {Doubt.OFFSET_IMPOSSIBLE}


def test_a_zone_on_the_next_line_belongs_to_something_else() -> None:
    assert read("۳۰ اسفند ۱۴۰۳ - ۰۹:۰۰\n\nGMT") == (from_jalali(1403, 12, 30, 9), True, set())


def test_a_naive_feed_may_name_its_own_zone() -> None:
    parsed = parse_date("2026-10-20T12:30:41", now=NOW, zone=UTC)
    assert parsed is not None
    assert parsed.at == datetime(2026, 10, 20, 12, 30, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "ago", "has_time"),
    [
        ("۳ ساعت پیش", timedelta(hours=3), True),
        ("یک ساعت قبل", timedelta(hours=1), True),
        ("۲۰ دقیقه پیش", timedelta(minutes=20), True),
        ("45 seconds ago", timedelta(seconds=45), True),
        ("دیروز", timedelta(days=1, hours=9, minutes=30), False),
        ("پریروز", timedelta(days=2, hours=9, minutes=30), False),
        ("۳ روز پیش", timedelta(days=3, hours=9, minutes=30), False),
        ("دو هفته پیش", timedelta(days=14, hours=9, minutes=30), False),
        ("دیروز ۲۳:۳۰", timedelta(hours=10), True),
        ("امروز ساعت ۰۸:۳۰", timedelta(hours=1), True),
    ],
)
def test_a_relative_date_counts_from_the_moment_of_reading(
    printed: str, ago: timedelta, *, has_time: bool
) -> None:
    assert read(printed) == (NOW - ago, has_time, {Doubt.RELATIVE})


@pytest.mark.parametrize(
    "printed",
    [
        "امروز : دوشنبه ۲ آذر ۱۴۰۵",
        "امروز: ۱۴۰۵/۰۹/۰۲ ساعت ۱۰:۲۰",
        "امروز دوشنبه ۲ آذر ۱۴۰۵",
        "امروز مورخ ۱۴۰۵/۰۹/۰۲",
        "امروز : ۱۰:۲۰",
        "امروز",
    ],
)
def test_today_in_a_header_is_no_date(printed: str) -> None:
    assert read(printed) is None


def test_the_date_after_a_header_of_today_is_found() -> None:
    text = "امروز : دوشنبه ۲ آذر ۱۴۰۵ — آخرین خبرها — انتشار: ۱۵ مهر ۱۴۰۳"
    assert [found.at for found in find_dates(text, now=NOW)] == [from_jalali(1403, 7, 15)]


@pytest.mark.parametrize(
    "printed",
    [
        "۰/۰۰/۰۰ - ۰۰:۰۰",
        "۳۱ مهر ۱۴۰۳",
        "۳۰ اسفند ۱۴۰۴",
        "1402/13/01",
        "2023-02-30",
        "۱۵ مهر ۲۰۲۴",
        "12 May 1403",
        "۱۰ رجب ۱۴۴۴",
        "۳ می‌شود",
        "1250/01/01",
        "کد خبر: ۱۲۳۴۵۶۷",
        "نسخه 1.12.3",
        "تلفن ۰۳۴-۳۲-۱۲۳۴۵۶۷",
        "۱۶۱۳/۲۰",
        "ساعت ۱۵:۲۲",
        "یکشنبه",
        "۳ روز قبل از جشن",
        "دو هفته پیش از باران",
        "",
    ],
)
def test_what_is_no_date_or_no_day_of_any_calendar_yields_nothing(printed: str) -> None:
    assert find_dates(printed, now=NOW) == ()


@pytest.mark.parametrize(
    ("printed", "doubt"),
    [
        ("۱۵ مهر ۱۴۱۰", Doubt.FUTURE),
        ("2026-11-23T12:00:00Z", Doubt.FUTURE),
        ("جمعه ۱۵ مهر ۱۴۰۳", Doubt.WEEKDAY_DIFFERS),
        ("۱۵ مهر ۱۴۰۳ - 8 Oct 2024", Doubt.CALENDARS_DIFFER),
        ("۱۴۰۳/۰۷/۱۵ ۲۵:۶۱", Doubt.TIME_IMPOSSIBLE),
        ("05/06/2021", Doubt.AMBIGUOUS_ORDER),
    ],
)
def test_a_date_that_contradicts_something_is_doubtful(printed: str, doubt: Doubt) -> None:
    parsed = parse_date(printed, now=NOW)
    assert parsed is not None
    assert parsed.doubts == {doubt}
    assert parsed.is_doubtful


def test_today_without_a_time_and_a_clock_slightly_ahead_are_not_the_future() -> None:
    assert read("۲ آذر ۱۴۰۵") == (from_jalali(1405, 9, 2), False, set())
    assert read("2026-11-23T06:30:00Z") == (NOW + timedelta(minutes=30), True, set())


def test_the_figures_behind_a_month_are_not_its_year() -> None:
    parsed = parse_date("۱۵ مهر ۶۰ نفر آمدند", now=NOW)
    assert parsed is not None
    assert parsed.printed == "۱۵ مهر"
    assert parsed.doubts == {Doubt.YEAR_INFERRED}


def test_two_dates_in_a_row_stay_two_with_their_own_times() -> None:
    text = "انتشار: ۱۵ مهر ۱۴۰۳ - ۲۰:۱۱\nویرایش: ۱۶ مهر ۱۴۰۳ - ۰۸:۰۰\n1403/07/17 - 09:00"
    found = find_dates(text, now=NOW)
    assert [each.at for each in found] == [
        from_jalali(1403, 7, 15, 20, 11),
        from_jalali(1403, 7, 16, 8, 0),
        from_jalali(1403, 7, 17, 9, 0),
    ]
    assert [text[each.start : each.end] for each in found] == [each.printed for each in found]
    assert found[0].printed == "۱۵ مهر ۱۴۰۳ - ۲۰:۱۱"


def test_a_day_that_does_not_exist_lends_its_time_to_no_other() -> None:
    found = find_dates("۰/۰۰/۰۰ - ۰۰:۰۰ | ۱۵ مهر ۱۴۰۳ | ۳۱ مهر ۱۴۰۳ - ۱۰:۰۰", now=NOW)
    assert [(each.at, each.has_time) for each in found] == [(from_jalali(1403, 7, 15), False)]


def test_the_printed_form_keeps_tatweel_and_letter_forms() -> None:
    parsed = parse_date("در تاریخ ۱۷ ارديبهشـت  ۱۴۰۳ برگزار شد", now=NOW)
    assert parsed is not None
    assert parsed.printed == "۱۷ ارديبهشـت  ۱۴۰۳"
    assert parsed.calendar is Calendar.JALALI


@pytest.mark.parametrize(
    ("style", "step"),
    [
        (JalaliStyle.LONG, 1),
        (JalaliStyle.NUMERIC, 5),
        (JalaliStyle.ISO, 5),
    ],  # 5 meets every weekday
)
def test_every_day_of_two_centuries_is_read_back_as_written(style: JalaliStyle, step: int) -> None:
    later = from_jalali(1499, 12, 29)
    first, last = JalaliDate(1300, 1, 1).to_gregorian(), JalaliDate(1499, 12, 29).to_gregorian()
    for ordinal in range(first.toordinal(), last.toordinal() + 1, step):
        at = at_tehran(date.fromordinal(ordinal))
        parsed = parse_date(format_jalali(at, style), now=later)
        assert parsed is not None
        assert (parsed.at, parsed.doubts) == (at, frozenset())


@given(st.datetimes(datetime(1979, 1, 1), datetime(2026, 11, 22)))  # noqa: DTZ001 - Tehran's below
def test_every_instant_is_read_back_as_written(naive: datetime) -> None:
    at = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    parsed = parse_date(format_jalali(at), now=NOW)
    assert parsed is not None
    # The hour that autumn repeats is read as its first occurrence.
    assert at - parsed.at in {timedelta(0), timedelta(hours=1)}
    assert parsed.has_time
    iso = to_persian_digits(at.isoformat())
    stamped = parse_date(iso, now=NOW)
    assert stamped is not None
    assert stamped.at == at


PIECES = [
    *"۰۱۲۳۴۵۶۷۸۹0123456789/-:|،.,+ \n\u200c",
    *["مهر", "می", "ماه", "شنبه", "امروز", "ساعت", "پیش", "یک", "May", "T", "Z", "1403", "رجب"],
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_no_text_breaks_the_reader_and_every_span_is_inside(text: str) -> None:
    last = 0
    for found in find_dates(text, now=NOW):
        assert last <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.printed
        last = found.end
