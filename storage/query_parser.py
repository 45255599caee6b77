"""Parse a query: words, "phrases", AND OR NOT, NEAR/n, fields and dates.

    query    = or
    or       = and { OR and }
    and      = not { [AND] not }
    not      = { NOT | - } near
    near     = one { [NOT] NEAR/n one }
    one      = "(" query ")" | field ":" value | [=] word [*] | [=] "phrase"

NEAR binds tightest, then NOT, then AND (or nothing), then OR.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, cast

from persian.atoms import words
from storage.query import (
    And,
    DateBound,
    Everything,
    Fact,
    FactField,
    Located,
    Mode,
    Near,
    Not,
    Or,
    Query,
    Term,
    TextField,
    Within,
    is_located,
)
from storage.query_dates import read_date, read_last
from storage.query_error import QueryError, UnreadableDateError
from storage.query_fault import Fault
from storage.query_lexer import DATE_FIELDS, Kind, Token, tokens

ROLES: Final = ("local", "agency", "official", "trade", "republisher", "aggregator")
RELATIONS: Final = ("original", "copy", "revision")
_LANGUAGE: Final = re.compile("[a-z]{2,3}$")
_TOPIC: Final = re.compile("[a-z0-9][a-z0-9-]*$")
_SHORTEST_PREFIX: Final = 2
_DEEPEST: Final = 50
_LONGEST: Final = 20_000  # characters: a rule of a thousand words fits


def parse(text: str, *, now: datetime, topics: Collection[str] | None = None) -> Query:
    """Parse a query or raise QueryError with the place.

    `now` is what «last:7d» counts back from. With `topics`, any other «topic:» is an error.
    """
    if len(text) > _LONGEST:
        raise QueryError(Fault.TOO_LONG, position=_LONGEST, text=text, longest=_LONGEST)
    parser = _Parser(text, now, topics)
    return parser.whole()


def all_of(parts: Sequence[Query]) -> Query:
    """Return the conjunction in its one form: no And within an And, none of a single part."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else [part])]
    return flat[0] if len(flat) == 1 else And(parts=tuple(flat))


