"""The past and the pages kept: backfill, reparse, surveys of sites, on the simulated press."""

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.backfill import ways_back
from service.backfilling import Walked, backfill
from service.errors import NoPastError
from service.house import reaching
from service.reparsing import Reparsed, reparse
from storage.articles import count_articles
from storage.ledger import count_by_state
from tests.service.conftest import Command, Played, visit_all


def _walk(played: Played, outlet_id: str, since: date) -> list[Walked]:
    async def walked() -> list[Walked]:
        async with reaching(played.house) as reach:
            outlet = played.house.outlet(outlet_id)
            return [step async for step in backfill(played.house, reach, outlet, since=since)]

    return asyncio.run(walked())


def _with_past(played: Played) -> str:
    """Return an outlet of the press whose file names a way into its past."""
    return next(one.id for one in played.house.outlets.values() if ways_back(one))


def test_a_backfill_archives_the_past_and_never_alerts(fresh: Played) -> None:
    since = (fresh.house.clock() - timedelta(days=30)).date()
    outlet_id = _with_past(fresh)
    steps = _walk(fresh, outlet_id, since)
    assert steps[-1].walk.is_done
    assert steps[-1].walk.articles > 0
    with fresh.house.database.read() as connection:
        assert count_articles(connection, outlet_id=outlet_id) == steps[-1].walk.articles
        states = {state.value for state, _ in count_by_state(connection)}
    assert states <= {"held", "skipped"}


def test_a_finished_backfill_asks_for_nothing_again(fresh: Played) -> None:
    since = (fresh.house.clock() - timedelta(days=30)).date()
    outlet_id = _with_past(fresh)
    _walk(fresh, outlet_id, since)
    asked = len(fresh.setup.press.asked)
    again = _walk(fresh, outlet_id, since)
    assert len(fresh.setup.press.asked) == asked
    assert again[-1].walk.is_done


def test_a_backfill_that_was_stopped_goes_on_where_it_was_and_reads_nothing_twice(
    fresh: Played,
) -> None:
    since = (fresh.house.clock() - timedelta(days=30)).date()
    outlet_id = "kavirpress"  # by its family's archive, a page for each Jalali day

    async def three_steps() -> Walked:
        async with reaching(fresh.house) as reach:
            outlet = fresh.house.outlet(outlet_id)
            walk = backfill(fresh.house, reach, outlet, since=since)
            steps = [await anext(walk) for _ in range(3)]
            await walk.aclose()  # type: ignore[attr-defined]  # an async generator, typed by what it yields
            return steps[-1]

    stopped = asyncio.run(three_steps())
    assert not stopped.walk.is_done
    rest = _walk(fresh, outlet_id, since)
    assert rest[-1].walk.is_done
    assert rest[-1].walk.steps > stopped.walk.steps
    with fresh.house.database.read() as connection:
        assert count_articles(connection, outlet_id=outlet_id) == rest[-1].walk.articles
    pages = [one.path for one in fresh.setup.press.asked if one.outlet_id == outlet_id]
    articles = [path for path in pages if path.startswith("/news/")]
    assert len(articles) == len(set(articles)) > 5


def test_the_command_tells_what_it_read_and_goes_on(fresh: Played, command: Command) -> None:
    words = ["backfill", "golbangsirjan", "--since", "1402-01-01"]
    for _ in range(2):
        code, told, _ = command(*words, settings=fresh.settings_file)
        assert code == 0
        assert re.search(r"done: [1-9]\d* articles from [1-9]\d* addresses, 0 pages failed", told)


def test_pages_of_the_past_are_kept_and_can_be_read_again_without_asking(fresh: Played) -> None:
    since = (fresh.house.clock() - timedelta(days=30)).date()
    _walk(fresh, "kavirpress", since)
    asked, store = len(fresh.setup.press.asked), fresh.house.pages
    assert store is not None
    (*_, last) = reparse(fresh.house, store, fresh.house.outlet("kavirpress"))
    assert last.pages > 5
    assert (last.unchanged, last.failed) == (last.pages, 0)
    assert len(fresh.setup.press.asked) == asked


def test_an_outlet_without_a_way_back_says_what_is_missing(fresh: Played) -> None:
    known = fresh.house.outlet("nazirkerman")
    profile = replace(known.profile, lists=replace(known.profile.lists, archive=None))
    outlets = {"nazirkerman": replace(known, profile=profile, ways_in=())}
    poor = replace(fresh, house=replace(fresh.house, outlets=outlets))
    with pytest.raises(NoPastError, match="names no archive"):
        _walk(poor, "nazirkerman", date(2026, 1, 1))


def test_reparsing_with_the_same_profiles_changes_nothing(fresh: Played) -> None:
    asyncio.run(visit_all(fresh.house))
    store = fresh.house.pages
    assert store is not None
    last: Reparsed = list(reparse(fresh.house, store, fresh.house.outlet("nazirkerman")))[-1]
    assert last.pages > 5
    assert (last.new, last.revised, last.failed) == (0, 0, 0)
    with fresh.house.database.read() as connection:
        before = count_by_state(connection)
    assert last.unchanged == last.pages
    with fresh.house.database.read() as connection:
        assert count_by_state(connection) == before
