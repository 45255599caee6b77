"""Match thousands of rules against one article at once, each verdict with its reasons.

The article's terms are found in one walk (`storage.trie`); only rules that wait for one of them are
decided. What a query means is said by `storage.evaluate`; a property test holds the two together.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Self

from alerts.conditions import HEADLINE, Sighting, compile_query
from alerts.rules import Clause, Evidence, Rule
from alerts.waiting import NOTHING, Case, Waiting
from storage.document import Document
from storage.evaluate import Analysed, Hit, hits, in_reading_order
from storage.query import TEXT, And, Fact, FactField, Near, Not, Or, Query, TextField, Within
from storage.trie import Trie


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one clause contributed: its points, and every piece of evidence that was found."""

    clause: str
    points: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One rule that fired: its score, why, and where the words stand as printed.

    The places are looked up when they are first asked for: most matches of a large set of rules
    only need to be counted.
    """

    rule_id: str
    score: float
    reasons: tuple[Reason, ...]
    rule_version: int = 0
    is_topic: bool = False
    locate: Callable[[], tuple[Hit, ...]] = field(repr=False, compare=False)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The places of the evidence that spoke for the rule, in reading order."""
        return self.locate()

    @property
    def words(self) -> tuple[str, ...]:
        """The words as printed, each once, in reading order; the longest where several overlap."""
        widest = [
            hit for hit in self.hits if not any(_is_inside(hit, other) for other in self.hits)
        ]
        return tuple(dict.fromkeys(hit.printed for hit in widest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule made of an article, whether it fired or not.

    `missing` names the required clauses that found nothing.
    """

    rule: Rule
    score: float
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    is_fired: bool


#: Evidence found for a rule: by clause, the pieces with the points each earned.
_Earned = dict[int, dict[int, float]]


class Matcher:
    """Rules compiled together. Immutable once made: compile anew and swap to reload."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules: Final = rules
        self._trie: Final = Trie()
        self._waiting: Final = Waiting()
        self._simple: Final[dict[int, Verdict]] = {}
        self._fields: Final[set[TextField]] = set(TEXT)
        for place, rule in enumerate(rules):
            self._add(place, rule)

    @classmethod
    def compile(cls, rules: Iterable[Rule]) -> Self:
        """Compile rules; the cost of a rule is paid here, not at each article."""
        with _without_collecting():
            return cls(tuple(rules))

    def match(self, document: Document) -> tuple[Match, ...]:
        """Return the rules that fire for an article, in the order they were given.

        `topic:` in a rule asks for the topics of the document and those that fire here.
        """
        seen = self._look(document)
        fired = [verdict for verdict in self._verdicts(seen) if verdict.is_fired]
        if not fired:
            return ()
        return tuple(_match(verdict, seen.analysed) for verdict in fired)

    def judge(self, document: Document) -> tuple[Verdict, ...]:
        """Return the verdict of every rule that found any evidence, fired or not."""
        seen = self._look(document)
        return tuple(verdict for verdict in self._verdicts(seen) if verdict.reasons)

    def _add(self, place: int, rule: Rule) -> None:
        parts = [
            part for clause in rule.clauses for one in clause.evidence for part in _parts(one.query)
        ]
        self._fields.update(part.field for part in parts if isinstance(part, Within))
        is_late = any(isinstance(part, Fact) and part.field is FactField.TOPIC for part in parts)
        for clause_place, clause in enumerate(rule.clauses):
            for piece_place, piece in enumerate(clause.evidence):
                compiled = compile_query(piece.query, self._trie)
                case = Case(place, clause_place, piece_place, compiled.condition, is_late)
                self._waiting.add(case, compiled)

    def _look(self, document: Document) -> Sighting:
        analysed = Analysed(document, self._trie)
        by_field = {name: analysed.findings(name, self._trie) for name in self._fields}
        in_text = {NOTHING}.union(*(by_field[name].numbers for name in TEXT))
        return Sighting(analysed, by_field, in_text, document.topics)

    def _verdicts(self, seen: Sighting) -> Iterator[Verdict]:
        """Decide early rules first, so that rules that ask for topics know which ones fired."""
        earned: dict[int, _Earned] = {}
        late: list[Case] = []
        for case in self._waiting.ready(seen):
            if case.is_late:
                late.append(case)
            elif case.condition.holds(seen, TEXT):
                self._earn(case, seen, earned)
        verdicts = {place: self._weigh(place, found) for place, found in earned.items()}
        if late:
            verdicts |= self._late_verdicts(late, seen, verdicts)
        return (verdicts[place] for place in sorted(verdicts))

    def _late_verdicts(
        self, late: list[Case], seen: Sighting, early: Mapping[int, Verdict]
    ) -> dict[int, Verdict]:
        fired = [verdict.rule for verdict in early.values() if verdict.is_fired]
        seen.topics |= {rule.id for rule in fired if rule.is_topic}
        earned: dict[int, _Earned] = {}
        for case in late:
            if case.condition.holds(seen, TEXT):
                self._earn(case, seen, earned)
        return {place: self._weigh(place, found) for place, found in earned.items()}

    def _weigh(self, place: int, found: _Earned) -> Verdict:
        """Weigh what a rule earned; a rule of one query always earns the same."""
        rule = self.rules[place]
        if not rule.is_one_query:
            return _weigh(rule, found)
        if place not in self._simple:
            self._simple[place] = _weigh(rule, found)
        return self._simple[place]

    def _earn(self, case: Case, seen: Sighting, earned: dict[int, _Earned]) -> None:
        """Note what a piece of evidence that holds earns."""
        rule = self.rules[case.rule]
        if rule.languages and seen.document.language not in rule.languages:
            return
        clause = rule.clauses[case.clause]
        in_full = clause.points == clause.body_points or case.condition.holds(seen, HEADLINE)
        points = clause.points if in_full else clause.body_points
        earned.setdefault(case.rule, {}).setdefault(case.clause, {})[case.piece] = points


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the garbage collector rest: it would walk all that is built, which has no cycle."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


def _is_inside(hit: Hit, other: Hit) -> bool:
    """Tell whether a hit is a part of a longer one."""
    if hit.field != other.field or (hit.start, hit.end) == (other.start, other.end):
        return False
    return other.start <= hit.start and hit.end <= other.end


def _weigh(rule: Rule, earned: _Earned) -> Verdict:
    names = {rule.clauses[place].name for place in earned}
    reasons = [
        _reason(clause, earned[place])
        for place, clause in enumerate(rule.clauses)
        if place in earned and (not clause.beside or not names.isdisjoint(clause.beside))
    ]
    score = sum(reason.points for reason in reasons)
    counted = {reason.clause for reason in reasons}
    missing = tuple(name for name in rule.requires if name not in counted)
    return Verdict(
        rule=rule,
        score=score,
        reasons=tuple(reasons),
        missing=missing,
        is_fired=bool(reasons) and score >= rule.threshold and not missing,
    )


def _reason(clause: Clause, earned: dict[int, float]) -> Reason:
    """Count the worthiest pieces of a clause, up to its limit; show all of them."""
    best = sorted(earned.values(), key=abs, reverse=True)[: clause.most]
    return Reason(
        clause=clause.name,
        points=sum(best),
        evidence=tuple(clause.evidence[piece].text for piece in sorted(earned)),
    )


def _match(verdict: Verdict, analysed: Analysed) -> Match:
    rule = verdict.rule
    return Match(
        rule_id=rule.id,
        score=verdict.score,
        reasons=verdict.reasons,
        locate=_Places(verdict, analysed),
        rule_version=rule.version,
        is_topic=rule.is_topic,
    )


class _Places:
    """The places of one match, looked up when first asked for."""

    __slots__ = ("_analysed", "_found", "_verdict")

    def __init__(self, verdict: Verdict, analysed: Analysed) -> None:
        self._verdict: Final = verdict
        self._analysed: Final = analysed
        self._found: tuple[Hit, ...] | None = None

    def __call__(self) -> tuple[Hit, ...]:
        if self._found is None:
            self._found = _hits(self._verdict, self._analysed)
        return self._found


def _hits(verdict: Verdict, analysed: Analysed) -> tuple[Hit, ...]:
    """Return the places of the evidence that spoke for the rule."""
    spoke = {reason.clause: reason.evidence for reason in verdict.reasons if reason.points >= 0}
    pieces: list[Evidence] = [
        piece
        for clause in verdict.rule.clauses
        for piece in clause.evidence
        if piece.text in spoke.get(clause.name, ())
    ]
    found = [hit for piece in pieces for hit in hits(piece.query, analysed)]
    return tuple(sorted(dict.fromkeys(found), key=in_reading_order))


def _parts(query: Query) -> list[Query]:
    """Return a query and all that it is made of."""
    parts = [query]
    for part in parts:  # it grows while it is walked
        match part:
            case And(parts=more) | Or(parts=more):
                parts += more
            case Near(left=left, right=right):
                parts += (left, right)
            case Not(part=inner) | Within(part=inner):
                parts.append(inner)
            case _:
                pass
    return parts
