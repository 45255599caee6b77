"""Measuring topics on labelled articles: figures, misses, files that cannot be read."""

import json
from pathlib import Path

import pytest

from alerts.errors import RuleError
from alerts.evaluation import evaluate_rules, load_labelled
from alerts.rules import Clause, Evidence, Rule
from storage.query import Term

RULE = Rule(
    id="copper",
    name="مس",
    clauses=(
        Clause(
            name="metal",
            points=1.0,
            body_points=1.0,
            evidence=(Evidence(query=Term(text="مس"), text="مس"),),
        ),
    ),
)


def _file(tmp_path: Path, *records: object) -> Path:
    file = tmp_path / "labelled.jsonl"
    lines = [
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in records
    ]
    file.write_text("\n\n".join(lines), encoding="utf-8")
    return file


def test_a_report_counts_what_was_right_and_shows_what_was_not(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        {"id": "a", "title": "معدن مس", "copper_industry": "yes"},
        {"id": "b", "title": "تیم مس", "copper_industry": "no"},
        {"id": "c", "title": "کاتد", "gist": "در سرچشمه", "copper_industry": "yes"},
        {"id": "d", "title": "پسته", "copper": "no", "copper_industry": "no"},
        {"id": "e", "title": "مس و میراث", "copper_industry": "doubtful"},
    )
    (report,) = evaluate_rules([RULE], load_labelled(file, ["copper"]))
    counts = (
        report.true_positives,
        report.false_positives,
        report.false_negatives,
        report.true_negatives,
    )
    assert counts == (1, 1, 1, 1)
    assert (report.precision, report.recall) == (0.5, 0.5)
    assert [(miss.item.id, miss.expected) for miss in report.misses] == [("b", False), ("c", True)]
    shown, unseen = report.misses
    assert shown.verdict is not None
    assert shown.verdict.reasons[0].evidence == ("مس",)
    assert unseen.verdict is None


def test_nothing_to_measure_is_no_failure(tmp_path: Path) -> None:
    (report,) = evaluate_rules([RULE], load_labelled(_file(tmp_path), ["copper"]))
    assert (report.precision, report.recall, report.misses) == (1.0, 1.0, ())


@pytest.mark.parametrize(
    ("line", "fault"),
    [("{", "line 1: is not JSON"), ('{"id": 1}', 'line 1: needs an object with a "title"')],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(RuleError, match=fault):
        load_labelled(_file(tmp_path, line), ["copper"])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"none\.jsonl: cannot be read"):
        load_labelled(tmp_path / "none.jsonl", ["copper"])