def any_of(parts: Sequence[Query]) -> Query:
    """Return the disjunction in its one form: no Or within an Or, none of a single part."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else [part])]
    return flat[0] if len(flat) == 1 else Or(parts=tuple(flat))


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, text: str, now: datetime, topics: Collection[str] | None) -> None:
        self._text = text
        self._now = now
        self._topics = topics
        self._tokens = tokens(text)
        self._next = 0
        self._depth = 0

    def whole(self) -> Query:
        if self._peek().kind is Kind.END:
            raise self._error(self._peek(), Fault.EMPTY)
        query = self._or()
        if self._peek().kind is Kind.CLOSE:
            raise self._error(self._peek(), Fault.STRAY_CLOSING)
        return query

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _error(self, token: Token, fault: Fault, **values: object) -> QueryError:
        return QueryError(fault, position=token.position, text=self._text, **values)

    def _or(self) -> Query:
        parts = [self._and()]
        while self._peek().kind is Kind.OR:
            self._take()
            parts.append(self._and())
        return any_of(parts)

    def _and(self) -> Query:
        parts = [self._not()]
        while self._peek().kind not in {Kind.OR, Kind.CLOSE, Kind.END}:
            if self._peek().kind is Kind.AND:
                self._take()
            parts.append(self._not())
        return all_of(parts)

    def _not(self) -> Query:
        if self._peek().kind is not Kind.NOT:
            return self._near()
        token = self._take()
        self._enter(token)
        part = self._not()
        self._depth -= 1
        return part.part if isinstance(part, Not) else Not(part=part)

    def _near(self) -> Query:
        start, depth = self._peek(), self._depth
        query = self._one()
        while self._at_near():
            self._enter(self._peek())
            negated = self._peek().kind is Kind.NOT
            self._next += negated
            near = self._take()
            side = self._measured()
            right = self._one()
            query = Near(
                left=self._located(start, query),
                right=self._located(side, right),
                distance=near.distance,
                negated=negated,
            )
        self._depth = depth
        return query

    def _measured(self) -> Token:
        """Return the token after NEAR; its distance may not stand apart."""
        side = self._peek()
        if side.kind is Kind.WORD and side.text.startswith("/"):
            raise self._error(side, Fault.DISTANCE_APART)
        return side

    def _at_near(self) -> bool:
        """Tell whether NEAR or NOT NEAR comes next; the last token is always the end."""
        ahead = self._next + (self._peek().kind is Kind.NOT)
        return self._tokens[ahead].kind is Kind.NEAR

    def _located(self, token: Token, query: Query) -> Located:
        if is_located(query):
            return cast("Located", query)
        raise self._error(token, Fault.NOT_LOCATED)

    def _one(self) -> Query:
        token = self._take()
        match token.kind:
            case Kind.OPEN:
                return self._group(token)
            case Kind.FIELD:
                return self._field(token)
            case Kind.WORD:
                return self._word(token)
            case Kind.QUOTED:
                return self._phrase(token)
            case Kind.NEAR:
                raise self._error(token, Fault.BARE_NEAR)
            case Kind.CLOSE:
                raise self._error(token, Fault.EMPTY_GROUP)
            case Kind.END:
                raise self._error(token, Fault.ENDS_EARLY)
            case Kind.AND | Kind.OR | Kind.NOT:
                raise self._error(token, Fault.BARE_OPERATOR)

    def _group(self, opening: Token) -> Query:
        self._enter(opening)
        query = self._or()
        if self._peek().kind is not Kind.CLOSE:
            raise self._error(opening, Fault.OPEN_GROUP)
        self._take()
        self._depth -= 1
        return query

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(token, Fault.TOO_DEEP, deepest=_DEEPEST)

    def _word(self, token: Token) -> Query:
        if token.text == "*" and not token.is_exact:
            return Everything()
        return self._term(token, quoted=False)

    def _phrase(self, token: Token) -> Query:
        return self._term(token, quoted=True)

    def _term(self, token: Token, *, quoted: bool) -> Term:
        text, mode = token.text, Mode.EXACT if token.is_exact else Mode.INFLECTED
        if text.endswith("*"):
            text, mode = self._prefix(token), Mode.PREFIX
        if "*" in text:
            raise self._error(token, Fault.INNER_STAR)
        if not words(text):
            raise self._error(token, Fault.NO_WORD)
        return Term(text=text, mode=mode, quoted=quoted)

    def _prefix(self, token: Token) -> str:
        text = token.text.rstrip("*")
        if token.is_exact:
            raise self._error(token, Fault.EXACT_STAR)
        if not text or not text[-1].isalnum():
            raise self._error(token, Fault.LOOSE_STAR)
        last = re.split(r"[\W_]+", text)[-1]
        if len(last) < _SHORTEST_PREFIX:
            raise self._error(token, Fault.SHORT_STAR)
        return text

    def _field(self, token: Token) -> Query:
        if token.text in DATE_FIELDS:
            return self._date(token)
        if token.text in set(FactField):
            return self._facts(token, FactField(token.text))
        inner = self._value(token)
        if not _is_plain(inner):
            raise self._error(token, Fault.MIXED_FIELD, field=token.text)
        return Within(field=TextField(token.text), part=inner)

    def _value(self, field: Token) -> Query:
        if self._peek().kind not in {Kind.WORD, Kind.QUOTED, Kind.OPEN}:
            raise self._error(field, Fault.NO_VALUE, field=field.text, example="کرمان")
        return self._one()

    def _date(self, field: Token) -> Query:
        value = self._take()
        if value.kind not in {Kind.WORD, Kind.QUOTED}:
            raise self._error(field, Fault.NO_DATE_VALUE, field=field.text)
        try:
            if field.text == "last":
                return read_last(value.text, now=self._now)
            return read_date(DateBound(field.text), value.text)
        except UnreadableDateError as error:
            raise self._error(value, error.fault, given=value.text) from error

    def _facts(self, token: Token, field: FactField) -> Query:
        """Read `role:local` or `role:(local OR agency)`."""
        if self._peek().kind is not Kind.OPEN:
            return self._fact(field, token, self._take())
        opening = self._take()
        facts: list[Query] = [self._fact(field, token, self._take())]
        while self._peek().kind is Kind.OR:
            self._take()
            facts.append(self._fact(field, token, self._take()))
        if self._peek().kind is not Kind.CLOSE:
            raise self._error(opening, Fault.OPEN_FACTS, field=field)
        self._take()
        return any_of(facts)

    def _fact(self, field: FactField, token: Token, value: Token) -> Fact:
        if value.kind not in {Kind.WORD, Kind.QUOTED}:
            raise self._error(token, Fault.NO_VALUE, field=field, example=_EXAMPLES[field])
        text = value.text.lower()
        self._check(field, value, text)
        return Fact(field=field, value=text)

    def _check(self, field: FactField, value: Token, text: str) -> None:
        """Refuse a value that the field does not know."""
        match field:
            case FactField.ROLE:
                self._choose(value, text, ROLES, Fault.UNKNOWN_ROLE)
            case FactField.IS:
                self._choose(value, text, RELATIONS, Fault.UNKNOWN_KIND)
            case FactField.LANG if not _LANGUAGE.match(text):
                raise self._error(value, Fault.BAD_LANGUAGE, given=value.text)
            case FactField.TOPIC if self._topics is not None:
                self._choose(value, text, sorted(self._topics), Fault.UNKNOWN_TOPIC)
            case FactField.TOPIC if not _TOPIC.match(text):
                raise self._error(value, Fault.BAD_TOPIC, given=value.text)
            case _:
                pass

    def _choose(self, value: Token, text: str, known: Collection[str], fault: Fault) -> None:
        if text not in known:
            raise self._error(value, fault, given=value.text, known=", ".join(known))


_EXAMPLES: Final = {
    FactField.ROLE: "local",
    FactField.TOPIC: "copper",
    FactField.LANG: "fa",
    FactField.IS: "original",
}


def _is_plain(query: Query) -> bool:
    """Tell whether a query holds terms and operators only."""
    match query:
        case Term():
            return True
        case Near(left=left, right=right):
            return _is_plain(left) and _is_plain(right)
        case And(parts=parts) | Or(parts=parts):
            return all(_is_plain(part) for part in parts)
        case Not(part=part):
            return _is_plain(part)
        case _:
            return False
