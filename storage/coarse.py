"""Turn a query into the coarser one an index can answer: it never misses, `evaluate` verifies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from persian.stems import ENDING_LETTERS, LONGEST_KEY, index_key
from storage.index import fact_token
from storage.query import (
    TEXT,
    And,
    Dated,
    Fact,
    FactField,
    Last,
    Mode,
    Near,
    Or,
    Query,
    Term,
    TextField,
    Within,
)
from storage.terms import Form, forms

_SHORTEST_KEY: Final = 2
#: Spellings of one side of NEAR times those of the other that are asked for pair by pair.
_MOST_PAIRS: Final = 48


@dataclass(frozen=True, slots=True)
class Words:
    """Index keys side by side in one of the fields; with `is_prefix` the last may go on."""

    keys: tuple[str, ...]
    fields: tuple[TextField, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """Two runs of words in one field, in either order, with at most `between` words between."""

    one: Words
    other: Words
    between: int


@dataclass(frozen=True, slots=True)
class Token:
    """The token of a fact (`storage.index.fact_token`)."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts."""

    parts: tuple["Coarse", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part."""

    parts: tuple["Coarse", ...]


#: None asks for nothing: every article may match.
Coarse = Words | Close | Token | AllOf | AnyOf


def coarse(query: Query, fields: tuple[TextField, ...] = TEXT) -> Coarse | None:
    """Return what the index is to be asked, or None when it cannot narrow anything down."""
    match query:
        case Term():
            return _any([words for form in forms(query) for words in _words(form, fields)])
        case Near():
            return _near(query, fields)
        case And(parts=parts):
            return _all(list(parts), fields)
        case Or(parts=parts):
            return _one_of(parts, fields)
        case Within(field=field, part=part):
            return coarse(part, (field,))
        case _:
            return _fact(query)


def _fact(query: Query) -> Coarse | None:
    """Ask for the facts that are indexed; an article's story and topics may change later."""
    match query:
        case Fact(field=FactField.ROLE | FactField.LANG as field, value=value):
            return Token(fact_token(field, value))
        case _:
            return None


def bounds(query: Query) -> tuple[datetime | None, datetime | None]:
    """Return the instants outside of which nothing can match: from the first, before the second."""
    match query:
        case Dated(start_at=start_at, end_at=end_at):
            return start_at, end_at
        case Last(start_at=start_at):
            return start_at, None
        case And(parts=parts):
            found = [bounds(part) for part in parts]
            starts = [start for start, _ in found if start]
            ends = [end for _, end in found if end]
            return max(starts, default=None), min(ends, default=None)
        case _:
            return None, None


def required_topics(query: Query) -> tuple[str, ...]:
    """Return the topics without which nothing can match."""
    match query:
        case Fact(field=FactField.TOPIC, value=value):
            return (value,)
        case And(parts=parts):
            return tuple(topic for part in parts for topic in required_topics(part))
        case _:
            return ()


def _near(query: Near, fields: tuple[TextField, ...]) -> Coarse | None:
    """Ask for pairs of spellings close together while they are few, else for both anywhere."""
    left, right = coarse(query.left, fields), coarse(query.right, fields)
    if query.negated or not left or not right:
        return left if query.negated or not right else right
    ones, others = _runs(left), _runs(right)
    if not ones or not others or len(ones) * len(others) > _MOST_PAIRS:
        return AllOf((left, right))
    pairs = [(one, other) for one in ones for other in others if one.fields == other.fields]
    if len(pairs) < len(ones) * len(others):
        return AllOf((left, right))
    return _any([Close(one, other, query.distance) for one, other in pairs])


def _runs(wanted: Coarse) -> tuple[Words, ...]:
    """Return the runs of words a located query may stand as, or none when it is more than that."""
    match wanted:
        case Words():
            return (wanted,)
        case AnyOf(parts=parts) if all(isinstance(part, Words) for part in parts):
            return tuple(part for part in parts if isinstance(part, Words))
        case _:
            return ()


def _all(parts: list[Query], fields: tuple[TextField, ...]) -> Coarse | None:
    found = tuple(part for part in (coarse(part, fields) for part in parts) if part)
    if len(found) > 1:
        return AllOf(found)
    return found[0] if found else None


def _one_of(parts: tuple[Query, ...], fields: tuple[TextField, ...]) -> Coarse | None:
    found = [coarse(part, fields) for part in parts]
    narrow = [part for part in found if part]
    return _any(narrow) if len(narrow) == len(found) else None


def _any(parts: list[Coarse]) -> Coarse:
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


def _words(form: Form, fields: tuple[TextField, ...]) -> list[Coarse]:
    keys = tuple(index_key(piece.text) for piece in form)
    last = form[-1]
    if last.mode is not Mode.PREFIX:
        return [Words(keys, fields)]
    shorter = [
        Words((*keys[:-1], last.text[:length]), fields)
        for length in range(_SHORTEST_KEY, len(last.text))
        if set(last.text[length:]) <= set(ENDING_LETTERS)
    ]
    return [Words((*keys[:-1], last.text[:LONGEST_KEY]), fields, is_prefix=True), *shorter]
