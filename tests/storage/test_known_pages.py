"""Known pages: each is read once, again only for a reason, and none is lost by a kill."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import DateClaim, DateSource, Trust
from crawler.entry import Entry
from crawler.page import Failure, FailureKind, Validators
from storage.articles import keep_article
from storage.database import Database
from storage.entry_codec import decode_entry, encode_entry, entry_hash
from storage.known_pages import (
    PageToRead,
    Reading,
    count_waiting,
    known_among,
    page_failed,
    page_was_read,
    pages_to_read,
    remember_entries,
)
from tests.storage.articles import article

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TAGS = Validators(etag='"7"', last_modified="Sat, 21 Mar 2026 12:00:00 GMT")


def _entry(number: int = 1, **changes: object) -> Entry:
    url = f"https://sobh.example/news/{number}"
    claim = DateClaim(
        at=NOON - number * MINUTE, source=DateSource.FEED, trust=Trust.EXACT, printed="امروز"
    )
    entry = Entry(
        outlet_id="sobh", url=url, canonical_url=url, title=f"خبر {number}", published=claim
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def _remember(database: Database, *entries: Entry, now: datetime = NOON) -> int:
    with database.write() as connection:
        return remember_entries(connection, entries, now=now)


def _to_read(database: Database, now: datetime = NOON, limit: int = 9) -> list[Entry]:
    with database.read() as connection:
        pages = pages_to_read(connection, "sobh", now=now, limit=limit)
        return [page.entry for page in pages]


_maybe = st.none() | st.text(max_size=20)


@given(
    st.builds(
        Entry,
        outlet_id=st.text(max_size=5),
        url=st.text(max_size=20),
        canonical_url=st.text(max_size=20),
        external_id=_maybe,
        title=_maybe,
        summary=_maybe,
        content_html=_maybe,
        published=st.none() | st.just(_entry().published),
        author=_maybe,
        section=st.lists(st.text(max_size=5), max_size=2).map(tuple),
        tags=st.lists(st.text(max_size=5), max_size=2).map(tuple),
        image_url=_maybe,
        source=_maybe,
    )
)
def test_any_entry_comes_back_as_it_was(entry: Entry) -> None:
    assert decode_entry(encode_entry(entry)) == entry


def test_only_the_words_of_an_entry_count_as_a_change() -> None:
    assert entry_hash(_entry()) == entry_hash(_entry(tags=("کار",), external_id="9"))
    assert entry_hash(_entry()) != entry_hash(_entry(summary="دیگر"))
    assert entry_hash(_entry(title="نیم \ud83d")) != entry_hash(_entry(title="نیم "))
    assert entry_hash(_entry(title=None)) is None


def test_a_found_page_is_to_be_read_once(database: Database) -> None:
    assert _remember(database, _entry(1), _entry(2), _entry(1)) == 2
    assert _to_read(database) == [_entry(2), _entry(1)]
    with database.write() as connection:
        page_was_read(connection, _entry(1), Reading(read_at=NOON))
    assert _to_read(database) == [_entry(2)]
    assert _remember(database, _entry(1), _entry(2), now=NOON + MINUTE) == 0
    assert _to_read(database, NOON + MINUTE) == [_entry(2)]


def test_what_waits_longest_is_the_oldest_but_the_newest_are_never_left_out(
    database: Database,
) -> None:
    _remember(database, *(_entry(number) for number in range(1, 6)))
    assert _to_read(database, limit=3) == [_entry(3), _entry(2), _entry(1)]
    with database.read() as connection:
        assert count_waiting(connection, "sobh", now=NOON) == 5
        assert count_waiting(connection, "rasa", now=NOON) == 0


def test_an_undated_page_stands_at_its_finding(database: Database) -> None:
    _remember(database, _entry(1, published=None), _entry(2))
    assert _to_read(database, limit=1) == [_entry(1, published=None)]


def test_a_page_whose_title_changed_is_read_again_conditionally(database: Database) -> None:
    _remember(database, _entry())
    with database.write() as connection:
        article_id = keep_article(connection, article()).article_id
        reading = Reading(read_at=NOON, article_id=article_id, validators=TAGS)
        page_was_read(connection, _entry(), reading)
    renamed = _entry(title="خبر اصلاح شد")
    _remember(database, renamed, now=NOON + MINUTE)
    with database.read() as connection:
        pages = pages_to_read(connection, "sobh", now=NOON + MINUTE, limit=9)
    assert pages == (PageToRead(entry=renamed, validators=TAGS, article_id=article_id),)


def test_ways_in_that_word_a_page_differently_do_not_have_it_read_in_turns(
    database: Database,
) -> None:
    of_feed, of_list = _entry(summary="چکیده"), _entry(title="خبر ...", published=None)
    of_sitemap = _entry(title=None, published=None)
    _remember(database, of_feed, of_sitemap, of_list)
    with database.write() as connection:
        (page,) = pages_to_read(connection, "sobh", now=NOON, limit=9)
        page_was_read(connection, page.entry, Reading(read_at=NOON))
    assert page.entry == _entry(title="خبر ...", summary="چکیده")
    for entry in (of_sitemap, of_list, of_feed, of_sitemap):
        assert _remember(database, entry, now=NOON + MINUTE) == 0
    assert _to_read(database, NOON + MINUTE) == []


def test_a_page_waiting_to_be_read_stays_in_its_place_when_it_changes(database: Database) -> None:
    _remember(database, _entry())
    with database.write() as connection:
        page_failed(connection, _entry(), _failure(), read_again_at=NOON + 9 * MINUTE)
    _remember(database, _entry(title="تازه"), now=NOON + MINUTE)
    assert _to_read(database, NOON + MINUTE) == []
    assert _to_read(database, NOON + 9 * MINUTE) == [_entry(title="تازه")]


def test_an_address_that_is_no_key_is_passed_over(database: Database) -> None:
    longest = f"https://sobh.example/{random.Random(1).randbytes(989).hex()}"
    endless = _entry(2, canonical_url=longest + "a" * 9)
    torn = [_entry(4, canonical_url=f"https://sobh.example/{part}") for part in ("\x00", "\ud83d")]
    assert _remember(database, endless, *torn, _entry(3, canonical_url=longest)) == 1
    assert [entry.canonical_url for entry in _to_read(database)] == [longest]


def test_an_endless_list_is_remembered_in_one_go(database: Database) -> None:
    several = [_entry(number) for number in range(1000)]
    assert _remember(database, *several) == 1000
    assert _remember(database, *several, _entry(1000)) == 1
    assert len(_to_read(database, limit=2000)) == 1001


def test_an_unchanged_page_keeps_its_validators_and_article(database: Database) -> None:
    _remember(database, _entry())
    with database.write() as connection:
        article_id = keep_article(connection, article()).article_id
        first = Reading(
            read_at=NOON, article_id=article_id, validators=TAGS, read_again_at=NOON + MINUTE
        )
        page_was_read(connection, _entry(), first)
        again = Reading(read_at=NOON + MINUTE, read_again_at=NOON + 2 * MINUTE)
        page_was_read(connection, _entry(), again)
    assert _to_read(database, NOON + MINUTE) == []
    with database.read() as connection:
        (page,) = pages_to_read(connection, "sobh", now=NOON + 2 * MINUTE, limit=9)
    assert (page.article_id, page.validators) == (article_id, TAGS)


def _failure(*, permanent: bool = False) -> Failure:
    return Failure(
        requested_url=_entry().url,
        kind=FailureKind.TIMEOUT,
        detail="پاسخ \x00نداد",
        permanent=permanent,
        failed_at=NOON,
    )


def test_a_failed_page_is_tried_again_when_it_was_said_to(database: Database) -> None:
    _remember(database, _entry())
    with database.write() as connection:
        page_failed(connection, _entry(), _failure(), read_again_at=NOON + MINUTE)
    assert _to_read(database) == []
    with database.read() as connection:
        (page,) = pages_to_read(connection, "sobh", now=NOON + MINUTE, limit=9)
    assert page.attempts == 1


def test_a_page_given_up_stays_so_until_a_way_in_changes_it(database: Database) -> None:
    _remember(database, _entry())
    with database.write() as connection:
        page_failed(connection, _entry(), _failure(permanent=True), read_again_at=None)
    _remember(database, _entry(), now=NOON + MINUTE)
    assert _to_read(database, NOON + MINUTE) == []
    _remember(database, _entry(title="تازه"), now=NOON + MINUTE)
    with database.read() as connection:
        (page,) = pages_to_read(connection, "sobh", now=NOON + MINUTE, limit=9)
    assert (page.entry.title, page.attempts) == ("تازه", 0)


def test_addresses_that_discovery_named_before_are_told_from_others(database: Database) -> None:
    entries = [_entry(number) for number in range(900)]
    _remember(database, *entries[:500])
    asked = {entry.canonical_url for entry in entries}
    with database.read() as connection:
        known = known_among(connection, "sobh", asked)
        assert known == {entry.canonical_url for entry in entries[:500]}
        assert known_among(connection, "another", asked) == frozenset()
        assert known_among(connection, "sobh", ()) == frozenset()
