"""Articles in the archive: one row per address, read back exactly, newest first."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.article import Article, DateClaim, DateSource, Trust
from storage.articles import (
    ArchivedArticle,
    Kept,
    Outcome,
    Position,
    count_articles,
    find_article,
    get_article,
    get_articles,
    keep_article,
    latest_articles,
)
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.revisions import revisions_of, showings_of
from storage.sort_instant import sort_instant
from tests.storage.articles import NOON, any_article, article, paragraph

LATER = timedelta(hours=1)


def _keep(database: Database, *given_articles: Article) -> list[Kept]:
    with database.write() as connection:
        return [keep_article(connection, given_article) for given_article in given_articles]


def _read_again(given_article: Article, after: timedelta = LATER) -> Article:
    return replace(given_article, fetched_at=given_article.fetched_at + after)


def test_a_new_article_is_read_back_as_it_was(database: Database) -> None:
    (kept,) = _keep(database, article(7))
    assert kept.outcome is Outcome.NEW
    with database.read() as connection:
        archived = get_article(connection, kept.article_id)
        assert find_article(connection, "sobh", article(7).canonical_url) == archived
    assert archived.article == article(7)
    assert archived.first_seen_at == archived.last_seen_at == article(7).fetched_at
    assert archived.published_at == archived.sort_at == NOON + timedelta(minutes=7)
    assert archived.word_count == 37
    assert archived.is_backfill is False


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(any_article, max_size=4))
def test_any_article_is_read_back_as_it_was(database: Database, several: list[Article]) -> None:
    for given_article in several:
        (kept,) = _keep(database, given_article)
        with database.read() as connection:
            archived = get_article(connection, kept.article_id)
        if given_article.fetched_at >= archived.last_seen_at:
            assert archived.article == given_article


def test_the_same_reading_twice_changes_nothing(database: Database) -> None:
    first, second = _keep(database, article(), article())
    assert second == replace(first, outcome=Outcome.UNCHANGED)
    with database.read() as connection:
        assert count_articles(connection) == 1
        assert len(revisions_of(connection, first.article_id)) == 1
        assert len(showings_of(connection, first.article_id)) == 1


def test_the_same_text_read_later_only_moves_the_last_reading(database: Database) -> None:
    later = _read_again(article())
    kept, again = _keep(database, article(), later)
    assert again.outcome is Outcome.UNCHANGED
    with database.read() as connection:
        archived = get_article(connection, kept.article_id)
        (revision,) = revisions_of(connection, kept.article_id)
    assert archived.first_seen_at == revision.first_shown_at == article().fetched_at
    assert archived.last_seen_at == revision.last_shown_at == later.fetched_at


def test_another_text_is_a_revision_and_the_earlier_one_stays(database: Database) -> None:
    edited = _read_again(article(blocks=paragraph("این واحد برای ۵۳ نفر کار می‌سازد.")))
    kept, revised = _keep(database, article(), edited)
    assert revised == replace(kept, outcome=Outcome.REVISED, before=article())
    with database.read() as connection:
        first, second = revisions_of(connection, kept.article_id)
        assert get_article(connection, kept.article_id).article == edited
    assert first.said.blocks == article().blocks
    assert second.said.blocks == edited.blocks
    assert second.word_count == 27


def test_a_return_to_an_earlier_text_is_shown_and_no_third_text(database: Database) -> None:
    edited = _read_again(article(title="دیگر"))
    restored = _read_again(article(), 2 * LATER)
    kept, _, back = _keep(database, article(), edited, restored)
    assert back.outcome is Outcome.REVISED
    with database.read() as connection:
        assert len(revisions_of(connection, kept.article_id)) == 2
        shown = showings_of(connection, kept.article_id)
        assert get_article(connection, kept.article_id).article == restored
    assert [showing.shown_at for showing in shown] == [
        article().fetched_at,
        edited.fetched_at,
        restored.fetched_at,
    ]
    assert shown[0].content_hash == shown[2].content_hash != shown[1].content_hash


def test_a_late_reading_of_an_earlier_text_never_undoes_the_newer_one(database: Database) -> None:
    newer = _read_again(article(title="تازه"))
    kept, late = _keep(database, newer, article(title="پیشین"))
    assert late == replace(kept, outcome=Outcome.UNCHANGED)
    with database.read() as connection:
        assert get_article(connection, kept.article_id).article == newer
        titles = [revision.said.title for revision in revisions_of(connection, kept.article_id)]
    assert titles == ["پیشین", "تازه"]


def test_a_late_reading_of_the_same_text_widens_its_time(database: Database) -> None:
    newer = _read_again(article())
    kept, _ = _keep(database, newer, article())
    with database.read() as connection:
        (revision,) = revisions_of(connection, kept.article_id)
        (showing,) = showings_of(connection, kept.article_id)
    assert (revision.first_shown_at, revision.last_shown_at) == (
        article().fetched_at,
        newer.fetched_at,
    )
    assert showing.shown_at == article().fetched_at


def test_new_tags_are_taken_over_without_a_revision(database: Database) -> None:
    tagged = _read_again(article(tags=("سیرجان", "کار")))
    kept, again = _keep(database, article(), tagged)
    assert again == replace(kept, outcome=Outcome.UNCHANGED, is_retouched=True)
    with database.read() as connection:
        assert get_article(connection, kept.article_id).article.tags == ("سیرجان", "کار")


def test_the_place_in_time_does_not_move_with_a_revision(database: Database) -> None:
    bumped = DateClaim(
        at=NOON + 3 * LATER, source=DateSource.META, trust=Trust.EXACT, printed="۱۸:۳۰"
    )
    edited = _read_again(article(title="دیگر", published=bumped), 4 * LATER)
    kept, _ = _keep(database, article(), edited)
    with database.read() as connection:
        archived = get_article(connection, kept.article_id)
    assert archived.sort_at == NOON + timedelta(minutes=1)
    assert archived.published_at == bumped.at


def test_one_address_at_two_outlets_is_two_articles(database: Database) -> None:
    one, other = _keep(database, article(), article(outlet_id="rasa"))
    assert one.article_id != other.article_id
    with database.read() as connection:
        assert count_articles(connection) == 2
        assert count_articles(connection, outlet_id="rasa") == 1


def test_nul_and_broken_characters_and_endless_ids_are_kept(database: Database) -> None:
    hostile = article(title="سیر\x00جان \ud83d", external_id="\x00" + "ش" * 9000)
    (kept,) = _keep(database, hostile)
    with database.read() as connection:
        assert get_article(connection, kept.article_id).article == hostile


def test_threads_that_keep_the_same_article_at_once_end_with_one_row(database: Database) -> None:
    def keep(_: int) -> Kept:
        return _keep(database, article())[0]

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(keep, range(24)))
    assert [one.outcome for one in kept].count(Outcome.NEW) == 1
    assert len({one.article_id for one in kept}) == 1
    with database.read() as connection:
        assert count_articles(connection) == 1
        assert len(revisions_of(connection, kept[0].article_id)) == 1


def test_threads_that_keep_different_texts_of_one_article_lose_none(database: Database) -> None:
    texts = [_read_again(article(title=f"متن {n}"), timedelta(minutes=n)) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda text: _keep(database, text)[0], texts))
    with database.read() as connection:
        assert len(revisions_of(connection, kept[0].article_id)) == 12
        assert get_article(connection, kept[0].article_id).article.title == "متن 11"


def test_an_unknown_id_is_named(database: Database) -> None:
    with database.read() as connection:
        with pytest.raises(UnknownRecordError, match="no article 42"):
            get_article(connection, 42)
        assert find_article(connection, "sobh", "https://sobh.example/none") is None
        assert get_articles(connection, [42]) == {}


def test_several_articles_are_read_by_id(database: Database) -> None:
    kept = _keep(database, article(1), article(2), article(3))
    wanted = [kept[0].article_id, kept[2].article_id]
    with database.read() as connection:
        found = get_articles(connection, wanted)
    assert sorted(found) == wanted
    assert found[wanted[1]].article == article(3)


def test_the_newest_article_stands_first_and_pages_neither_repeat_nor_skip(
    database: Database,
) -> None:
    same_time = article(5).published
    several = [article(n) for n in range(9)] + [article(n, published=same_time) for n in (20, 21)]
    _keep(database, *several)
    titles = [found.article.title for page in _pages(database, 3) for found in page]
    expected = sorted(
        ((sort_instant(one.published, one.fetched_at), at), one.title)
        for at, one in enumerate(several)
    )
    assert titles == [title for _, title in reversed(expected)]


def _pages(database: Database, size: int) -> Iterable[tuple[ArchivedArticle, ...]]:
    before = None
    with database.read() as connection:
        while page := latest_articles(connection, limit=size, before=before):
            yield page
            before = Position(sort_at=page[-1].sort_at, article_id=page[-1].id)


def test_one_outlets_articles_are_listed_alone(database: Database) -> None:
    _keep(database, article(1), article(2, outlet_id="rasa"), article(3))
    with database.read() as connection:
        found = latest_articles(connection, limit=9, outlet_id="sobh")
    assert [one.article.external_id for one in found] == ["3", "1"]


def test_a_backfilled_article_says_so(database: Database) -> None:
    with database.write() as connection:
        kept = keep_article(connection, article(), backfill=True)
        assert get_article(connection, kept.article_id).is_backfill


def _claim(at: timedelta, trust: Trust) -> DateClaim:
    return DateClaim(at=NOON + at, source=DateSource.FEED, trust=trust, printed="")


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (None, timedelta()),
        (_claim(-3 * LATER, Trust.EXACT), -3 * LATER),
        (_claim(-3 * LATER, Trust.DOUBTFUL), timedelta()),
        (_claim(LATER / 2, Trust.EXACT), LATER / 2),
        (_claim(2 * LATER, Trust.EXACT), timedelta()),
        (_claim(-15 * LATER, Trust.DAY), timedelta()),
        (_claim(-39 * LATER, Trust.DAY), -27 * LATER),
    ],
)
def test_an_article_stands_where_its_date_can_be_believed(
    published: DateClaim | None, expected: timedelta
) -> None:
    assert sort_instant(published, NOON) == NOON + expected
