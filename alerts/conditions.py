"""Queries compiled to conditions on the terms found in one article."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, cast

from alerts.trie import Findings, Trie
from storage.document import Document
from storage.evaluate import Span, are_near, fact_holds
from storage.query import (
    TEXT,
    And,
    Dated,
    Everything,
    Fact,
    Last,
    Near,
    Not,
    Or,
    Query,
    Term,
    TextField,
    Within,
)

#: What a reader sees first; evidence here counts in full.
HEADLINE: Final = (TextField.TITLE, TextField.LEAD)


@dataclass(slots=True)
class Sighting:
    """What was found in one article: terms by field, and by number over title, lead and body."""

    document: Document
    by_field: dict[TextField, Findings]
    in_text: set[int]
    topics: frozenset[str]


class Condition(Protocol):
    """Something that holds for an article or does not; `fields` are those a bare term may be in."""

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether it holds."""


class Located(Condition, Protocol):
    """A condition that has places in the text."""

    def spans(self, seen: Sighting, fields: tuple[TextField, ...]) -> list[Span]:
        """Return the places."""


@dataclass(frozen=True, slots=True)
class HasTerm:
    """A term stands in one of the fields."""

    number: int

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether the term was found."""
        if fields is TEXT:
            return self.number in seen.in_text
        number = self.number
        return any(number in seen.by_field[field].numbers for field in fields)

    def spans(self, seen: Sighting, fields: tuple[TextField, ...]) -> list[Span]:
        """Return where the term stands."""
        return [
            Span(field, start, end)
            for field in fields
            for start, end in seen.by_field[field].spans(self.number)
        ]


@dataclass(frozen=True, slots=True)
class HasWords:
    """One of each group of terms stands in the text, and none of the forbidden ones does.

    What most rules are: (a OR b) AND c AND NOT d. Sets answer it without a walk.
    """

    groups: tuple[frozenset[int], ...]
    forbidden: frozenset[int]

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether every group and no forbidden term was found."""
        found = seen.in_text if fields is TEXT else _numbers(seen, fields)
        if not self.forbidden.isdisjoint(found):
            return False
        for group in self.groups:  # noqa: SIM110  # a generator would cost more than the sets
            if group.isdisjoint(found):
                return False
        return True


