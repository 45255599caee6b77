"""Cut the text of a query into tokens, each with its place."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from typing import Final

from persian.digits import to_latin_digits
from storage.query import FactField, TextField
from storage.query_error import QueryError
from storage.query_fault import Fault

DATE_FIELDS: Final = frozenset({"after", "before", "on", "last"})
FIELDS: Final = frozenset({*TextField, *FactField, *DATE_FIELDS})
#: What a reader of Persian may type instead.
ALIASES: Final = {
    "عنوان": "title",
    "تیتر": "title",
    "لید": "lead",
    "متن": "body",
    "رسانه": "outlet",
    "نقش": "role",
    "بخش": "section",
    "برچسب": "tag",
    "منبع": "credit",
    "خبرنگار": "reporter",
    "شهر": "town",
    "موضوع": "topic",
    "زبان": "lang",
    "از": "after",
    "تا": "before",
    "روز": "on",
}
_DEFAULT_DISTANCE: Final = 10
LONGEST_DISTANCE: Final = 100
_CLOSING: Final = {'"': '"', "«": "»", "“": "”", "„": "“"}
_ARABIC_LETTERS: Final = str.maketrans("يك", "یک")
_SPACE: Final = re.compile(r"[\s،؛,;]+")
_WORD: Final = re.compile(r"[^\s()\"«»“”„،؛,;]+")
_FIELD: Final = re.compile(r"([A-Za-z_]+|[آ-یيك]+):(?!//)")
_UNKNOWN_FIELD: Final = re.compile(r"([A-Za-z_]{2,}):")
_NEAR: Final = re.compile(r"NEAR(?:/(.*))?$")


class Kind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    FIELD = auto()
    WORD = auto()
    QUOTED = auto()
    END = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token; `text` is a word, a quoted text or a field's English name.

    `is_exact` marks a word or quotation after «=», `distance` belongs to NEAR.
    """

    kind: Kind
    position: int
    text: str = ""
    is_exact: bool = False
    distance: int = 0


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a query into tokens; the last is `Kind.END`."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        space = _SPACE.match(text, position)
        if space:
            position = space.end()
            continue
        token, position = _next(text, position)
        found.append(token)
    return (*found, Token(kind=Kind.END, position=len(text)))


def _next(text: str, position: int) -> tuple[Token, int]:
    character = text[position]
    if character == "(":
        return Token(kind=Kind.OPEN, position=position), position + 1
    if character == ")":
        return Token(kind=Kind.CLOSE, position=position), position + 1
    if character in _CLOSING:
        return _quoted(text, position, position)
    if character in "»”":
        raise QueryError(Fault.NOTHING_OPENED, position=position, text=text, mark=character)
    if character == "-" and not _is_alone(text, position):
        return Token(kind=Kind.NOT, position=position), position + 1
    if character == "=":
        return _exact(text, position)
    return _field_or_word(text, position)


def _is_alone(text: str, position: int) -> bool:
    following = text[position + 1 : position + 2]
    return not following or following.isspace()


def _quoted(text: str, position: int, start: int) -> tuple[Token, int]:
    closing = _CLOSING[text[position]]
    end = text.find(closing, position + 1)
    if end < 0:
        raise QueryError(
            Fault.NEVER_CLOSED,
            position=position,
            text=text,
            mark=text[position],
            closing=closing,
        )
    token = Token(
        kind=Kind.QUOTED,
        position=position,
        text=text[position + 1 : end].strip(),
        is_exact=start != position,
    )
    return token, end + 1


def _exact(text: str, position: int) -> tuple[Token, int]:
    after = position + 1
    if text[after : after + 1] in _CLOSING and after < len(text):
        return _quoted(text, after, position)
    word = _WORD.match(text, after)
    if not word:
        raise QueryError(Fault.BARE_EXACT, position=position, text=text)
    return Token(kind=Kind.WORD, position=after, text=word[0], is_exact=True), word.end()


def _field_or_word(text: str, position: int) -> tuple[Token, int]:
    field = _FIELD.match(text, position)
    if field:
        name = ALIASES.get(field[1].translate(_ARABIC_LETTERS), field[1].lower())
        if name in FIELDS:
            return Token(kind=Kind.FIELD, position=position, text=name), field.end()
        _refuse_unknown_field(text, position)
    word = _WORD.match(text, position)
    if word is None:  # unreachable: every other character starts a word
        raise AssertionError(text[position])
    return _operator(text, word[0], position), word.end()


def _refuse_unknown_field(text: str, position: int) -> None:
    unknown = _UNKNOWN_FIELD.match(text, position)
    if not unknown:
        return
    near = get_close_matches(unknown[1].lower(), sorted(FIELDS), n=1, cutoff=0.75)
    raise QueryError(
        Fault.MISTYPED_FIELD if near else Fault.UNKNOWN_FIELD,
        position=position,
        text=text,
        field=unknown[1],
        near="".join(near),
        fields=", ".join(sorted(FIELDS)),
    )


def _operator(text: str, word: str, position: int) -> Token:
    match word:
        case "AND" | "&&":
            return Token(kind=Kind.AND, position=position)
        case "OR" | "||" | "|":
            return Token(kind=Kind.OR, position=position)
        case "NOT":
            return Token(kind=Kind.NOT, position=position)
    near = _NEAR.match(word)
    if near:
        return Token(kind=Kind.NEAR, position=position, distance=_distance(text, near[1], position))
    return Token(kind=Kind.WORD, position=position, text=word)


def _distance(text: str, number: str | None, position: int) -> int:
    if number is None:
        return _DEFAULT_DISTANCE
    latin = to_latin_digits(number)
    if latin.isdecimal() and 1 <= int(latin) <= LONGEST_DISTANCE:
        return int(latin)
    raise QueryError(
        Fault.BAD_DISTANCE, position=position, text=text, distance=number, longest=LONGEST_DISTANCE
    )
