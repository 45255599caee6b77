"""Write a query as text that parses back to the same query."""

from typing import Final, assert_never

from storage.query import (
    And,
    Dated,
    Everything,
    Fact,
    Last,
    Mode,
    Near,
    Not,
    Or,
    Query,
    Term,
    Within,
)

Leaf = Term | Within | Fact | Dated | Last | Everything

_LOOSEST: Final = 0  # Or
_AND: Final = 1
_NOT: Final = 2
_NEAR: Final = 3
_ONE: Final = 4


def format_query(query: Query) -> str:
    """Write a query in its one canonical form."""
    return _written(query, _LOOSEST)


def _written(query: Query, tightness: int) -> str:
    """Write a query, in brackets when its operator is looser than its place asks for."""
    own = _tightness(query)
    text = _bare(query)
    return f"({text})" if own < tightness else text


def _tightness(query: Query) -> int:
    match query:
        case Or():
            return _LOOSEST
        case And():
            return _AND
        case Not():
            return _NOT
        case Near():
            return _NEAR
        case _:
            return _ONE


def _bare(query: Query) -> str:
    match query:
        case And(parts=parts):
            return " ".join(_written(part, _NOT) for part in parts)
        case Or(parts=parts):
            return " OR ".join(_written(part, _AND) for part in parts)
        case Not(part=part):
            return f"NOT {_written(part, _NEAR)}"
        case Near():
            return _near(query)
        case _:
            return _leaf(query)


def _leaf(query: Leaf) -> str:
    match query:
        case Term():
            text = _term(query)
        case Within(field=field, part=part):
            text = f"{field}:{_written(part, _ONE)}"
        case Fact(field=field, value=value):
            text = f"{field}:{value}"
        case Dated(bound=bound, printed=printed):
            text = f"{bound}:{printed}"
        case Last(amount=amount, unit=unit):
            text = f"last:{amount}{unit}"
        case Everything():
            text = "*"
        case _:
            assert_never(query)
    return text


def _near(query: Near) -> str:
    operator = f"NOT NEAR/{query.distance}" if query.negated else f"NEAR/{query.distance}"
    return f"{_written(query.left, _NEAR)} {operator} {_written(query.right, _ONE)}"


def _term(term: Term) -> str:
    star = "*" if term.mode is Mode.PREFIX else ""
    sign = "=" if term.mode is Mode.EXACT else ""
    if not term.quoted:
        return f"{sign}{term.text}{star}"
    opening, closing = ("«", "»") if '"' in term.text else ('"', '"')
    return f"{sign}{opening}{term.text}{star}{closing}"
