"""Measure topics on labelled articles: precision, recall, and every miss with the reasons."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alerts.errors import RuleError
from alerts.match import Matcher, Verdict
from alerts.rules import Rule
from storage.document import Document

#: The key of a labelled item that says what a topic should do with it, where the names differ.
LABELS: Final[Mapping[str, str]] = {"copper": "copper_industry", "football-mes": "football_mes"}
_YES: Final = {"yes", "true", "1"}
_NO: Final = {"no", "false", "0"}
_ANY_TIME: Final = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One article with what each topic should say; a doubtful one has no label."""

    id: str
    document: Document
    labels: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One article that a rule got wrong; `verdict` is None when it found nothing at all."""

    item: Labelled
    expected: bool
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a rule did: right and wrong firings, and the misses in the order of the file."""

    rule_id: str
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    misses: tuple[Miss, ...]

    @property
    def labelled(self) -> int:
        """How many articles say what the rule should do."""
        fired = self.true_positives + self.false_positives
        return fired + self.false_negatives + self.true_negatives

    @property
    def precision(self) -> float:
        """The share of firings that were right; 1 when it never fired."""
        fired = self.true_positives + self.false_positives
        return self.true_positives / fired if fired else 1.0

    @property
    def recall(self) -> float:
        """The share of what should fire that did; 1 when nothing should."""
        wanted = self.true_positives + self.false_negatives
        return self.true_positives / wanted if wanted else 1.0


def load_labelled(file: Path, rule_ids: Iterable[str]) -> tuple[Labelled, ...]:
    """Read labelled articles, one JSON object a line: title, gist or lead, body, and the labels.

    A label stands under the rule's id, or under `LABELS`: "yes" or "no"; anything else is left out.
    Raises RuleError naming the file and the line.
    """
    wanted = tuple(rule_ids)
    return tuple(_labelled(record, number, wanted) for number, record in _records(file))


def evaluate_rules(rules: Iterable[Rule], items: Iterable[Labelled]) -> tuple[Report, ...]:
    """Run the rules over labelled articles; one report per rule, in their order."""
    known = tuple(rules)
    matcher = Matcher.compile(known)
    judged = [
        (item, {verdict.rule.id: verdict for verdict in matcher.judge(item.document)})
        for item in items
    ]
    return tuple(
        _report(rule.id, [(item, found.get(rule.id)) for item, found in judged]) for rule in known
    )


def _records(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{file}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise RuleError(f"{file}, line {number}: is not JSON: {error.msg}") from error
        if not isinstance(record, dict) or not isinstance(record.get("title"), str):
            raise RuleError(f'{file}, line {number}: needs an object with a "title"')
        yield number, record


def _labelled(record: Mapping[str, Any], number: int, rule_ids: tuple[str, ...]) -> Labelled:
    labels = {rule_id: _label(record, rule_id) for rule_id in rule_ids}
    return Labelled(
        id=str(record.get("id", number)),
        document=Document(
            outlet_id=str(record.get("outlet_id") or record.get("domain") or "labelled"),
            title=record["title"],
            lead=str(record.get("lead") or record.get("gist") or ""),
            body=str(record.get("body") or ""),
            language=str(record.get("lang") or "fa"),
            published_at=_ANY_TIME,
        ),
        labels={rule_id: label for rule_id, label in labels.items() if label is not None},
    )


def _label(record: Mapping[str, Any], rule_id: str) -> bool | None:
    said = str(record.get(LABELS.get(rule_id, rule_id), "")).lower()
    if said in _YES:
        return True
    return False if said in _NO else None


def _report(rule_id: str, judged: list[tuple[Labelled, Verdict | None]]) -> Report:
    counts = {(wanted, fired): 0 for wanted in (True, False) for fired in (True, False)}
    misses: list[Miss] = []
    for item, verdict in judged:
        expected = item.labels.get(rule_id)
        if expected is None:
            continue
        fired = verdict is not None and verdict.is_fired
        counts[expected, fired] += 1
        if fired != expected:
            misses.append(Miss(item=item, expected=expected, verdict=verdict))
    return Report(
        rule_id=rule_id,
        true_positives=counts[True, True],
        false_positives=counts[False, True],
        false_negatives=counts[True, False],
        true_negatives=counts[False, False],
        misses=tuple(misses),
    )
