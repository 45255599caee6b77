"""What people watch for, as values: a rule is clauses of evidence with points, and a threshold.

A saved query is a rule of one clause that asks for one thing. A topic (`alerts.topics`) is a rule
with many: strong and weak terms, names, and contexts that speak against it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from storage.query import Query
from storage.query_parser import parse

#: How many different pieces of evidence of one clause count, unless the clause says otherwise.
MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing to look for: a query and the text it was parsed from."""

    query: Query
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Evidence of one kind.

    Each different piece found adds `points` when it stands in kicker, title or lead, and
    `body_points` when only the body has it; at most `most` pieces count, the worthiest first.
    Negative points speak against the rule. With `beside`, the clause counts only when one of the
    named clauses has something too.
    """

    name: str
    points: float
    body_points: float
    most: int = MOST
    beside: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule fires when its clauses add up to `threshold`, and each of `requires` has something.

    `version` is the saved rule's, 0 for a topic. `languages` limits it to articles in these; empty
    means all.
    """

    id: str
    name: str
    clauses: tuple[Clause, ...]
    threshold: float = 1.0
    requires: tuple[str, ...] = ()
    languages: frozenset[str] = field(default_factory=frozenset)
    is_topic: bool = False
    version: int = 0

    @property
    def is_one_query(self) -> bool:
        """Tell whether the rule is a single query that fires wherever it holds."""
        if len(self.clauses) != 1 or self.requires:
            return False
        (clause,) = self.clauses
        return len(clause.evidence) == 1 and clause.points == clause.body_points


def rule_of(rule_id: str, query: Query, text: str, *, name: str = "", version: int = 1) -> Rule:
    """Turn one query into a rule that fires wherever the query holds."""
    clause = Clause(
        name="query",
        points=1.0,
        body_points=1.0,
        evidence=(Evidence(query=query, text=text),),
    )
    return Rule(id=rule_id, name=name or rule_id, clauses=(clause,), version=version)


def parse_rule(rule_id: str, text: str, *, now: datetime, name: str = "", version: int = 1) -> Rule:
    """Parse a saved query into a rule; raises QueryError with the place."""
    return rule_of(rule_id, parse(text, now=now), text, name=name, version=version)
