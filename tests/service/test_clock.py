"""Clocks that are wrong or set: nobody is taken for dead, no tick stops, every slot once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from persian.calendar import JalaliDate, from_jalali, to_jalali
from service.cli.opening import bring_up_to_date
from service.daemon import Daemon
from service.engine import Engine, EngineOptions
from service.house import House, open_house, reaching, utc_now
from service.settings import Settings, WorkerSettings
from service.work import Work
from storage import workers
from storage.database import Database
from storage.outlet_states import Slot, due_outlets, enrol, get_state
from storage.visits import recent_visits
from tests.service.conftest import Played

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _worker(name: str, at: datetime) -> workers.Worker:
    return workers.Worker(id=name, machine="m", process=1, started_at=at, beat_at=at)


@pytest.mark.parametrize("wrong", [-HOUR, HOUR])
def test_a_machine_whose_clock_is_wrong_takes_nobody_for_dead(
    postgres_archive_url: str, tmp_path: Path, wrong: timedelta
) -> None:
    settings = Settings(
        data_folder=tmp_path,
        database_url=SecretStr(postgres_archive_url),
        worker=WorkerSettings(id="wrong"),
    )
    bring_up_to_date(settings)
    house = open_house(settings, clock=lambda: utc_now() + wrong)
    with house.database.write() as connection:
        workers.beat(connection, _worker("right", workers.shared_now(connection, utc_now())))
    told = asyncio.run(_beat(house))
    house.close()
    assert told["right"].adopted_by is None
    assert abs(told["wrong"].beat_at - utc_now()) < timedelta(minutes=5)


async def _beat(house: House) -> dict[str, workers.Worker]:
    options = EngineOptions(database_url=house.settings.engine_url, worker_id="wrong")
    async with reaching(house) as reach:
        engine = Engine(options, Work(house, reach, lambda _report: None))
        await engine.start()
        await Daemon(house, engine, reach).beat()
        await engine.stop(drain_seconds=1)
    with house.database.read() as connection:
        return {one.id: one for one in workers.all_workers(connection)}


@pytest.mark.parametrize("shift", [-HOUR, HOUR])
def test_ticks_go_on_at_once_when_the_clock_is_set(fresh: Played, shift: timedelta) -> None:
    """What the scheduler waits for is an hour away when the clock has gone back by one."""
    offset = [timedelta(0)]
    house = replace(fresh.house, clock=lambda: utc_now() + offset[0])

    async def scenario() -> int:
        options = EngineOptions(database_url=house.settings.engine_url, worker_id="t", polling=0.1)
        async with reaching(house) as reach:
            engine = Engine(options, Work(house, reach, lambda _report: None))
            await engine.start()
            daemon = Daemon(house, engine, reach)
            await daemon.start()
            async with asyncio.timeout(60):
                while _visits(house) < 3:
                    await asyncio.sleep(0.2)
            for job in daemon._scheduler.get_jobs():
                job.modify(next_run_time=job.next_run_time + HOUR)
            offset[0] = shift
            before = _beat_at(house)
            async with asyncio.timeout(60):
                while _beat_at(house) == before:
                    await asyncio.sleep(0.2)
            await daemon.stop()
            await engine.stop(drain_seconds=2)
        return _visits(house)

    assert asyncio.run(scenario()) >= 3
    with house.database.read() as connection:
        ids = [one.id for one in recent_visits(connection, limit=5000)]
    assert len(ids) == len(set(ids))


def _visits(house: House) -> int:
    with house.database.read() as connection:
        return len(recent_visits(connection, limit=5000))


def _beat_at(house: House) -> datetime:
    with house.database.read() as connection:
        return max(one.beat_at for one in workers.all_workers(connection))


def test_a_slot_keeps_its_name_whatever_the_clock_says(database: Database) -> None:
    """Two workers whose clocks differ by an hour see the same slot, not two."""
    with database.write() as connection:
        enrol(connection, ["nazir"], now=NOON)
        names = {
            slot.name
            for now in (NOON, NOON + HOUR, NOON + 2 * HOUR)
            for slot in due_outlets(connection, now, 10)
        }
        assert due_outlets(connection, NOON - HOUR, 10) == ()
        assert get_state(connection, "nazir").next_visit_at == NOON
    assert names == {Slot(outlet_id="nazir", due_at=NOON).name}


@pytest.mark.parametrize(
    ("year", "last_day"),
    [(1399, 30), (1400, 29), (1403, 30), (1404, 29), (1408, 30)],
)
def test_the_year_ends_on_its_last_day_at_midnight_in_tehran(year: int, last_day: int) -> None:
    eve = from_jalali(year, 12, last_day, 23, 59)
    assert to_jalali(eve) == JalaliDate(year, 12, last_day)
    assert to_jalali(eve + timedelta(minutes=1)) == JalaliDate(year + 1, 1, 1)


def test_the_hour_that_summer_time_skipped_and_the_one_it_doubled_are_told_in_order() -> None:
    """In 1400 Iran's clocks went from 24:00 on 1 Farvardin to 01:00, and back on 30 Shahrivar."""
    before = from_jalali(1400, 1, 1, 23, 59)
    after = from_jalali(1400, 1, 2, 1, 0)
    assert after - before == timedelta(minutes=1)
    evening = from_jalali(1400, 6, 30, 22, 59)
    midnight = from_jalali(1400, 6, 31, 0, 0)
    assert midnight - evening == timedelta(hours=2, minutes=1)
    assert from_jalali(1402, 1, 2, 1, 0) - from_jalali(1402, 1, 1, 23, 59) == timedelta(
        hours=1, minutes=1
    )
