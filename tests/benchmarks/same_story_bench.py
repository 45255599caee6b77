"""Measure the same-story decision: scores beside its rivals, speed with a commit each, growth.

The texts are those of our own press (`same_story_press`), and the sets of real articles in the
folder that RASAD_SHARED names, else in `../shared`: they belong to their publishers and are no part
of this repository.
"""

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.same_story_eval import cluster
from tests.benchmarks.same_story_growth import SIZES, Growth, grow, print_growth
from tests.benchmarks.same_story_press import blind_set
from tests.benchmarks.same_story_rivals import minhash_lsh, same_letters
from tests.benchmarks.same_story_scores import Scores, score

OURS: Final = "rasad"
#: What `make bench` wants.
LEAST_PRECISION: Final = 0.98
LEAST_RECALL: Final = 0.985
MOST_MERGED_TRAPS: Final = 0.05
LEAST_ARTICLES_PER_SECOND: Final = 400
MOST_GROWTH: Final = 1.3

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_SHARED: Final = Path(os.environ.get("RASAD_SHARED", _REPOSITORY.parent / "shared"))
_SETS: Final = tuple(sorted((_SHARED / "eval" / "same-story").glob("*.jsonl.gz")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to cluster, measured on one set."""

    name: str
    set_name: str
    scores: Scores
    articles_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything measured in one run."""

    methods: tuple[Method, ...]
    growth: tuple[Growth, ...]


def run(quick: bool) -> Figures:  # noqa: FBT001  # every benchmark is called alike
    """Print the tables and return their rows; `quick` leaves out the large archives."""
    methods = tuple(_methods(quick=quick))
    _check(methods)
    _print_methods(methods)
    growth = tuple(map(grow, SIZES[:1] if quick else SIZES))
    print_growth(growth)
    _print_verdicts(methods, growth)
    return Figures(methods=methods, growth=growth)


def _check(methods: Sequence[Method]) -> None:
    """Fail before any time is printed when stories were told apart worse than they can be."""
    for one in methods:
        scores = one.scores
        if one.name == OURS and (
            scores.precision < LEAST_PRECISION or scores.recall < LEAST_RECALL
        ):
            raise AssertionError(f"{one.set_name}: P {scores.precision:.3f} R {scores.recall:.3f}")


def _print_verdicts(methods: Sequence[Method], growth: Sequence[Growth]) -> None:
    slowest = min(one.articles_per_second for one in growth)
    traps = [
        share for one in methods if one.name == OURS for share in one.scores.merged_by_trap.values()
    ]
    print(f"{_verdict(slowest >= LEAST_ARTICLES_PER_SECOND)} articles/s, largest archive included")
    print(f"{_verdict(growth[-1].cpu_ms <= MOST_GROWTH * growth[0].cpu_ms)} growth of the cost")
    print(f"{_verdict(max(traps, default=0.0) <= MOST_MERGED_TRAPS)} share of any trap merged")


def _verdict(is_met: bool) -> str:  # noqa: FBT001  # the one thing it is told
    return "    ok " if is_met else " BELOW "


def _methods(*, quick: bool) -> Iterator[Method]:
    sets = {"our press": blind_set(7, stories=120 if quick else 600)}
    if not quick:
        sets |= {file.name[: -len(".jsonl.gz")]: _rows_of(file) for file in _SETS}
    for set_name, rows in sets.items():
        yield _measured(OURS, set_name, rows, cluster)
        yield _measured("datasketch LSH", set_name, rows, lambda all_: (minhash_lsh(all_), None))
        yield _measured("same letters", set_name, rows, lambda all_: (same_letters(all_), None))


def _rows_of(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _measured(
    name: str,
    set_name: str,
    rows: Sequence[dict[str, Any]],
    method: Callable[[Sequence[dict[str, Any]]], tuple[Sequence[Any], Any]],
) -> Method:
    begin = time.perf_counter()
    clusters, originals = method(rows)
    taken = time.perf_counter() - begin
    return Method(
        name=name,
        set_name=set_name,
        scores=score(rows, clusters, originals),
        articles_per_second=len(rows) / taken,
    )


def _print_methods(methods: Sequence[Method]) -> None:
    print(
        f"{'set':<22}{'method':<16}{'P':>7}{'R':>7}{'F1':>7}{'originals':>11}{'articles/s':>12}"
        f"  worst copy, worst trap"
    )
    for one in methods:
        scores = one.scores
        named = "-" if scores.originals is None else f"{scores.originals:.3f}"
        copy = min(scores.recall_by_kind.items(), key=lambda pair: pair[1], default=("-", 1.0))
        trap = max(scores.merged_by_trap.items(), key=lambda pair: pair[1], default=("-", 0.0))
        print(
            f"{one.set_name:<22}{one.name:<16}{scores.precision:>7.3f}{scores.recall:>7.3f}"
            f"{scores.f1:>7.3f}{named:>11}{one.articles_per_second:>12,.0f}"
            f"  {copy[0]} {copy[1]:.3f}, {trap[0]} {trap[1]:.3f}"
        )
