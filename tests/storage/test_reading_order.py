"""Readings in any order: the archive ends where time does, and its history holds together."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.article import Article
from storage.articles import get_article, keep_article
from storage.codec import content_hash, said_of
from storage.database import Database
from storage.revisions import revisions_of, showings_of
from tests.storage.articles import NOON, article

#: Minutes, each with the title the page showed then, in the order in which they are archived.
_readings = st.dictionaries(st.integers(0, 9), st.sampled_from("ابپ"), min_size=1, max_size=8)
_orders = _readings.flatmap(lambda read: st.permutations(sorted(read.items())))


def _reading(number: int, minute: int, title: str) -> Article:
    return article(number, title=title, fetched_at=NOON + timedelta(minutes=minute))


class Numbers:
    """Gives every example an article of its own in the one archive."""

    last = 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_orders)
def test_readings_in_any_order_end_where_time_does(
    database: Database, order: list[tuple[int, str]]
) -> None:
    Numbers.last += 1
    read = [_reading(Numbers.last, minute, title) for minute, title in order]
    with database.write() as connection:
        kept = [keep_article(connection, reading) for reading in read]
        known = get_article(connection, kept[0].article_id)
        texts = revisions_of(connection, known.id)
        shown = showings_of(connection, known.id)
    latest = max(read, key=lambda reading: reading.fetched_at)
    assert known.article == latest
    assert {one.content_hash: (one.first_shown_at, one.last_shown_at) for one in texts} == _spans(
        read
    )
    real = {(reading.fetched_at, content_hash(said_of(reading))) for reading in read}
    assert {(one.shown_at, one.content_hash) for one in shown} <= real
    assert shown[0].shown_at == min(reading.fetched_at for reading in read)
    assert shown[-1].content_hash == known.content_hash
    assert all(one.content_hash != other.content_hash for one, other in pairwise(shown))


def _spans(read: list[Article]) -> dict[str, tuple[datetime, datetime]]:
    times = defaultdict(list)
    for reading in read:
        times[content_hash(said_of(reading))].append(reading.fetched_at)
    return {found: (min(at), max(at)) for found, at in times.items()}


def test_in_order_every_change_is_told_exactly(database: Database) -> None:
    titles = "ااببباپپا"
    read = [_reading(1, minute, title) for minute, title in enumerate(titles)]
    with database.write() as connection:
        kept = [keep_article(connection, reading) for reading in read]
        shown = showings_of(connection, kept[0].article_id)
    minutes = [(one.shown_at - NOON) / timedelta(minutes=1) for one in shown]
    assert minutes == [0, 2, 5, 6, 8]


def test_a_page_understood_better_later_takes_its_own_place(database: Database) -> None:
    with database.write() as connection:
        kept = keep_article(connection, _reading(1, 0, "ا"))
        keep_article(connection, _reading(1, 0, "ب"))
        assert get_article(connection, kept.article_id).article.title == "ب"
        assert len(showings_of(connection, kept.article_id)) == 1
        assert len(revisions_of(connection, kept.article_id)) == 2
