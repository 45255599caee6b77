"""Decide whether one query holds for one article: the meaning every other execution must share."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, assert_never

from persian.atoms import PrintedAtoms, Reading, split
from persian.fold import fold
from storage.document import Document
from storage.query import (
    TEXT,
    And,
    Dated,
    Everything,
    Fact,
    FactField,
    Last,
    Located,
    Mode,
    Near,
    Not,
    Or,
    Query,
    Term,
    TextField,
    Within,
)
from storage.relations import Relation
from storage.strict import is_printed_so, is_strict
from storage.terms import Form, Piece, forms, reading
from storage.trie import Findings, Trie

#: Letters that are read of a body, and of any other field. No news text comes near them; work and
#: the index's row (1 MB in PostgreSQL) stay bounded.
LONGEST_BODY: Final = 200_000
LONGEST_FIELD: Final = 20_000
_COPIES: Final = frozenset(
    {Relation.COPY, Relation.TRUNCATED, Relation.EXPANDED, Relation.REWRITTEN, Relation.MIRROR}
)


@dataclass(frozen=True, slots=True)
class Span:
    """Atoms `start` to `end` (excluded) of a field."""

    field: TextField
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a term stands: `start` and `end` are offsets into the field as printed.

    `field` is one of kicker, title, lead, body, tag, section, credit, reporter, outlet, town; the
    values of a list field stand one a line.
    """

    term: str
    field: str
    start: int
    end: int
    printed: str


class Analysed:
    """A document with its fields split into atoms, each field once and only when asked for.

    With `terms`, these are found in one walk; any other term is looked up word by word. `atoms` are
    fields that were split before.
    """

    def __init__(
        self,
        document: Document,
        terms: Trie | None = None,
        atoms: Mapping[TextField, list[str]] = MappingProxyType({}),
    ) -> None:
        self.document: Final = document
        self._terms: Final = terms
        self._atoms: Final = dict(atoms)
        self._words: Final[dict[TextField, _Words]] = {}
        self._findings: Final[dict[TextField, Findings]] = {}
        self._printed: Final[dict[TextField, PrintedAtoms]] = {}

    def printed_as(self, document: Document) -> "Analysed":
        """Return the same words with the texts they were read from."""
        same = Analysed(document, self._terms, self._atoms)
        same._findings.update(self._findings)
        return same

    def atoms(self, field: TextField) -> list[str]:
        """Return the raw atoms of a field, barriers included."""
        if field not in self._atoms:
            self._atoms[field] = _atoms_of(self._text(field))
        return self._atoms[field]

    def spans(self, term: Term, field: TextField) -> list[Span]:
        """Return where a term stands in a field, in reading order."""
        found = [Span(field, start, end) for start, end in sorted(set(self._find(term, field)))]
        if not found or not is_strict(term):
            return found
        return [span for span in found if is_printed_so(term, self.hit("", span).printed)]

    def has(self, term: Term, field: TextField) -> bool:
        """Tell whether a term stands in a field; cheaper than asking where."""
        number = None if self._terms is None else self._terms.number(term)
        if self._terms is None or number is None or is_strict(term):
            return bool(self.spans(term, field))
        return number in self.findings(field, self._terms).numbers

    def findings(self, field: TextField, terms: Trie) -> Findings:
        """Return which of the terms stand in a field."""
        if field not in self._findings:
            self._findings[field] = terms.find(self.atoms(field))
        return self._findings[field]

    def _find(self, term: Term, field: TextField) -> Iterable[tuple[int, int]]:
        number = None if self._terms is None else self._terms.number(term)
        if self._terms is not None and number is not None:
            return self.findings(field, self._terms).spans(number)
        if field not in self._words:
            self._words[field] = _Words(self.atoms(field))
        words = self._words[field]
        return (place for form in forms(term) for place in words.find(form))

    def hit(self, term: str, span: Span) -> Hit:
        """Turn a span of atoms into the place as printed."""
        if span.field not in self._printed:
            self._printed[span.field] = PrintedAtoms(self._text(span.field))
        start, end = self._printed[span.field].span(span.start, span.end)
        printed = self._text(span.field)[start:end]
        field, shift = self._printed_field(span.field, start)
        return Hit(term=term, field=field, start=start - shift, end=end - shift, printed=printed)

    def _printed_field(self, field: TextField, start: int) -> tuple[str, int]:
        """Tell kicker and title apart, which are searched as one."""
        kicker = self.document.kicker
        if field is not TextField.TITLE or not kicker:
            return str(field), 0
        return ("title", len(kicker) + 1) if start > len(kicker) else ("kicker", 0)

    def _text(self, field: TextField) -> str:
        longest = LONGEST_BODY if field is TextField.BODY else LONGEST_FIELD
        return self.document.printed(field)[:longest]


