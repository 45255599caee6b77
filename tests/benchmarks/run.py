"""Run the benchmarks one after another and keep what they print as docs/benchmarks.md.

    python -m tests.benchmarks.run [--quick] [--only NAME] [--no-write]

Each benchmark is a module with `run(quick)`: it checks its own results, prints a table, and fails
by raising. Figures of two machines must not be compared: read the ratios.
"""

import argparse
import contextlib
import gc
import importlib
import importlib.metadata
import io
import os
import platform
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"

#: Module → what its table says.
BENCHMARKS: Final = {
    "persian_bench": "Folding, dates, language and credits, beside the limits of the interpreter",
    "feeds_bench": "Feeds of real outlets: items, dates and identities, beside feedparser",
    "extraction_bench": "Extraction by profile and by density, beside trafilatura and others",
    "same_story_bench": "Same story: scores and speed beside datasketch, cost as the archive grows",
    "matching_bench": "Rules matched against one article, with compile times",
    "search_bench": "Search on SQLite and PostgreSQL: the same answers, and how soon",
    "archive_bench": "The archive: intake, backup, move, kept pages",
    "delivery_bench": "Deliveries: planned, rendered, sent",
    "stages_bench": "Each stage of the walk beside what it cannot do without",
    "walk_bench": "The whole walk on one core, and the daemon's start and memory",
}
LIBRARIES: Final = ("selectolax", "sqlalchemy", "numpy", "httpx", "trafilatura", "datasketch")


class Tee(io.StringIO):
    """Shows what is printed and keeps it."""

    def write(self, text: str) -> int:
        sys.__stdout__.write(text)  # type: ignore[union-attr]  # a terminal or a pipe
        return super().write(text)


def main() -> int:
    """Run what is asked for; 1 when a benchmark failed its own checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="all in a few minutes")
    parser.add_argument("--only", action="append", choices=sorted(BENCHMARKS), default=[])
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    asked = parser.parse_args()
    chosen = asked.only or list(BENCHMARKS)
    parts, failed = [], 0
    for name in chosen:
        output, seconds, ok = _run(name, quick=asked.quick)
        failed += not ok
        parts.append(f"## {BENCHMARKS[name]}\n\n```\n{output.rstrip()}\n```\n\n{seconds:.0f} s\n")
    if not asked.no_write and not asked.only:
        text = "\n".join([_head(quick=asked.quick), *parts])
        DOCUMENT.write_text(text, encoding="utf-8")
        print(f"written: {DOCUMENT}")
    return 1 if failed else 0


def _run(name: str, *, quick: bool) -> tuple[str, float, bool]:
    print(f"\n=== {BENCHMARKS[name]}")
    gc.collect()
    gc.freeze()  # what the benchmarks before left is not this one's to walk through
    began = time.perf_counter()
    with contextlib.redirect_stdout(Tee()) as kept:
        try:
            importlib.import_module(f"tests.benchmarks.{name}").run(quick=quick)
            ok = True
        except Exception:  # noqa: BLE001 - one benchmark's failure must not hide the others
            print(traceback.format_exc())
            ok = False
    return kept.getvalue(), time.perf_counter() - began, ok


def _head(*, quick: bool) -> str:
    flags = " BENCH_FLAGS=--quick" if quick else ""
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"Written by `make bench{flags}` on {datetime.now(UTC):%Y-%m-%d}. Peers run in the",
            "same run on the same machine; figures of two machines must not be compared. Where the",
            "time of each stage goes is drawn in [flames/](flames/) by `make profile`; how the",
            "cost grows with the archive stands in [growth.md](growth.md), long trials in",
            "[trials.md](trials.md).",
            "",
            *machine(),
            "",
        ]
    )


def machine() -> Iterator[str]:
    """Yield lines that say on what a figure was seen."""
    python = platform.python_version()
    yield f"- {os.cpu_count()} processors ({platform.machine()}), Python {python}"
    versions = []
    for library in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{library} {importlib.metadata.version(library)}")
    yield f"- {', '.join(versions)}"


if __name__ == "__main__":
    sys.exit(main())
