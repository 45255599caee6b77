"""Measure what grows: articles, search, rules, outlets; keep the tables as docs/growth.md.

    python -m tests.benchmarks.growth [--only PART …] [--folder FOLDER] [--postgres URL]

All of it takes about two hours and 12 GB of disk, so that each part can be measured alone: its
table then replaces the one of before. FOLDER and URL say where the largest archive stands; it stays
there, and is measured as it stands the next time.
"""

import argparse
import contextlib
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.benchmarks import matching_bench, same_story_growth, search_bench
from tests.benchmarks.run import Tee, machine
from tests.trials import capacity

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "growth.md"
SIZES: Final = (10_000, 100_000, 1_000_000)
#: Hosts with the minutes between two visits to each, and the minutes of the trial.
HOSTS: Final = {50: (0.5, 2), 500: (2, 5), 5_000: (5, 11)}
#: What an article may cost in the largest archive, in times of what it costs in the smallest.
_MOST_GROWTH: Final = 1.3
_HEAD: Final = """# How the cost grows

Each part is one run of `python -m tests.benchmarks.growth --only PART` on one machine; figures of
two machines must not be compared. What is simulated stands at the head of each benchmark's file.
"""
_TITLES: Final = {
    "articles": "One more article in a large archive: look-up, decision, commit",
    "search": "Search: milliseconds at the 99th percentile, and bytes an article",
    "rules": "Rules",
    "outlets": "Outlets: three workers on one PostgreSQL, hosts that count manners",
}


def main() -> int:
    """Measure the parts asked for and keep their tables; 1 when a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=list(_TITLES), default=[])
    parser.add_argument("--folder", type=Path, help="where the largest SQLite archive stands")
    parser.add_argument("--postgres", help="URL of an empty database for the largest archive")
    asked = parser.parse_args()
    parts: Mapping[str, Callable[[], bool]] = {
        "articles": _articles,
        "search": lambda: _search(asked.folder, asked.postgres),
        "rules": _rules,
        "outlets": _outlets,
    }
    broken = [name for name in asked.only or parts if not _keep(name, parts[name])]
    return 1 if broken else 0


def _keep(name: str, measure: Callable[[], bool]) -> bool:
    """Run one part and put what it prints into the document."""
    with contextlib.redirect_stdout(Tee()) as printed:
        holds = measure()
    head, told = "\n".join(machine()), printed.getvalue().strip("\n")
    text = f"Seen on {datetime.now(UTC):%Y-%m-%d}.\n\n{head}\n\n```\n{told}\n```"
    sections = _sections()
    sections[name] = text
    ordered = [f"## {_TITLES[one]}\n\n{sections[one]}\n" for one in _TITLES if one in sections]
    DOCUMENT.write_text("\n".join([_HEAD, *ordered]), encoding="utf-8")
    return holds


def _sections() -> dict[str, str]:
    """Read the parts that stand in the document."""
    kept = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    found = dict(re.findall(r"^## (.+?)\n\n(.*?)(?=\n\n## |\s*\Z)", kept, re.DOTALL | re.MULTILINE))
    return {name: found[title] for name, title in _TITLES.items() if title in found}


def _articles() -> bool:
    growth = [same_story_growth.grow(size) for size in SIZES]
    same_story_growth.print_growth(growth)
    return growth[-1].cpu_ms <= _MOST_GROWTH * growth[0].cpu_ms


def _search(folder: Path | None, postgres: str | None) -> bool:
    figures, holds = {}, True
    for size in SIZES:
        is_last = size == SIZES[-1]
        with tempfile.TemporaryDirectory() as empty, contextlib.redirect_stdout(sys.stderr):
            place = (folder if is_last else None) or Path(empty)
            figures[size] = search_bench.measure(
                size, place, postgres=postgres if is_last else None
            )
    print(f"{'':12}{'kind':22}" + "".join(f"{size:>12,}{'bare':>10}" for size in SIZES))
    for row in zip(*(one.figures for one in figures.values()), strict=True):
        cells = "".join(f"{one.page_p99:>12.1f}{one.bare_p99:>10.1f}" for one in row)
        print(f"{row[0].dialect:12}{row[0].kind:22}{cells}")
        holds &= all(one.is_met for one in row)
    for dialect in ("sqlite", "postgresql"):
        print()
        _print_row(
            dialect, "bytes an article", [one.bytes_each[dialect] for one in figures.values()]
        )
        intakes = [one.intake[dialect] for one in figures.values()]
        _print_row(dialect, "kept, indexed: ms", [one.wall_ms for one in intakes])
        _print_row(dialect, "of it processor", [one.cpu_ms for one in intakes])
        holds &= intakes[-1].wall_ms <= _MOST_GROWTH * intakes[0].wall_ms
    return holds


def _print_row(dialect: str, what: str, values: list[float]) -> None:
    print(f"{dialect:12}{what:22}" + "".join(f"{value:>12,.6g}{'':10}" for value in values))


def _rules() -> bool:
    return all(one.is_met for one in matching_bench.run(quick=False))


def _outlets() -> bool:
    holds = []
    for hosts, (interval, minutes) in HOSTS.items():
        plan = capacity.Plan(
            hosts=hosts,
            workers=3,
            minutes=minutes,
            interval=interval,
            warm_up=interval,
            pause=1,
            at_once=64,
        )
        holds.append(capacity.tell(plan, capacity.run(plan)))
        print()
    return all(holds)


if __name__ == "__main__":
    sys.exit(main())
