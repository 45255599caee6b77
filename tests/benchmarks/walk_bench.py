"""Measure the whole walk on pages already on disk, and how the daemon starts and rests.

The stories are drawn from a seed and printed as whole pages of simulated outlets (`walk_pages`).
The peer (`walk_peer`) is what a good engineer would glue together from the field's libraries in a
day. Both read the same bytes in the same order and are scored on the same truth.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil

from crawler.extract import extract
from crawler.page import Failure
from service import pipeline
from service.cli.opening import bring_up_to_date
from service.house import House, open_house
from service.settings import Settings, load_settings
from storage.rules import save_rule
from tests.benchmarks.same_story_press import blind_set
from tests.benchmarks.same_story_scores import score
from tests.benchmarks.walk_pages import Printed, print_pages
from tests.benchmarks.walk_peer import glued_together
from tests.postgres import PostgresServer

NOW: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RULES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: pace, and how well stories were told apart."""

    name: str
    per_second: float
    archived: int
    f1: float


def run(*, quick: bool) -> list[Figure]:
    """Print the tables and return the figures; fails when a page was not archived."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        printed = print_pages(folder, stories=60 if quick else 500, now=NOW)
        rules = rules_of_a_busy_house()
        figures = [_ours(folder / "sqlite", printed, rules, None, "Rasad, SQLite")]
        server = PostgresServer()
        server.start()
        try:
            url = server.create("walk")
            figures.append(_ours(folder / "pg", printed, rules, url, "Rasad, PostgreSQL"))
        finally:
            server.stop()
            server.remove()
        figures.append(_peer(folder / "peer.sqlite", printed, rules))
    heavy = sum(len(one.page.body) for one in printed) / len(printed) / 1000
    print(f"{len(printed)} pages of {heavy:.0f} kB, {RULES} rules, one process")
    print(f"{'':<34}{'articles/s':>12}{'x the peer':>12}{'archived':>10}{'story F1':>10}")
    for one in figures:
        ratio = one.per_second / figures[-1].per_second
        print(
            f"{one.name:<34}{one.per_second:>12,.0f}{ratio:>12.1f}{one.archived:>10}{one.f1:>10.3f}"
        )
    _start()
    return figures


def rules_of_a_busy_house() -> list[tuple[str, str]]:
    """Return the rules of a busy installation: three words or a phrase each."""
    words = sorted({word for row in blind_set(11, stories=20) for word in row["text"].split()})
    words = [word for word in words if word.isalpha() and len(word) > 3]
    step = max(len(words) // (3 * RULES), 1)
    picked = words[::step]
    return [
        (f"rule-{n}", f"{picked[n]} AND ({picked[-n - 1]} OR {picked[(n * 7) % len(picked)]})")
        for n in range(RULES)
    ]


def _ours(
    folder: Path, printed: list[Printed], rules: list[tuple[str, str]], url: str | None, name: str
) -> Figure:
    house = make_house(folder, url, rules)
    try:
        began = time.process_time() if url is None else time.perf_counter()
        placed = [_keep(house, one) for one in printed]
        seconds = (time.process_time() if url is None else time.perf_counter()) - began
    finally:
        house.close()
    archived = sum(story is not None for story in placed)
    if archived != len(printed):
        raise AssertionError(f"{len(printed) - archived} pages were not archived")
    f1 = _f1(printed, placed)
    return Figure(name=name, per_second=len(printed) / seconds, archived=archived, f1=f1)


def _keep(house: House, one: Printed) -> int | None:
    outlet = house.outlets[one.outlet_id]
    said = extract(one.page, outlet, directory=house.directory, now=house.clock())
    if isinstance(said, Failure):
        return None
    with house.database.write() as connection:
        taken = pipeline.keep(connection, house, outlet, said)
    return taken.archived.story_id if taken.archived else None


def make_house(folder: Path, url: str | None, rules: list[tuple[str, str]]) -> House:
    folder.mkdir()
    settings = Settings.model_validate(
        {
            "data_folder": folder,
            "database_url": url,
            "crawl": {
                "shipped_catalogue": False,
                "outlet_folders": [folder.parent / "outlets"],
            },
        }
    )
    bring_up_to_date(settings)
    house = replace(open_house(settings), clock=lambda: NOW)
    with house.database.write() as connection:
        for rule_id, query in rules:
            save_rule(connection, rule_id, query=query, now=NOW)
    house.rulebook.refresh()
    return house


def _peer(file: Path, printed: list[Printed], rules: list[tuple[str, str]]) -> Figure:
    pages = [(one.page.url, one.page.body) for one in printed]
    began = time.process_time()
    placed = glued_together(file, pages, [query for _, query in rules])
    seconds = time.process_time() - began
    f1 = _f1(printed, placed)
    name = "trafilatura+LSH+FTS5+re"
    return Figure(name=name, per_second=len(printed) / seconds, archived=len(placed), f1=f1)


def _f1(printed: list[Printed], placed: list[Any]) -> float:
    """Return the pairwise F1 of the stories found."""
    scores = score([one.row for one in printed], placed)
    both = scores.precision + scores.recall
    return 2 * scores.precision * scores.recall / both if both else 0.0


def _start() -> None:
    """Print how long `rasad --help` takes, the daemon takes to be ready, and what it holds."""
    command = [sys.executable, "-m", "service.cli.main"]
    best = min(_timed([*command, "--help"]) for _ in range(5))
    _told("rasad --help", best, 0.3, "s")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "rasad.toml"
        settings.write_text(
            f'data_folder = "{folder}/data"\nweb = {{ port = 0 }}\n'
            "crawl = { shipped_catalogue = false }\n"
        )
        load_settings(settings, {})
        subprocess.run(
            [*command, "--settings", str(settings), "migrate"], check=True, capture_output=True
        )
        began = time.perf_counter()
        daemon = subprocess.Popen(
            [*command, "--settings", str(settings), "run"], stdout=subprocess.PIPE, text=True
        )
        assert daemon.stdout is not None
        daemon.stdout.readline()
        ready = time.perf_counter() - began
        time.sleep(5)
        memory = psutil.Process(daemon.pid).memory_info().rss / 1e6
        daemon.terminate()
        daemon.wait()
        _told("daemon ready on its tables", ready, 2, "s")
        _told("memory of the daemon, idle for 5 s", memory, 150, "MB")


def _told(what: str, measured: float, bound: float, unit: str) -> None:
    verdict = "ok" if measured < bound else "ABOVE"
    print(f"{verdict:>6}  {what}: {measured:.4g} {unit} (wanted under {bound:g})")


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began