@dataclass(frozen=True, slots=True)
class IsNear:
    """Places of one side that have a place of the other nearby, or have none."""

    left: Located
    right: Located
    distance: int
    negated: bool

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether there is such a place."""
        return bool(self.spans(seen, fields))

    def spans(self, seen: Sighting, fields: tuple[TextField, ...]) -> list[Span]:
        """Return the places of the left side that qualify."""
        left = self.left.spans(seen, fields)
        right = self.right.spans(seen, fields) if left else []
        return [
            span
            for span in left
            if any(are_near(span, other, self.distance) for other in right) != self.negated
        ]


@dataclass(frozen=True, slots=True)
class AllHold:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether all do."""
        return all(part.holds(seen, fields) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyHolds:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether one does."""
        return any(part.holds(seen, fields) for part in self.parts)

    def spans(self, seen: Sighting, fields: tuple[TextField, ...]) -> list[Span]:
        """Return the places of all parts, which then are located."""
        parts = cast("tuple[Located, ...]", self.parts)
        return [span for part in parts for span in part.spans(seen, fields)]


@dataclass(frozen=True, slots=True)
class Fails:
    """The part does not hold."""

    part: Condition

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether it does not."""
        return not self.part.holds(seen, fields)


@dataclass(frozen=True, slots=True)
class InField:
    """The part holds within one field."""

    field: TextField
    part: Condition

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:  # noqa: ARG002  # a protocol
        """Tell whether it holds there."""
        return self.part.holds(seen, (self.field,))

    def spans(self, seen: Sighting, fields: tuple[TextField, ...]) -> list[Span]:  # noqa: ARG002
        """Return the places there."""
        return cast("Located", self.part).spans(seen, (self.field,))


@dataclass(frozen=True, slots=True)
class HasFact:
    """A fact around the text: role, topic, language, relation, date."""

    fact: Fact | Dated | Last | Everything

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:  # noqa: ARG002
        """Tell whether the fact holds; topics are those that fired so far."""
        if isinstance(self.fact, Fact) and self.fact.field == "topic":
            return self.fact.value in seen.topics
        return fact_holds(self.fact, seen.document)


#: What must be found before a condition can hold at all: any of these terms, each in a field
#: (None: in title, lead or body). None instead of a set: it can hold without any term.
Triggers = frozenset[tuple[TextField | None, int]] | None


def compile_query(query: Query, trie: Trie) -> tuple[Condition, Triggers]:
    """Compile a query; its terms join the trie."""
    return _compile(query, trie.add, None)


_Add = Callable[[Term], int]


def _compile(query: Query, add: _Add, field: TextField | None) -> tuple[Condition, Triggers]:
    match query:
        case Term():
            number = add(query)
            return HasTerm(number), frozenset({(field, number)})
        case And() | Or():
            return _joined(query, add, field)
        case Not(part=part):
            return Fails(_compile(part, add, field)[0]), None
        case Near():
            return _near(query, add, field)
        case Within(field=inner, part=part):
            condition, triggers = _compile(part, add, inner)
            return InField(inner, condition), triggers
        case _:
            return HasFact(query), None


def _near(query: Near, add: _Add, field: TextField | None) -> tuple[Condition, Triggers]:
    left, on_left = _compile(query.left, add, field)
    right, on_right = _compile(query.right, add, field)
    near = IsNear(cast("Located", left), cast("Located", right), query.distance, query.negated)
    return near, on_left if query.negated else _rarer([on_left, on_right])


def _joined(query: And | Or, add: _Add, field: TextField | None) -> tuple[Condition, Triggers]:
    if isinstance(query, And):
        return _all_hold(query.parts, add, field)
    return _any_holds(query.parts, add, field)


def _all_hold(
    parts: tuple[Query, ...], add: _Add, field: TextField | None
) -> tuple[Condition, Triggers]:
    compiled = [_compile(part, add, field) for part in parts]
    triggers = _rarer([triggers for _, triggers in compiled])
    words = _words([condition for condition, _ in compiled])
    return words or AllHold(tuple(condition for condition, _ in compiled)), triggers


def _any_holds(
    parts: tuple[Query, ...], add: _Add, field: TextField | None
) -> tuple[Condition, Triggers]:
    compiled = [_compile(part, add, field) for part in parts]
    sets = [triggers for _, triggers in compiled]
    found = [triggers for triggers in sets if triggers is not None]
    union: Triggers = frozenset().union(*found) if len(found) == len(sets) else None
    return AnyHolds(tuple(condition for condition, _ in compiled)), union


def _rarer(choices: Iterable[Triggers]) -> Triggers:
    """Choose what to wait for: the fewest terms, and of these the latest, which tend to be rare."""
    found = [choice for choice in choices if choice is not None]
    return min(
        found, key=lambda choice: (len(choice), -max(number for _, number in choice)), default=None
    )


def _words(conditions: list[Condition]) -> HasWords | None:
    """Turn a conjunction into sets, when it is made of terms, their alternatives and their lack."""
    groups: list[frozenset[int]] = []
    forbidden: set[int] = set()
    for condition in conditions:
        numbers = _alternatives(condition)
        if numbers:
            groups.append(numbers)
        elif isinstance(condition, Fails) and (without := _alternatives(condition.part)):
            forbidden |= without
        else:
            return None
    return HasWords(tuple(groups), frozenset(forbidden))


def _alternatives(condition: Condition) -> frozenset[int]:
    """Return the terms of which one must be found, or nothing for any other condition."""
    match condition:
        case HasTerm(number=number):
            return frozenset({number})
        case AnyHolds(parts=parts) if all(isinstance(part, HasTerm) for part in parts):
            return frozenset(part.number for part in parts if isinstance(part, HasTerm))
        case _:
            return frozenset()


def _numbers(seen: Sighting, fields: tuple[TextField, ...]) -> set[int]:
    return {number for field in fields for number in seen.by_field[field].numbers}
