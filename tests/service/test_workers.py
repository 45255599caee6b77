"""Several workers on one PostgreSQL: everything happens once, and a dead worker's work goes on."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.tokens import Purpose
from service.cli.opening import bring_up_to_date
from service.demo.stage import Stage, stage, subscribe
from service.demo.traffic import overlaps
from service.house import House, open_house
from service.settings import Settings
from storage.outlet_states import enrol
from tests.service.workers import assert_told_once, until_alive, until_it_happened, working


@pytest.fixture
def shared(tmp_path: Path, empty_postgres_url: str) -> Iterator[tuple[Stage, House]]:
    """A press, and an archive on PostgreSQL that several workers share."""
    with stage(tmp_path / "demo", port=0, database_url=empty_postgres_url) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings)
        subscribe(house, setup)
        with house.database.write() as connection:
            enrol(connection, house.outlets.keys(), now=house.clock())
        yield setup, house
        house.close()


@pytest.mark.kill
def test_three_workers_share_the_work_and_do_everything_once(shared: tuple[Stage, House]) -> None:
    setup, house = shared
    with working(setup, "w1"), working(setup, "w2"), working(setup, "w3"):
        report = until_it_happened(setup, house)
    assert report.misses == ()
    assert overlaps(setup.press.asked) == ()
    mails = [mail.message_id for mail in setup.inbox.messages]
    assert len(mails) == len(set(mails))
    assert_told_once(setup, house)


@pytest.mark.kill
def test_the_work_of_a_killed_worker_is_adopted(shared: tuple[Stage, House]) -> None:
    setup, house = shared
    with working(setup, "w1") as first:
        until_alive(house, {"w1"})
        time.sleep(1)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        with working(setup, "w2"):
            report = until_it_happened(setup, house)
    assert report.misses == ()
    assert_told_once(setup, house)


@pytest.mark.kill
def test_a_worker_that_was_paused_does_no_harm_when_it_comes_back(
    shared: tuple[Stage, House],
) -> None:
    setup, house = shared
    with working(setup, "w1") as first:
        until_alive(house, {"w1"})
        time.sleep(1)
        first.send_signal(signal.SIGSTOP)
        with working(setup, "w2"):
            report = until_it_happened(setup, house)
            assert report.misses == ()
            first.send_signal(signal.SIGCONT)
            time.sleep(5)
            assert until_it_happened(setup, house).misses == ()
    assert_told_once(setup, house)


def test_a_link_of_one_worker_is_good_at_another_with_a_folder_of_its_own(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    settings = [
        Settings(data_folder=tmp_path / name, database_url=SecretStr(empty_postgres_url))
        for name in ("w1", "w2")
    ]
    bring_up_to_date(settings[0])
    one, other = (open_house(each) for each in settings)
    now = one.clock()
    token = one.links.key.sign(Purpose.UNSUBSCRIBE, "sub_1", now=now)
    assert other.links.key.read(token, Purpose.UNSUBSCRIBE, now=now).subscription_id == "sub_1"
    assert one.key.hex() not in repr(one)
    one.close()
    other.close()
