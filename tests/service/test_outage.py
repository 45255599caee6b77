"""PostgreSQL taken down hard under two workers: everything goes on without a restart by hand."""

import time
from pathlib import Path

import pytest

from service.cli.opening import bring_up_to_date
from service.demo.stage import stage, subscribe
from service.house import open_house
from storage.outlet_states import enrol
from tests.postgres import PostgresServer
from tests.service.workers import assert_told_once, until_alive, until_it_happened, working

OUTAGE_SECONDS = 6


@pytest.mark.kill
def test_work_goes_on_by_itself_after_the_database_was_away(tmp_path: Path) -> None:
    server = PostgresServer(fast=False)
    server.start()
    try:
        url = server.create("outage")
        with stage(tmp_path / "demo", port=0, database_url=url) as setup:
            bring_up_to_date(setup.settings)
            house = open_house(setup.settings)
            subscribe(house, setup)
            with house.database.write() as connection:
                enrol(connection, house.outlets.keys(), now=house.clock())
            with working(setup, "w1") as one, working(setup, "w2") as two:
                until_alive(house, {"w1", "w2"})
                time.sleep(1)
                server.kill()
                time.sleep(OUTAGE_SECONDS)
                server.start()
                house.database.close()
                report = until_it_happened(setup, house)
                assert (one.poll(), two.poll()) == (None, None)
            assert report.misses == ()
            assert_told_once(setup, house)
            house.close()
    finally:
        server.stop()
        server.remove()
