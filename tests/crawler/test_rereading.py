"""When a page is read again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.article import Article, Block, BlockKind
from crawler.page import Failure, FailureKind
from crawler.rereading import is_unfinished, read_again_at, retry_at

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def _article(*paragraphs: str, title: str = "افتتاح یک کارگاه در زرند") -> Article:
    return Article(
        outlet_id="o",
        url="http://o.example/1",
        canonical_url="http://o.example/1",
        external_id="1",
        title=title,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs),
        fetched_at=NOW,
    )


def _failure(kind: FailureKind, *, status: int | None = None, permanent: bool = False) -> Failure:
    return Failure(
        requested_url="http://o.example/1",
        kind=kind,
        detail="…",
        status=status,
        permanent=permanent,
        failed_at=NOW,
    )


@pytest.mark.parametrize(
    "text", ["این خبر در حال تکمیل است...", "خبر در حال تكميل است", "(خبر در‌ حال تکمیل است)"]
)
def test_a_text_that_says_it_is_being_completed_is_unfinished(text: str) -> None:
    assert is_unfinished(_article("آتش‌سوزی در یک انبار.", text))


def test_an_ordinary_text_is_finished() -> None:
    assert not is_unfinished(_article("پروژهٔ آبرسانی تکمیل شد."))


def test_an_unfinished_text_is_read_again_soon_but_not_for_ever() -> None:
    article = _article("خبر در حال تکمیل است")
    soon = read_again_at(article, first_seen_at=NOW, is_watched=False, now=NOW)
    assert soon == NOW + timedelta(minutes=10)
    later = NOW + timedelta(days=2)
    assert read_again_at(article, first_seen_at=NOW, is_watched=False, now=later) is None


def test_a_text_nobody_was_told_of_is_not_read_again() -> None:
    assert read_again_at(_article("متن"), first_seen_at=NOW, is_watched=False, now=NOW) is None


def test_a_text_somebody_was_told_of_is_read_again_three_times() -> None:
    times, now = [], NOW
    while at := read_again_at(_article("متن"), first_seen_at=NOW, is_watched=True, now=now):
        times.append(at - NOW)
        now = at
    assert times == [timedelta(hours=1), timedelta(hours=6), timedelta(hours=24)]


@pytest.mark.parametrize(
    "failure",
    [
        _failure(FailureKind.HTTP_STATUS, status=404),
        _failure(FailureKind.HTTP_STATUS, status=410),
        _failure(FailureKind.NOT_AN_ARTICLE, status=200),
        _failure(FailureKind.FORBIDDEN_ADDRESS, permanent=True),
    ],
)
def test_what_cannot_become_an_article_is_given_up_at_once(failure: Failure) -> None:
    assert retry_at(failure, attempts=0, now=NOW) is None


def test_a_failure_that_may_pass_is_tried_ever_more_rarely_and_then_given_up() -> None:
    failure = _failure(FailureKind.TIMEOUT)
    waits = [retry_at(failure, attempts=n, now=NOW) for n in range(7)]
    assert waits[0] == NOW + timedelta(minutes=5)
    assert waits[-1] == NOW + timedelta(hours=12)
    assert all(one is not None for one in waits)
    assert retry_at(failure, attempts=7, now=NOW) is None


def test_a_server_that_asks_for_more_time_gets_it() -> None:
    failure = Failure(
        requested_url="u",
        kind=FailureKind.HTTP_STATUS,
        detail="…",
        status=503,
        retry_after=timedelta(hours=2),
        failed_at=NOW,
    )
    assert retry_at(failure, attempts=0, now=NOW) == NOW + timedelta(hours=2)