@lru_cache(maxsize=16)  # the fields of one article: a hostile body of 200,000 letters is not many
def _atoms_of(text: str) -> list[str]:
    """Split a text into raw atoms; the index and the rules read the same texts in turn."""
    return split(fold(text))


class _Words:
    """The atoms of one field, findable by stem and by exact form."""

    def __init__(self, atoms: list[str]) -> None:
        self._readings: Final[list[Reading]] = [reading(raw) for raw in atoms]
        self._by_stem: Final[dict[str, list[int]]] = {}
        self._by_exact: Final[dict[str, list[int]]] = {}
        for place, one in enumerate(self._readings):
            self._by_exact.setdefault(one.exact, []).append(place)
            for stem in one.stems:
                self._by_stem.setdefault(stem, []).append(place)

    def find(self, form: Form) -> list[tuple[int, int]]:
        length = len(form)
        return [
            (start, start + length)
            for start in self._starts(form[0])
            if start + length <= len(self._readings)
            and all(_fits(form[i], self._readings[start + i]) for i in range(1, length))
        ]

    def _starts(self, piece: Piece) -> Iterable[int]:
        match piece.mode:
            case Mode.INFLECTED:
                return self._by_stem.get(piece.text, ())
            case Mode.EXACT:
                return self._by_exact.get(piece.text, ())
            case Mode.PREFIX:
                return [
                    place
                    for exact, found in self._by_exact.items()
                    if exact.startswith(piece.text)
                    for place in found
                ]


def _fits(piece: Piece, one: Reading) -> bool:
    match piece.mode:
        case Mode.INFLECTED:
            return piece.text in one.stems
        case Mode.EXACT:
            return piece.text == one.exact
        case Mode.PREFIX:
            return one.exact.startswith(piece.text)


def evaluate(query: Query, analysed: Analysed) -> bool:
    """Tell whether a query holds for a document."""
    return _holds(query, analysed, TEXT)


def hits(query: Query, analysed: Analysed) -> tuple[Hit, ...]:
    """Return where the words that a query asks for stand, in reading order.

    What stands behind NOT has no hits; of NEAR and OR only the parts that hold have.
    """
    marked = dict.fromkeys(_marked(query, analysed, TEXT))
    found = [analysed.hit(term, span) for term, span in marked]
    return tuple(sorted(found, key=in_reading_order))


def counts(query: Query, analysed: Analysed) -> Counter[tuple[str, TextField]]:
    """Count how often each term that a query asks for stands in each field; see `hits`."""
    marked = dict.fromkeys(_marked(query, analysed, TEXT))
    return Counter((term, span.field) for term, span in marked)


def in_reading_order(hit: Hit) -> tuple[int, int, int, str]:
    """Return the key that sorts hits as a reader meets them: kicker, title, lead, body, others."""
    return _ORDER[hit.field], hit.start, hit.end, hit.term


_PRINTED_FIELDS: Final = ("kicker", "title", "lead", "body", *list(TextField)[3:])
_ORDER: Final = {str(name): place for place, name in enumerate(_PRINTED_FIELDS)}


def _holds(query: Query, analysed: Analysed, fields: tuple[TextField, ...]) -> bool:
    match query:
        case And(parts=parts):
            return all(_holds(part, analysed, fields) for part in parts)
        case Or(parts=parts):
            return any(_holds(part, analysed, fields) for part in parts)
        case Not(part=part):
            return not _holds(part, analysed, fields)
        case Within(field=field, part=part):
            return _holds(part, analysed, (field,))
        case Term() | Near():
            return _stands(query, analysed, fields)
        case _:
            return fact_holds(query, analysed.document)


