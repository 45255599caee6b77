"""The engine on its SQLite file: once per slot, one at a time per host, taken up after a kill."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.engine import Engine, EngineOptions, Report


class Recorder:
    """Jobs that write down when each ran and never two at once on one host."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.deliveries: list[tuple[str, str]] = []
        self.running: dict[str, int] = {}
        self.most_at_once: dict[str, int] = {}

    async def visit(self, outlet_id: str, slot: str) -> Report:
        host = outlet_id.partition("-")[0]
        self.running[host] = self.running.get(host, 0) + 1
        self.most_at_once[host] = max(self.most_at_once.get(host, 0), self.running[host])
        await asyncio.sleep(0.05)
        self.running[host] -= 1
        self.visits.append(outlet_id)
        return {"outlet": outlet_id}

    async def deliver(self, lane: str, turn: str) -> Report:
        self.deliveries.append((lane, turn))
        return {"lane": lane}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@asynccontextmanager
async def _running(tmp_path: Path, recorder: Recorder) -> AsyncIterator[Engine]:
    options = EngineOptions(
        database_url=f"sqlite:///{tmp_path / 'engine.sqlite'}", worker_id="w1", polling=0.05
    )
    engine = Engine(options, recorder)
    await engine.start()
    yield engine
    await engine.stop(drain_seconds=2)


async def _until_ended(engine: Engine, ids: list[str]) -> None:
    async with asyncio.timeout(20):
        while await engine.standing(ids) != dict.fromkeys(ids, True):
            await asyncio.sleep(0.05)


def test_the_same_slot_enqueued_twice_is_visited_once(tmp_path: Path, recorder: Recorder) -> None:
    async def scenario() -> None:
        async with _running(tmp_path, recorder) as engine:
            for slot in ("visit-a-1", "visit-a-1", "visit-a-2"):
                await engine.enqueue_visit("a", host="a", slot=slot)
            await _until_ended(engine, ["visit-a-1", "visit-a-2"])

    asyncio.run(scenario())
    assert recorder.visits == ["a", "a"]


def test_one_host_is_visited_one_at_a_time(tmp_path: Path, recorder: Recorder) -> None:
    async def scenario() -> None:
        async with _running(tmp_path, recorder) as engine:
            outlets = [f"{host}-{n}" for n in range(4) for host in ("x", "y")]
            for outlet in outlets:
                await engine.enqueue_visit(outlet, host=outlet[0], slot=f"visit-{outlet}")
            await _until_ended(engine, [f"visit-{outlet}" for outlet in outlets])

    asyncio.run(scenario())
    assert recorder.most_at_once == {"x": 1, "y": 1}
    assert len(recorder.visits) == 8


def test_each_turn_of_a_lane_runs_once(tmp_path: Path, recorder: Recorder) -> None:
    async def scenario() -> None:
        async with _running(tmp_path, recorder) as engine:
            for turn in ("d1-1", "d1-1", "d1-2"):
                await engine.enqueue_delivery("email", turn=turn)
            await _until_ended(engine, ["d1-1", "d1-2"])

    asyncio.run(scenario())
    assert sorted(recorder.deliveries) == [("email", "d1-1"), ("email", "d1-2")]


def test_ended_work_is_tidied_away_and_pending_work_is_not(
    tmp_path: Path, recorder: Recorder
) -> None:
    async def scenario() -> tuple[int, int]:
        async with _running(tmp_path, recorder) as engine:
            await engine.enqueue_visit("a", host="a", slot="visit-a")
            await _until_ended(engine, ["visit-a"])
            future = datetime.now(UTC) + timedelta(minutes=1)
            return await engine.tidy(before=future), await engine.tidy(before=future)

    assert asyncio.run(scenario()) == (1, 0)


CHILD = """
import asyncio, sys, os
from pathlib import Path
from service.engine import Engine, EngineOptions

class Jobs:
    async def visit(self, outlet_id, slot):
        with Path(sys.argv[2]).open("a") as log:
            print("began", outlet_id, file=log, flush=True)
        if sys.argv[3] == "hang":
            await asyncio.sleep(60)
        with Path(sys.argv[2]).open("a") as log:
            print("ended", outlet_id, file=log, flush=True)
        return {}
    async def deliver(self, lane, turn):
        return {}

async def main():
    options = EngineOptions(database_url="sqlite:///" + sys.argv[1], worker_id="w1", polling=0.05)
    engine = Engine(options, Jobs())
    await engine.start()
    if sys.argv[3] == "hang":
        for n in range(3):
            await engine.enqueue_visit(f"o{n}", host=f"h{n}", slot=f"visit-o{n}")
    await asyncio.sleep(float(sys.argv[4]))
    await engine.stop(drain_seconds=2)

asyncio.run(main())
"""


def test_work_in_flight_at_a_kill_runs_again_at_the_next_start(tmp_path: Path) -> None:
    database, log = str(tmp_path / "engine.sqlite"), tmp_path / "log"
    command = [sys.executable, "-c", CHILD, database, str(log)]
    child = subprocess.Popen([*command, "hang", "60"])
    deadline = time.monotonic() + 20
    while not log.exists() or log.read_text().count("began") < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    subprocess.run([*command, "work", "3"], check=True, timeout=60)
    lines = log.read_text().split("\n")
    assert sorted(line for line in lines if "ended" in line) == ["ended o0", "ended o1", "ended o2"]
