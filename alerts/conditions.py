"""Queries compiled to conditions on the terms found in one article."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, cast

from storage.document import Document
from storage.evaluate import Analysed, Span, are_near, fact_holds
from storage.everyday import is_everyday
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
from storage.strict import is_strict
from storage.trie import Findings, Trie

#: What a reader sees first; evidence here counts in full.
HEADLINE: Final = (TextField.TITLE, TextField.LEAD)


@dataclass(slots=True)
class Sighting:
    """What was found in one article: terms by field, and by number over title, lead and body."""

    analysed: Analysed
    by_field: dict[TextField, Findings]
    in_text: set[int]
    topics: frozenset[str]

    @property
    def document(self) -> Document:
        """The article."""
        return self.analysed.document


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
class HasStrictTerm:
    """A term stands in one of the fields with its own letters as printed."""

    term: Term

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether the term was found so."""
        return bool(self.spans(seen, fields))

    def spans(self, seen: Sighting, fields: tuple[TextField, ...]) -> list[Span]:
        """Return where the term stands so."""
        return [span for field in fields for span in seen.analysed.spans(self.term, field)]


@dataclass(frozen=True, slots=True)
class HasWords:
    """All the needed terms stand in the text, one of each group, and none of the forbidden ones.

    What most rules are: (a OR b) AND c AND NOT d. Sets answer it without a walk.
    """

    needed: frozenset[int]
    groups: tuple[frozenset[int], ...]
    forbidden: frozenset[int]

    def holds(self, seen: Sighting, fields: tuple[TextField, ...]) -> bool:
        """Tell whether they do."""
        found = seen.in_text if fields is TEXT else _numbers(seen, fields)
        if not self.needed <= found or not self.forbidden.isdisjoint(found):
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
        """Tell whether there is such a place; places are only looked up when both sides stand."""
        if not self.left.holds(seen, fields):
            return False
        if not self.negated and not self.right.holds(seen, fields):
            return False
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


#: A term and the field it must stand in (None: title, lead or body).
Sign = tuple[TextField | None, int]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition, and what must be found before it can hold at all.

    One of `triggers` must be (None: it can hold without any term), which happens with about the
    chance `commonness`; of each group of `required` one must be, in title, lead or body.
    """

    condition: Condition
    triggers: frozenset[Sign] | None
    commonness: float = 1.0
    required: frozenset[frozenset[int]] = frozenset()


def compile_query(query: Query, trie: Trie) -> Compiled:
    """Compile a query; its terms join the trie."""
    return _compile(query, trie.add, None)


_Add = Callable[[Term], int]


def _compile(query: Query, add: _Add, field: TextField | None) -> Compiled:
    match query:
        case Term():
            return _term(query, add, field)
        case And() | Or():
            return _joined(query, add, field)
        case Not(part=part):
            return Compiled(Fails(_compile(part, add, field).condition), None)
        case Near():
            return _near(query, add, field)
        case Within(field=inner, part=part):
            compiled = _compile(part, add, inner)
            condition = InField(inner, compiled.condition)
            return Compiled(condition, compiled.triggers, compiled.commonness)
        case _:
            return Compiled(HasFact(query), None)


def _term(query: Term, add: _Add, field: TextField | None) -> Compiled:
    number = add(query)
    required = frozenset({frozenset({number})}) if field is None else frozenset[frozenset[int]]()
    condition = HasStrictTerm(query) if is_strict(query) else HasTerm(number)
    return Compiled(condition, frozenset({(field, number)}), _commonness(query), required)


def _commonness(term: Term) -> float:
    """Guess how often a term is met: a phrase hardly ever, a word the less the longer it is."""
    if " " in term.text or "\u200c" in term.text:
        return 2.0**-12
    return 1.0 if is_everyday(term.text) else 2.0 ** -len(term.text)


def _near(query: Near, add: _Add, field: TextField | None) -> Compiled:
    left, right = _compile(query.left, add, field), _compile(query.right, add, field)
    condition = IsNear(
        cast("Located", left.condition),
        cast("Located", right.condition),
        query.distance,
        query.negated,
    )
    if query.negated:
        return Compiled(condition, left.triggers, left.commonness, left.required)
    return _together(condition, [left, right])


def _joined(query: And | Or, add: _Add, field: TextField | None) -> Compiled:
    compiled = [_compile(part, add, field) for part in query.parts]
    conditions = tuple(one.condition for one in compiled)
    if isinstance(query, And):
        return _together(_words(conditions) or AllHold(conditions), compiled)
    found = [one.triggers for one in compiled if one.triggers is not None]
    if len(found) < len(compiled):
        return Compiled(AnyHolds(conditions), None)
    commonness = sum(one.commonness for one in compiled)
    either = AnyHolds(conditions)
    alternatives = _alternatives(either) if field is None else frozenset[int]()
    required = frozenset({alternatives}) if alternatives else frozenset[frozenset[int]]()
    return Compiled(either, frozenset[Sign]().union(*found), commonness, required)


def _together(condition: Condition, parts: list[Compiled]) -> Compiled:
    """Wait for the rarest of the parts that all must hold."""
    waiting = [part for part in parts if part.triggers is not None]
    required = frozenset[frozenset[int]]().union(*(part.required for part in parts))
    if not waiting:
        return Compiled(condition, None)
    rarest = min(waiting, key=lambda part: part.commonness)
    return Compiled(condition, rarest.triggers, rarest.commonness, required)


def _words(conditions: Iterable[Condition]) -> HasWords | None:
    """Turn a conjunction into sets, when it is made of terms, their alternatives and their lack."""
    needed: set[int] = set()
    groups: list[frozenset[int]] = []
    forbidden: set[int] = set()
    for condition in conditions:
        numbers = _alternatives(condition)
        if len(numbers) == 1:
            needed |= numbers
        elif numbers:
            groups.append(numbers)
        elif isinstance(condition, Fails) and (without := _alternatives(condition.part)):
            forbidden |= without
        else:
            return None
    return HasWords(frozenset(needed), tuple(groups), frozenset(forbidden))


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
