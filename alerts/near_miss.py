"""Find articles that a rule nearly fires for: one clause short (pure)."""

from dataclasses import dataclass

from alerts.match import Verdict
from alerts.rules import Rule
from storage.evaluate import Analysed, Hit, evaluate, hits
from storage.found import Found
from storage.query import And, Everything, Not, Query
from storage.query_format import format_query
from storage.query_parser import any_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An article a rule does not fire for, and the one thing that is in the way."""

    found: Found
    lacks: str
    score: float
    hits: tuple[Hit, ...]


def wider(rule: Rule) -> Query:
    """Return a query for all that a rule may fire for, or nearly fire for."""
    only = _only_query(rule)
    if only is not None:
        return _any_positive(only)
    speaking = [clause for clause in rule.clauses if clause.points > 0]
    pieces = [piece.query for clause in speaking for piece in clause.evidence]
    return any_of(pieces) if pieces else Everything()


def _any_positive(query: Query) -> Query:
    """Return what all articles that hold all parts but one have: any part that is no exclusion."""
    if not isinstance(query, And):
        return query
    positive = [part for part in query.parts if not isinstance(part, Not)]
    return any_of(positive) if positive else Everything()


def near_miss(rule: Rule, verdict: Verdict | None, found: Found) -> list[NearMiss]:
    """Return the article as a near miss, when one clause or condition is in the way."""
    only = _only_query(rule)
    if only is not None:
        return _one_part_short(only, found)
    if verdict is None:
        return []
    lacks = _lacking(rule, verdict)
    if lacks is None:
        return []
    return [NearMiss(found=found, lacks=lacks, score=verdict.score, hits=())]


def _only_query(rule: Rule) -> Query | None:
    """Return the query of a rule that is nothing else."""
    return rule.clauses[0].evidence[0].query if rule.is_one_query else None


def _one_part_short(query: Query, found: Found) -> list[NearMiss]:
    if not isinstance(query, And):
        return []
    analysed = Analysed(found.document)
    failing = [part for part in query.parts if not evaluate(part, analysed)]
    positive = [part for part in query.parts if part not in failing and not isinstance(part, Not)]
    if len(failing) != 1 or not positive:
        return []
    places = [hit for part in positive for hit in hits(part, analysed)]
    return [
        NearMiss(
            found=found,
            lacks=format_query(failing[0]),
            score=0.0,
            hits=tuple(dict.fromkeys(places)),
        )
    ]


def _lacking(rule: Rule, verdict: Verdict) -> str | None:
    """Name the one clause that keeps a topic silent: one it lacks, or one that speaks against."""
    if verdict.missing:
        enough = verdict.score >= rule.threshold and len(verdict.missing) == 1
        return verdict.missing[0] if enough else None
    found = {reason.clause for reason in verdict.reasons}
    against = [reason for reason in verdict.reasons if reason.points < 0]
    for reason in against:
        if verdict.score - reason.points >= rule.threshold:
            return f"NOT {reason.clause}"
    gap = rule.threshold - verdict.score
    absent = [
        clause for clause in rule.clauses if clause.name not in found and clause.points >= gap
    ]
    return absent[0].name if absent and verdict.score > 0 else None
