"""Score a clustering against the truth: pairs, copies by kind, traps by kind, originals (pure)."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Pairwise precision and recall, the worst kinds of each sort, the originals named right.

    `originals` is None for a method that names none.
    """

    precision: float
    recall: float
    recall_by_kind: Mapping[str, float]
    merged_by_trap: Mapping[str, float]
    originals: float | None

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def score(
    rows: Sequence[dict[str, Any]],
    clusters: Sequence[Hashable],
    originals: Mapping[Any, str] | None = None,
) -> Scores:
    """Compare clusters with the `story`, `kind` and `role` of the rows."""
    truth = [row["story"] for row in rows]
    both = _pairs(Counter(zip(truth, clusters, strict=True)))
    found, wanted = _pairs(Counter(clusters)), _pairs(Counter(truth))
    return Scores(
        precision=both / found if found else 1.0,
        recall=both / wanted if wanted else 1.0,
        recall_by_kind=_recall_by_kind(rows, clusters),
        merged_by_trap=_merged_by_trap(rows, clusters),
        originals=None if originals is None else _originals(rows, clusters, originals),
    )


def _pairs(counts: Counter[Any]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def _recall_by_kind(
    rows: Sequence[dict[str, Any]], clusters: Sequence[Hashable]
) -> dict[str, float]:
    roots = {
        row["story"]: cluster
        for row, cluster in zip(rows, clusters, strict=True)
        if row["role"] == "orig"
    }
    met: dict[str, list[bool]] = defaultdict(list)
    for row, cluster in zip(rows, clusters, strict=True):
        if row["role"] == "copy":
            met[row["kind"]].append(roots.get(row["story"]) == cluster)
    return {kind: sum(hits) / len(hits) for kind, hits in sorted(met.items())}


def _merged_by_trap(
    rows: Sequence[dict[str, Any]], clusters: Sequence[Hashable]
) -> dict[str, float]:
    stories: dict[Hashable, set[str]] = defaultdict(set)
    for row, cluster in zip(rows, clusters, strict=True):
        stories[cluster].add(row["story"])
    merged: dict[str, list[bool]] = defaultdict(list)
    for row, cluster in zip(rows, clusters, strict=True):
        if row["role"] == "single" or row["kind"].startswith("family_"):
            merged[row["kind"].split("_copy")[0]].append(len(stories[cluster]) > 1)
    return {kind: sum(hits) / len(hits) for kind, hits in sorted(merged.items())}


def _originals(
    rows: Sequence[dict[str, Any]],
    clusters: Sequence[Hashable],
    originals: Mapping[Any, str],
) -> float:
    named = [
        originals.get(cluster) == row["id"]
        for row, cluster in zip(rows, clusters, strict=True)
        if row["role"] == "orig"
    ]
    return sum(named) / len(named) if named else 1.0
