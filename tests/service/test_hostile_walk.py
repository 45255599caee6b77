"""Hostile outlets through the whole walk: bounded, reported in words, and nothing else lost."""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.cli.opening import bring_up_to_date
from service.demo.mischief import MOST_EDITS
from service.demo.press import Press
from service.house import House, open_house, utc_now
from service.settings import Settings, load_settings
from storage.articles import count_articles, latest_articles
from storage.outlet_states import get_state
from storage.revisions import revisions_of
from storage.visits import recent_visits
from tests.service.conftest import visit_all

VISITS = 8
HONEST = "nazirkerman"
HOSTILE = (
    "bomb",
    "calendar",
    "clock-ahead",
    "drip",
    "edits",
    "huge",
    "many-links",
    "redirects",
    "repeated-ids",
    "sessions",
    "soft-404",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A hostile press after some visits, three hours between two."""

    house: House
    press: Press
    requests: dict[str, int]


def _settings(folder: Path, press: Press) -> Settings:
    path = folder / "rasad.toml"
    path.write_text(
        f"data_folder = '{folder / 'data'}'\n"
        "[fetch]\nmax_bytes = 1_000_000\ntimeout_seconds = 1.5\n"
        f"[crawl]\nshipped_catalogue = false\noutlet_folders = ['{folder / 'outlets'}']\n"
        f"only = {[*HOSTILE, HONEST]}\n",
        encoding="utf-8",
    )
    press.outlet_directory(folder / "outlets", pause_seconds=0)
    return load_settings(path, {})


@pytest.fixture(scope="module")
def walked() -> Iterator[Walked]:
    began_at = utc_now()
    with tempfile.TemporaryDirectory() as folder, Press(now=began_at, hostile=True) as press:
        settings = _settings(Path(folder), press)
        bring_up_to_date(settings)
        house = open_house(settings, reads_outlets=True)
        for turn in range(VISITS):
            at = began_at + timedelta(hours=3 * turn)
            asyncio.run(visit_all(_at(house, at), suffix=str(turn)))
        asked = [one.outlet_id for one in press.asked]
        yield Walked(house=house, press=press, requests={one: asked.count(one) for one in asked})
        house.close()


def _at(house: House, now: datetime) -> House:
    return replace(house, clock=lambda: now)


def _articles(walked: Walked, outlet_id: str) -> int:
    with walked.house.database.read() as connection:
        return count_articles(connection, outlet_id=outlet_id)


@pytest.mark.parametrize("outlet_id", HOSTILE)
def test_every_trick_costs_a_bounded_number_of_requests(walked: Walked, outlet_id: str) -> None:
    # robots.txt once in a while, each way in at every visit, and the pages worth trying again
    assert walked.requests[outlet_id] <= VISITS * 8


@pytest.mark.parametrize(
    ("outlet_id", "words"),
    [
        ("drip", "did not finish its answer"),
        ("bomb", "larger than"),
        ("huge", "larger than"),
        ("redirects", "redirects more than"),
        ("soft-404", "says it has no such article"),
        ("calendar", "no link to an article"),
    ],
)
def test_every_trick_is_reported_in_words(walked: Walked, outlet_id: str, words: str) -> None:
    with walked.house.database.read() as connection:
        visits = recent_visits(connection, limit=VISITS, outlet_id=outlet_id)
        state = get_state(connection, outlet_id)
    told = [visit.failure_detail or "" for visit in visits]
    told += [way.failure_detail or "" for visit in visits for way in visit.ways]
    assert any(words in one for one in told), told
    assert len(visits) == VISITS
    assert state.next_visit_at is not None


@pytest.mark.parametrize(
    ("outlet_id", "count"),
    [
        ("calendar", 1),
        ("clock-ahead", 1),
        ("edits", 1),
        ("many-links", 1),
        ("repeated-ids", 2),
        ("sessions", 1),
        ("drip", 0),
        ("bomb", 0),
        ("huge", 0),
        ("redirects", 0),
        ("soft-404", 0),
    ],
)
def test_what_can_be_read_is_archived_once(walked: Walked, outlet_id: str, count: int) -> None:
    assert _articles(walked, outlet_id) == count


def test_an_honest_outlet_beside_them_loses_nothing(walked: Walked) -> None:
    printed = {one.url for one in walked.press.posts if one.piece.outlet_id == "nazirkerman"}
    with walked.house.database.read() as connection:
        kept = latest_articles(connection, limit=100, outlet_id="nazirkerman")
    assert {one.article.url for one in kept} == printed


def test_an_article_edited_again_and_again_is_one_article_with_a_version_for_each_reading(
    walked: Walked,
) -> None:
    with walked.house.database.read() as connection:
        (kept,) = latest_articles(connection, limit=5, outlet_id="edits")
        versions = revisions_of(connection, kept.id)
    assert 3 <= len(versions) <= min(VISITS, MOST_EDITS + 1)
    assert len({one.content_hash for one in versions}) == len(versions)


def test_an_article_dated_tomorrow_stands_at_the_time_it_was_first_seen(walked: Walked) -> None:
    with walked.house.database.read() as connection:
        (kept,) = latest_articles(connection, limit=5, outlet_id="clock-ahead")
    assert kept.article.published is not None
    assert kept.article.published.at > kept.first_seen_at + timedelta(hours=20)
    assert kept.sort_at == kept.first_seen_at
