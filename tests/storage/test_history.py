"""How an article changed: each change in order, a return to an earlier text included."""

from datetime import timedelta

from crawler.article import Article
from storage.articles import keep_article
from storage.change_kind import ChangeKind
from storage.database import Database
from storage.diff import Hunk, hunks
from storage.history import Change, changes_of, last_change
from tests.storage.articles import NOON, article


def _changes(database: Database, *readings: Article) -> tuple[Change, ...]:
    with database.write() as connection:
        kept = [keep_article(connection, reading) for reading in readings]
        changes = changes_of(connection, kept[0].article_id)
        assert last_change(connection, kept[0].article_id) == (changes[-1] if changes else None)
    return changes


def _titled(title: str, hours: int) -> Article:
    return article(title=title, fetched_at=NOON + timedelta(hours=hours))


def test_a_page_that_never_changed_has_no_changes(database: Database) -> None:
    assert _changes(database, _titled("الف", 1), _titled("الف", 2)) == ()


def test_every_change_is_told_with_its_words_and_kind(database: Database) -> None:
    first, second, back = _changes(
        database,
        _titled("۳ کشته", 1),
        _titled("۴ کشته", 2),
        _titled("پنج تن", 3),
        _titled("۴ کشته", 4),
    )
    assert [one.shown_at.hour for one in (first, second, back)] == [14, 15, 16]
    assert [one.kinds[0] for one in (first, second, back)] == [ChangeKind.FIGURE] * 3
    assert hunks(first.diff.title)[0] == Hunk(removed="۳", added="۴")
    assert (first.before.said.title, back.after.said.title) == ("۳ کشته", "۴ کشته")
    assert back.after == first.after == second.before


def test_a_reading_that_arrives_late_takes_its_place_in_time(database: Database) -> None:
    (first, second) = _changes(database, _titled("الف", 1), _titled("پ", 3), _titled("ب", 2))
    assert [first.before.said.title, first.after.said.title] == ["الف", "ب"]
    assert [second.before.said.title, second.after.said.title] == ["ب", "پ"]
