"""A daemon killed at random instants loses no message and sends none under a second id."""

from pathlib import Path

import pytest

from tests.trials.delivery_kills import Size, run

SMALL = Size(subscribers=60, stories=20, kills=5, patience_seconds=400)


@pytest.mark.kill
@pytest.mark.timeout(500)
def test_kills_lose_nothing_and_no_message_gets_a_second_id_on_sqlite(tmp_path: Path) -> None:
    _assert_told_once(tmp_path, None)


@pytest.mark.kill
@pytest.mark.timeout(500)
def test_kills_lose_nothing_and_no_message_gets_a_second_id_on_postgresql(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    _assert_told_once(tmp_path, empty_postgres_url)


def _assert_told_once(folder: Path, database_url: str | None) -> None:
    seen = run(folder, SMALL, database_url)
    print(f"{seen.mid_work} kills while sending, {seen.arrived} mails for {seen.owed} owed")
    assert seen.mid_work >= SMALL.kills - 1
    assert (seen.missing, seen.lost, seen.strangers, seen.second_ids) == (0, 0, 0, 0)
    assert seen.states == {"sent": SMALL.owed}
