"""Try how much a few workers on one PostgreSQL can do, and whether they stay polite doing it.

    python -m tests.trials.capacity --hosts 500 --minutes 10 --interval 1
    python -m tests.trials.capacity --hosts 5000 --minutes 12 --interval 5 --warm-up 5

Real workers (`rasad worker`), a real server from the tests' wheel, hosts on loopback that count
every breach of manners. Told at the end: breaches, lateness of visits, stalls of the event loop,
memory. Exit 1 when a bound of docs/trials.md does not hold.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from sqlalchemy import Connection, select, update

from service.cli.opening import bring_up_to_date
from service.house import House, open_house
from service.settings import load_settings
from storage.articles import count_articles
from storage.outlet_states import enrol
from storage.schema.visits import outlet_states, visits
from tests.postgres import PostgresServer
from tests.trials.hosts import write_outlets

LATENESS_BOUND = timedelta(seconds=30)
STALL_BOUND_MS = 100
MEMORY_BOUND_MB = 300
SAMPLE_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is tried."""

    hosts: int
    workers: int
    minutes: float
    interval: float
    warm_up: float
    pause: float
    at_once: int


@dataclass(slots=True)
class Seen:
    """What was measured: memory in MB and CPU seconds by worker, and the lateness of visits."""

    memory: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    unfinished: int = 0
    failed: int = 0
    articles: int = 0
    stalls: list[tuple[int, int]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    manners: dict[str, Any] = field(default_factory=dict)


def run(plan: Plan) -> Seen:
    """Set everything up, let it work, take it down, and return what was seen."""
    seen = Seen()
    folder = Path(tempfile.mkdtemp(prefix="rasad-trial-", dir="/tmp"))
    server = PostgresServer(fast=False)
    try:
        server.start()
        house = _house(folder, server.create("trial"), plan)
        manners = folder / "manners.json"
        with ExitStack() as stack:
            stack.enter_context(_press(plan, manners))
            began_at = datetime.now(UTC)
            with house.database.write() as connection:
                _spread(connection, house, plan, began_at)
            workers = [
                stack.enter_context(_worker(folder, f"w{number}")) for number in range(plan.workers)
            ]
            _watch(workers, plan, seen)
            ended_at = datetime.now(UTC)
            with house.database.read() as connection:
                _measure(connection, seen, began_at + timedelta(minutes=plan.warm_up), ended_at)
        house.close()
        seen.manners = json.loads(manners.read_text("utf-8"))
        for log in sorted(folder.glob("w*.log")):
            _read_log(log, seen)
    finally:
        server.stop()
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return seen


def _house(folder: Path, url: str, plan: Plan) -> House:
    write_outlets(folder / "outlets", plan.hosts, pause_seconds=plan.pause, minutes=plan.interval)
    (folder / "rasad.toml").write_text(
        f"data_folder = 'data'\ndatabase_url = '{url}'\nlog_format = 'json'\n"
        "[crawl]\nshipped_catalogue = false\noutlet_folders = ['outlets']\ntick_seconds = 2\n"
        f"hosts_at_once = {plan.at_once}\n[pages]\nkeep = true\n",
        encoding="utf-8",
    )
    settings = load_settings(folder / "rasad.toml", {})
    bring_up_to_date(settings)
    return open_house(settings)


def _spread(connection: Connection, house: House, plan: Plan, now: datetime) -> None:
    """Make the outlets due one after the other over one interval, as they are after a while."""
    enrol(connection, house.outlets.keys(), now=now)
    for number in range(plan.hosts):
        due_at = now + timedelta(minutes=plan.interval) * (number / plan.hosts)
        connection.execute(
            update(outlet_states)
            .where(outlet_states.c.outlet_id == f"host{number}")
            .values(next_visit_at=due_at)
        )


@contextmanager
def _press(plan: Plan, manners: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.trials.hosts", str(plan.hosts), str(plan.pause)]
    press = subprocess.Popen([*command, str(manners)], stdout=subprocess.PIPE)
    assert press.stdout is not None
    assert press.stdout.readline() == b"ready\n"
    try:
        yield
    finally:
        press.terminate()
        press.communicate(timeout=60)


@contextmanager
def _worker(folder: Path, name: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "service.cli.main", "--settings", str(folder / "rasad.toml")]
    with (folder / f"{name}.log").open("wb") as log:
        worker = subprocess.Popen(
            [*command, "worker", "--id", name],
            env=os.environ | {"RASAD_DATA_FOLDER": str(folder / name)},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            yield name, worker
        finally:
            worker.terminate()
            worker.wait(timeout=90)


def _watch(workers: list[tuple[str, subprocess.Popen[bytes]]], plan: Plan, seen: Seen) -> None:
    ends = time.monotonic() + plan.minutes * 60
    while time.monotonic() < ends:
        time.sleep(SAMPLE_SECONDS)
        for name, worker in workers:
            assert worker.poll() is None, f"{name} ended by itself"
            seen.memory.setdefault(name, []).append(_memory_mb(worker.pid))
            seen.processor[name] = _processor_seconds(worker.pid)


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _measure(connection: Connection, seen: Seen, since: datetime, until: datetime) -> None:
    """Read the lateness of every visit that was due after the warm-up; one not begun counts too."""
    for row in connection.execute(select(visits)):
        due_at = datetime.strptime(row.id.rpartition("-")[2], "%Y%m%dT%H%M%S.%fZ").replace(
            tzinfo=UTC
        )
        if due_at < since:
            continue
        seen.late.append((row.started_at - due_at).total_seconds())
        if row.finished_at is None:
            seen.unfinished += 1
        else:
            seen.took.append((row.finished_at - row.started_at).total_seconds())
            seen.failed += row.outcome != "done"
    waiting = select(outlet_states.c.next_visit_at).where(outlet_states.c.next_visit_at < until)
    begun = select(visits.c.outlet_id).where(visits.c.finished_at.is_(None))
    for due_at in connection.scalars(waiting.where(outlet_states.c.outlet_id.not_in(begun))):
        if due_at >= since:
            seen.late.append((until - due_at).total_seconds())
    seen.articles = count_articles(connection)


def _read_log(log: Path, seen: Seen) -> None:
    for line in log.read_text("utf-8").splitlines():
        said = json.loads(line) if line.startswith("{") else {"event": line}
        if said["event"] == "the event loop stood still":
            seen.stalls.append((said["times"], said["worst_ms"]))
        else:
            seen.complaints.append(f"{log.stem}: {line[:300]}")


def tell(plan: Plan, seen: Seen) -> bool:
    """Print the table; return whether every bound holds."""
    p95 = quantiles(seen.late, n=20)[-1] if len(seen.late) > 1 else 0.0
    worst = max((one for _, one in seen.stalls), default=0)
    most = max((max(one) for one in seen.memory.values()), default=0.0)
    growth = {name: _growth(samples) for name, samples in seen.memory.items()}
    bounds = (
        ("one at a time broken", seen.manners["overlaps"], seen.manners["overlaps"] == 0),
        ("pause broken", seen.manners["early"], seen.manners["early"] == 0),
        ("p95 lateness, s", round(p95, 1), p95 <= LATENESS_BOUND.total_seconds()),
        ("worst stall of a loop, ms", worst or f"< {STALL_BOUND_MS}", worst <= STALL_BOUND_MS),
        ("most memory of a worker, MB", round(most), most <= MEMORY_BOUND_MB),
    )
    print(f"{plan.hosts} hosts, each every {plan.interval:g} min, {plan.workers} workers,", end=" ")
    print(f"{plan.minutes:g} minutes, {plan.at_once} hosts at once for each worker")
    told = {name: value for name, value in seen.manners.items() if name != "worst"}
    print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told.items()))
    print(f"visits measured {len(seen.late)}, unfinished {seen.unfinished}, failed {seen.failed}")
    print(f"articles {seen.articles}; a visit took {mean(seen.took or [0]):.1f} s on average")
    print(f"lateness median {_median(seen.late):.1f} s, worst {max(seen.late, default=0):.1f} s")
    print(f"stalls over {STALL_BOUND_MS} ms: {sum(times for times, _ in seen.stalls)}")
    for name, (first, last) in growth.items():
        print(f"{name}: {first} MB, later {last} MB, {seen.processor[name]:.0f} s of processor")
    for line in seen.complaints[:10]:
        print(f"said: {line}")
    for what, value, holds in bounds:
        print(f"{'holds ' if holds else 'BROKEN'}  {what}: {value}")
    return all(holds for _, _, holds in bounds)


def _growth(samples: list[float]) -> tuple[int, int]:
    third = max(len(samples) // 3, 1)
    return round(mean(samples[third : 2 * third] or samples)), round(mean(samples[-third:]))


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def main() -> None:
    """Read the plan from the command line, run it, exit by whether the bounds hold."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--hosts", type=int, default=500)
    reader.add_argument("--workers", type=int, default=3)
    reader.add_argument("--minutes", type=float, default=10)
    reader.add_argument("--interval", type=float, default=1, help="minutes between two visits")
    reader.add_argument("--warm-up", type=float, default=0, help="minutes left out of lateness")
    reader.add_argument("--pause", type=float, default=1, help="seconds between two requests")
    reader.add_argument("--at-once", type=int, default=64, help="hosts at once, for each worker")
    plan = Plan(**vars(reader.parse_args()))
    sys.exit(0 if tell(plan, run(plan)) else 1)


if __name__ == "__main__":
    main()
