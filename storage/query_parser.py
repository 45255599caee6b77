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
from storage.query_error import QueryError
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
        raise QueryError(
            position=_LONGEST,
            message=f"the query is longer than {_LONGEST} characters",
            hint="split it into several rules, or make it a topic",
            text=text,
        )
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
            raise self._error(
                self._peek(), "the query is empty", "type a word, or * for every article"
            )
        query = self._or()
        if self._peek().kind is Kind.CLOSE:
            raise self._error(self._peek(), "this ) closes nothing", "remove it, or add ( before")
        return query

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _error(self, token: Token, message: str, hint: str) -> QueryError:
        return QueryError(position=token.position, message=message, hint=hint, text=self._text)

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
        start = self._peek()
        query = self._one()
        while self._at_near():
            negated = self._peek().kind is Kind.NOT
            self._next += negated
            near = self._take()
            side = self._peek()
            right = self._one()
            query = Near(
                left=self._located(start, query),
                right=self._located(side, right),
                distance=near.distance,
                negated=negated,
            )
        return query

    def _at_near(self) -> bool:
        """Tell whether NEAR or NOT NEAR comes next; the last token is always the end."""
        ahead = self._next + (self._peek().kind is Kind.NOT)
        return self._tokens[ahead].kind is Kind.NEAR

    def _located(self, token: Token, query: Query) -> Located:
        if is_located(query):
            return cast("Located", query)
        raise self._error(
            token,
            "NEAR measures between words, phrases and (a OR b) only",
            'quote a phrase, as in مس NEAR/10 (معدن OR "کارخانه ذوب"); join the rest with AND',
        )

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
                raise self._error(token, "NEAR has nothing on its left", "put a word before NEAR")
            case Kind.CLOSE:
                raise self._error(
                    token, "there is nothing before this )", "put a word into the brackets"
                )
            case Kind.END:
                raise self._error(
                    token, "the query ends too early", "add a word after the last operator"
                )
            case Kind.AND | Kind.OR | Kind.NOT:
                raise self._error(
                    token, "this operator has nothing on its left", "put a word before it"
                )

    def _group(self, opening: Token) -> Query:
        self._enter(opening)
        query = self._or()
        if self._peek().kind is not Kind.CLOSE:
            raise self._error(opening, "this ( is never closed", "add ) where the group ends")
        self._take()
        self._depth -= 1
        return query

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(
                token, f"more than {_DEEPEST} levels of brackets", "simplify the query"
            )

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
            raise self._error(token, "* can only end a word", "search معدن* for all that begins so")
        if not words(text):
            raise self._error(
                token, "there is no word here to search for", "type letters or digits"
            )
        return Term(text=text, mode=mode, quoted=quoted)

    def _prefix(self, token: Token) -> str:
        text = token.text.rstrip("*")
        if token.is_exact:
            raise self._error(token, "= and * contradict each other", "choose one of them")
        if not text or not text[-1].isalnum():
            raise self._error(token, "* must follow a letter or digit", "write it as معدن*")
        last = re.split(r"[\W_]+", text)[-1]
        if len(last) < _SHORTEST_PREFIX:
            raise self._error(
                token, "one letter and * would find nearly everything", "type more letters"
            )
        return text

    def _field(self, token: Token) -> Query:
        if token.text in DATE_FIELDS:
            return self._date(token)
        if token.text in set(FactField):
            return self._facts(token, FactField(token.text))
        inner = self._value(token)
        if not _is_plain(inner):
            raise self._error(
                token,
                f"{token.text}: holds another field, a date or *",
                f"give {token.text}: words and phrases only, and add the rest with AND",
            )
        return Within(field=TextField(token.text), part=inner)

    def _value(self, field: Token) -> Query:
        if self._peek().kind not in {Kind.WORD, Kind.QUOTED, Kind.OPEN}:
            raise self._error(field, f"{field.text}: has no value", f"write {field.text}:کرمان")
        return self._one()

    def _date(self, field: Token) -> Query:
        value = self._take()
        if value.kind not in {Kind.WORD, Kind.QUOTED}:
            raise self._error(field, f"{field.text}: has no value", _DATE_HINT)
        try:
            if field.text == "last":
                return read_last(value.text, now=self._now)
            return read_date(DateBound(field.text), value.text)
        except (ValueError, OverflowError) as error:
            raise self._error(value, f"«{value.text}»: {error}", _DATE_HINT) from error

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
            raise self._error(
                opening, f"{field}: takes one value, or (a OR b)", "close the bracket"
            )
        self._take()
        return any_of(facts)

    def _fact(self, field: FactField, token: Token, value: Token) -> Fact:
        if value.kind not in {Kind.WORD, Kind.QUOTED}:
            raise self._error(token, f"{field}: has no value", f"write {field}:{_EXAMPLES[field]}")
        text = value.text.lower()
        wrong = self._wrong(field, text)
        if wrong:
            raise self._error(value, f"«{value.text}» is no {_NAMES[field]}", wrong)
        return Fact(field=field, value=text)

    def _wrong(self, field: FactField, text: str) -> str | None:
        """Return what to type instead of a value that the field does not know."""
        match field:
            case FactField.ROLE:
                return None if text in ROLES else f"choose one of {', '.join(ROLES)}"
            case FactField.IS:
                return None if text in RELATIONS else f"choose one of {', '.join(RELATIONS)}"
            case FactField.LANG:
                return None if _LANGUAGE.match(text) else "write a code such as fa, ar, ckb, en"
            case FactField.TOPIC:
                return self._wrong_topic(text)

    def _wrong_topic(self, text: str) -> str | None:
        if self._topics is None:
            return None if _TOPIC.match(text) else "write a topic's id such as copper"
        if text in self._topics:
            return None
        return f"the topics are {', '.join(sorted(self._topics))}"


_DATE_HINT: Final = "write after:1404/01/31, before:2025-03-21, on:1404/05 or last:7d"
_NAMES: Final = {
    FactField.ROLE: "role of an outlet",
    FactField.TOPIC: "topic",
    FactField.LANG: "language",
    FactField.IS: "kind of article",
}
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