def _stands(query: Term | Near, analysed: Analysed, fields: tuple[TextField, ...]) -> bool:
    if isinstance(query, Term):
        return any(analysed.has(query, field) for field in fields)
    return bool(spans(query, analysed, fields))


def fact_holds(query: Fact | Dated | Last | Everything, document: Document) -> bool:
    """Tell whether a condition on the facts around a text holds."""
    match query:
        case Fact(field=field, value=value):
            return _fact(field, value, document)
        case Dated(start_at=start_at, end_at=end_at):
            at = document.published_at
            return (start_at is None or at >= start_at) and (end_at is None or at < end_at)
        case Last(start_at=start_at):
            return document.published_at >= start_at
        case Everything():
            return True
        case _:
            assert_never(query)


def _fact(field: FactField, value: str, document: Document) -> bool:
    match field:
        case FactField.ROLE:
            return document.role == value
        case FactField.LANG:
            return document.language == value
        case FactField.TOPIC:
            return value in document.topics
        case FactField.IS:
            return _is(value, document)


def _is(value: str, document: Document) -> bool:
    match value:
        case "copy":
            return document.relation in _COPIES
        case "revision":
            return document.is_revised or document.relation == Relation.REVISION
        case _:
            return document.relation == value


def spans(query: Located, analysed: Analysed, fields: tuple[TextField, ...] = TEXT) -> list[Span]:
    """Return the places of a word, a phrase, a NEAR or alternatives of them."""
    match query:
        case Term():
            return [span for field in fields for span in analysed.spans(query, field)]
        case Near():
            return _near(query, analysed, fields)
        case Or(parts=parts):
            found = [spans(part, analysed, fields) for part in parts]  # type: ignore[arg-type]
            return sorted({span for some in found for span in some}, key=_in_order)
        case Within(field=field, part=part):
            return spans(part, analysed, (field,))  # type: ignore[arg-type]
        case _:
            assert_never(query)


def _in_order(span: Span) -> tuple[str, int, int]:
    return span.field, span.start, span.end


def _near(query: Near, analysed: Analysed, fields: tuple[TextField, ...]) -> list[Span]:
    left = spans(query.left, analysed, fields)
    right = spans(query.right, analysed, fields)
    return [
        span
        for span in left
        if any(are_near(span, other, query.distance) for other in right) != query.negated
    ]


def are_near(one: Span, other: Span, distance: int) -> bool:
    """Tell whether two spans of one field are at most `distance` words apart; neighbours are 1."""
    if one.field is not other.field:
        return False
    return max(other.start - one.end, one.start - other.end) < distance


def _marked(
    query: Query, analysed: Analysed, fields: tuple[TextField, ...]
) -> Iterable[tuple[str, Span]]:
    match query:
        case Term(text=text):
            return [(text, span) for span in spans(query, analysed, fields)]
        case Near():
            return _marked_near(query, analysed, fields)
        case And(parts=parts):
            return [mark for part in parts for mark in _marked(part, analysed, fields)]
        case Or(parts=parts):
            # a word that does not stand here marks nothing; asking first would look it up twice
            held = (
                part for part in parts if isinstance(part, Term) or _holds(part, analysed, fields)
            )
            return [mark for part in held for mark in _marked(part, analysed, fields)]
        case Within(field=field, part=part):
            return _marked(part, analysed, (field,))
        case _:
            return []


def _marked_near(
    query: Near, analysed: Analysed, fields: tuple[TextField, ...]
) -> list[tuple[str, Span]]:
    """Mark the left places that hold, and the right ones that make them hold."""
    held = set(spans(query, analysed, fields))
    left = [mark for mark in _marked(query.left, analysed, fields) if mark[1] in held]
    if query.negated:
        return left
    right = [
        (text, span)
        for text, span in _marked(query.right, analysed, fields)
        if any(are_near(span, other, query.distance) for other in held)
    ]
    return [*left, *right]


def terms_of(query: Query) -> tuple[Term, ...]:
    """Return the terms a query asks for, in its order."""
    match query:
        case Term():
            return (query,)
        case And(parts=parts) | Or(parts=parts):
            return tuple(term for part in parts for term in terms_of(part))
        case Near(left=left, right=right):
            return (*terms_of(left), *terms_of(right))
        case Not(part=part) | Within(part=part):
            return terms_of(part)
        case _:
            return ()
