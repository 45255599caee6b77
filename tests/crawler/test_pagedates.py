from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import DateClaim, DateSource, Trust
from crawler.pagedates import claim, claim_from_url, settle_modified, settle_published
from persian.calendar import TEHRAN, to_jalali

NOW = datetime(2024, 5, 20, 9, 0, tzinfo=UTC)


def read(printed: str) -> DateClaim:
    found = claim(printed, DateSource.META, now=NOW)
    assert found is not None
    return found


def said(at: datetime, source: DateSource, trust: Trust = Trust.EXACT) -> DateClaim:
    return DateClaim(at=at, source=source, trust=trust, printed=at.isoformat())


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("2020-02-18T03:25:00Z", datetime(2020, 2, 18, 3, 25, tzinfo=UTC)),
        ("2020-02-18T06:55:00+03:30", datetime(2020, 2, 18, 3, 25, tzinfo=UTC)),
        ("2020-02-18T06:55:00+0330", datetime(2020, 2, 18, 3, 25, tzinfo=UTC)),
        ("2020-02-18T06:55:00+3:30", datetime(2020, 2, 18, 3, 25, tzinfo=UTC)),
        ("2017-01-25 09:43:47.606", datetime(2017, 1, 25, 6, 13, 47, tzinfo=UTC)),
        ("2017-07-25 09:43:47", datetime(2017, 7, 25, 5, 13, 47, tzinfo=UTC)),
        ("1395-10-06T19:55:39+00:00", datetime(2016, 12, 26, 16, 25, 39, tzinfo=UTC)),
        ("۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹", datetime(2020, 5, 10, 14, 29, tzinfo=UTC)),
        ("۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹", datetime(2020, 5, 10, 14, 29, tzinfo=UTC)),
        ("تاریخ انتشار: ۲۹ دی ۱۳۹۵ / ۱۴:۵۹", datetime(2017, 1, 18, 11, 29, tzinfo=UTC)),
        ("20 May 2024 10:15:00 +0330", datetime(2024, 5, 20, 6, 45, tzinfo=UTC)),
        ("Mon, 20 May 2024 06:45:00 GMT", datetime(2024, 5, 20, 6, 45, tzinfo=UTC)),
    ],
)
def test_a_stamp_is_read_as_the_instant_it_names(printed: str, at: datetime) -> None:
    found = read(printed)
    assert (found.at, found.trust, found.printed) == (at, Trust.EXACT, printed)


@pytest.mark.parametrize(
    "printed",
    ["۰/۰۰/۰۰ - ۰۰:۰۰", "0000-00-00 00:00:00", "2024-13-40", "امروز : شنبه ۱ خرداد", "", "خبر"],
)
def test_what_names_no_possible_day_is_no_claim(printed: str) -> None:
    assert claim(printed, DateSource.META, now=NOW) is None


def test_a_day_without_a_time_is_trusted_as_a_day() -> None:
    found = read("2024-05-18")
    assert (found.at, found.trust) == (datetime(2024, 5, 17, 20, 30, tzinfo=UTC), Trust.DAY)


def test_midnight_in_tehran_is_a_day_and_not_an_instant() -> None:
    assert read("2024-05-17T20:30:00Z").trust is Trust.DAY
    assert read("2024-05-17T21:30:00Z").trust is Trust.EXACT


@pytest.mark.parametrize("printed", ["2024-06-01T00:00:00Z", "1971-01-01T00:00:01Z"])
def test_the_future_and_the_time_before_news_sites_are_doubtful(printed: str) -> None:
    assert read(printed).trust is Trust.DOUBTFUL


def test_a_clock_one_day_ahead_is_believed() -> None:
    assert read("2024-05-21T08:00:00Z").trust is Trust.EXACT


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/1402/05/28/slug", "1402-05-28"),
        ("https://a.example/2017/05/24/slug", "1396-03-03"),
        ("https://a.example/13950802/118/slug", "1395-08-02"),
        ("https://a.example/news/95102904455/%D8%AF", "1395-10-29"),
    ],
)
def test_an_address_may_carry_the_day(url: str, day: str) -> None:
    found = claim_from_url(url, now=NOW)
    assert found is not None
    assert (str(to_jalali(found.at)), found.source, found.trust) == (day, DateSource.URL, Trust.DAY)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/news/1353889/",
        "https://a.example/1402/13/28/slug",
        "https://a.example/1409/05/28/slug",
        "https://a.example/news/12345678901/",
    ],
)
def test_numbers_that_are_no_past_day_are_no_date(url: str) -> None:
    assert claim_from_url(url, now=NOW) is None


def test_the_first_exact_claim_wins_over_days_before_it() -> None:
    day = said(NOW - timedelta(days=1), DateSource.META, Trust.DAY)
    exact = said(NOW - timedelta(hours=20), DateSource.VISIBLE)
    assert settle_published([day, exact], fetched_at=NOW) == exact


def test_the_time_of_rendering_loses_to_an_older_claim() -> None:
    rendered = said(NOW - timedelta(seconds=3), DateSource.META)
    visible = said(NOW - timedelta(days=900), DateSource.VISIBLE, Trust.DAY)
    assert settle_published([rendered, visible], fetched_at=NOW) == visible


def test_an_article_of_this_minute_keeps_its_date_when_nothing_contradicts_it() -> None:
    fresh = said(NOW - timedelta(seconds=3), DateSource.META)
    assert settle_published([fresh], fetched_at=NOW) == fresh


def test_two_kinds_of_places_that_agree_overrule_one_that_does_not() -> None:
    odd = said(NOW - timedelta(days=30), DateSource.META)
    feed = said(NOW - timedelta(days=5), DateSource.FEED)
    visible = said(NOW - timedelta(days=5, hours=2), DateSource.VISIBLE)
    assert settle_published([odd, feed, visible], fetched_at=NOW) == feed
    assert settle_published([odd, visible], fetched_at=NOW) == odd


def test_a_doubtful_claim_stands_only_alone() -> None:
    future = said(NOW + timedelta(days=40), DateSource.JSON_LD, Trust.DOUBTFUL)
    day = said(NOW - timedelta(days=3), DateSource.URL, Trust.DAY)
    assert settle_published([future, day], fetched_at=NOW) == day
    assert settle_published([future], fetched_at=NOW) == future
    assert settle_published([], fetched_at=NOW) is None


def test_a_change_before_the_publication_is_doubtful() -> None:
    published = said(NOW - timedelta(hours=5), DateSource.META)
    early = said(NOW - timedelta(hours=6), DateSource.META)
    late = said(NOW - timedelta(hours=1), DateSource.META)
    settled = settle_modified([early], published)
    assert settled is not None
    assert settled.trust is Trust.DOUBTFUL
    assert settle_modified([late], published) == late
    assert settle_modified([], published) is None


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2024, 5, 19)))  # noqa: DTZ001
def test_a_written_instant_is_read_back_in_every_notation(naive: datetime) -> None:
    local = naive.replace(microsecond=0, tzinfo=TEHRAN)
    at = local.astimezone(UTC)
    if at.astimezone(TEHRAN) != local:
        return
    for printed in (at.strftime("%Y-%m-%dT%H:%M:%SZ"), local.strftime("%Y-%m-%d %H:%M:%S")):
        assert read(printed).at == at


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = claim(text, DateSource.VISIBLE, now=NOW)
    assert found is None or found.at.tzinfo is UTC
