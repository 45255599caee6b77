"""The daemon killed at random instants of a demo: nothing lost, nothing twice, no second id."""

from pathlib import Path

import pytest

from tests.trials.walk_kills import run

KILLS = 10


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.mark.kill
@pytest.mark.timeout(600)
def test_ten_kills_lose_nothing_and_send_no_second_id(
    tmp_path: Path, database_url: str | None
) -> None:
    outcome = run(tmp_path / "demo", kills=KILLS, seed=20261123, database_url=database_url)
    assert outcome.is_clean, outcome
    assert outcome.arrived > 20
    assert outcome.repeated <= KILLS * 2, "no more repeats than were in flight"
