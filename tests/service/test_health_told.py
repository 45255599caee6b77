"""Why an outlet fares as it does is kept as data, and told to every reader in their language."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.content import from_json
from alerts.message import OutletHealth
from crawler.diagnosis import Cause, Health
from service.condition import why
from service.digests import coverage
from service.house import House
from service.watching import tell_watchers
from service.web.app import create_app
from storage.delivery import DeliveryKind
from storage.ledger import LedgerFilter, content_of, list_deliveries
from storage.outlet_states import OutletState, all_states, get_state
from storage.subscription import Preferences
from storage.subscriptions import change_preferences, list_subscriptions
from tests.service.browser import Browser
from tests.service.conftest import Command, Played
from tests.service.copied import copied

BLOCKED = "sabanews"
ENGLISH = "blocked by a challenge page since "
PERSIAN = "پشت صفحهٔ چالش مرورگر است"


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        yield house


def state_of(house: House) -> OutletState:
    with house.database.read() as connection:
        return get_state(connection, BLOCKED)


@pytest.mark.parametrize("path", ["/outlets", f"/outlets/{BLOCKED}"])
def test_a_page_says_why_in_the_language_of_its_reader(own: House, path: str) -> None:
    web = Browser(create_app(own))
    persian, english = web.get(path).text, web.get(path, params={"lang": "en"}).text
    assert PERSIAN in persian
    assert ENGLISH in english
    assert ENGLISH not in persian
    assert PERSIAN not in english


def test_a_program_gets_the_cause_with_its_figures_and_an_english_sentence(own: House) -> None:
    answer = Browser(create_app(own)).get("/api/v1/outlets", params={"health": "blocked"}).json()
    (found,) = (one for one in answer if one["id"] == BLOCKED)
    assert found["health_reason"]["cause"] == "challenge"
    assert found["health_reason"]["told"].startswith(ENGLISH)
    assert found["health_since_at"].startswith(f"{state_of(own).health_since_at:%Y-%m-%dT%H:%M:%S}")


def test_the_command_line_says_why_in_its_own_language(run: Command) -> None:
    assert ENGLISH in run("outlets", "show", BLOCKED)[1]
    _, told, _ = run("outlets", "--json")
    rows = {one["id"]: one for one in map(json.loads, told.splitlines())}
    assert rows[BLOCKED]["health_reason"]["told"].startswith(ENGLISH)


def test_the_sentence_is_right_on_the_day_it_is_read(own: House) -> None:
    state = state_of(own)
    later = state.health_since_at + timedelta(days=30)
    assert f"{state.health_since_at:%B %Y}" in why(state, language="en", now=later)
    assert ":" in why(state, language="en", now=state.health_since_at)
    assert why(replace(state, health_reason=None), language="fa", now=later) == ""


def test_watchers_and_readers_of_digests_can_be_told_in_either_language(own: House) -> None:
    after = state_of(own)
    before = replace(after, health=Health.HEALTHY.value, health_since_at=after.health_since_at)
    with own.database.write() as connection:
        for one in list_subscriptions(connection):
            watching = Preferences(rule_ids=(), watches_outlets=True)
            change_preferences(connection, one.id, watching)
        tell_watchers(connection, own, before, after)
        wanted = LedgerFilter(kind=DeliveryKind.OUTLET_HEALTH)
        owed = list_deliveries(connection, wanted)
        told = from_json(content_of(connection, owed[0].content_id))
    assert isinstance(told, OutletHealth)
    assert PERSIAN in told.detail.fa
    assert told.detail.en.startswith(ENGLISH)


def test_a_digest_knows_why_an_outlet_was_not_read_in_either_language(own: House) -> None:
    long_after: datetime = own.clock() + timedelta(days=3)
    with own.database.read() as connection:
        found = coverage(own, all_states(connection), now=long_after)
    (unread,) = (one for one in found.unread if one.name == own.names[BLOCKED])
    assert PERSIAN in unread.why.told("fa")
    assert unread.why.told("en").startswith(ENGLISH)


def test_the_archive_keeps_the_cause_and_no_sentence(own: House) -> None:
    with own.database.read() as connection:
        kept = connection.exec_driver_sql(
            "SELECT reason_data FROM outlet_states WHERE outlet_id = ?", (BLOCKED,)
        ).scalar_one()
    assert json.loads(kept)["cause"] == Cause.CHALLENGE
    assert PERSIAN not in kept
