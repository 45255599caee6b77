"""Retention: what is old enough goes, articles and what is waited for never do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.entry import Entry
from crawler.page import Failure, FailureKind, Page
from storage.articles import count_articles, keep_article
from storage.database import Database
from storage.kept_pages import keep_page, kept_pages_of
from storage.known_pages import Reading, page_failed, page_was_read, remember_entries
from storage.outlet_states import OutletState, health_changes_since, save_state
from storage.pages import OPEN, PageStore
from storage.retention import Forgotten, Retention, forget_old
from storage.visits import Visit, recent_visits, save_visit
from tests.storage.articles import NOON, article

DAY = timedelta(days=1)


def _entry(number: int) -> Entry:
    url = f"https://sobh.example/{number}"
    return Entry(outlet_id="sobh", url=url, canonical_url=url, title="خبر")


def test_old_visits_and_health_changes_go(database: Database) -> None:
    state = OutletState(outlet_id="sobh", next_visit_at=None, health_since_at=NOON)
    with database.write() as connection:
        save_visit(connection, Visit(id="old", outlet_id="sobh", started_at=NOON))
        save_visit(connection, Visit(id="new", outlet_id="sobh", started_at=NOON + 90 * DAY))
        save_state(connection, state)
        save_state(connection, replace(state, health="quiet", health_since_at=NOON + 90 * DAY))
    retention = Retention(visits=10 * DAY, health_changes=10 * DAY)
    forgotten = forget_old(database, None, retention, now=NOON + 95 * DAY)
    assert forgotten == Forgotten(visits=1, health_changes=1)
    with database.read() as connection:
        assert [visit.id for visit in recent_visits(connection, limit=9)] == ["new"]
        assert [one.after for one in health_changes_since(connection, NOON)] == ["quiet"]


def test_only_addresses_that_gave_nothing_and_are_not_waited_for_go(database: Database) -> None:
    failure = Failure(
        requested_url="", kind=FailureKind.HTTP_STATUS, detail="۴۱۰", permanent=True, failed_at=NOON
    )
    with database.write() as connection:
        remember_entries(connection, [_entry(number) for number in range(4)], now=NOON)
        kept = keep_article(connection, article()).article_id
        page_was_read(connection, _entry(0), Reading(read_at=NOON, article_id=kept))
        page_was_read(connection, _entry(1), Reading(read_at=NOON))
        page_failed(connection, _entry(2), failure, read_again_at=None)
    retention = Retention(dead_addresses=10 * DAY)
    assert forget_old(database, None, retention, now=NOON + 9 * DAY).dead_addresses == 0
    assert forget_old(database, None, retention, now=NOON + 11 * DAY).dead_addresses == 2
    assert forget_old(database, None, retention, now=NOON + 11 * DAY) == Forgotten()
    with database.write() as connection:
        everything = [_entry(number) for number in range(4)]
        assert remember_entries(connection, everything, now=NOON + 11 * DAY) == 2
        assert count_articles(connection) == 1


def test_old_pages_go_with_their_files(database: Database, tmp_path: Path) -> None:
    with PageStore(tmp_path / "pages", writer="one") as store:
        for day in (0, 5):
            url = f"https://sobh.example/{day}"
            page = Page(
                requested_url=url, url=url, status=200, body=b"x", fetched_at=NOON + day * DAY
            )
            with database.write() as connection:
                keep_page(connection, store, page, outlet_id="sobh", canonical_url=url)
        forgotten = forget_old(database, store, Retention(pages=3 * DAY), now=NOON + 6 * DAY)
        assert forgotten.pages == 1
        assert forgotten.freed_bytes > 100
        assert len(store.files()) == 1
    with database.read() as connection:
        assert kept_pages_of(connection, "sobh", "https://sobh.example/0") == ()
        assert len(kept_pages_of(connection, "sobh", "https://sobh.example/5")) == 1


def test_files_that_a_dead_writer_left_open_grow_old_too(
    database: Database, tmp_path: Path
) -> None:
    with PageStore(tmp_path, writer="dead") as dead:
        page = Page(requested_url="u", url="https://u", status=200, body=b"x", fetched_at=NOON)
        name = dead.keep(page).file
    (tmp_path / name).rename(tmp_path / f"{name}{OPEN}")
    with PageStore(tmp_path, writer="alive") as store:
        assert forget_old(database, store, Retention(), now=NOON + 99 * DAY).freed_bytes > 100
        assert store.files() == ()
