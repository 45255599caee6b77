"""The small language in which a profile says where on a page a field stands."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

from crawler.markup import selector_problem

_ATTRIBUTE: Final = re.compile(r"^(?P<selector>.+?)::attr\((?P<name>[a-z][a-z0-9-]*)\)$", re.DOTALL)


_ANY_DATE: Final = "any:date"


class Where(StrEnum):
    """Which part of a page an extractor reads."""

    SELECTOR = "selector"
    META = "meta"
    JSON_LD = "json_ld"
    ANY_DATE = "any_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """One place to look for a field.

    `query` is a CSS selector, a `<meta>` name, a dotted JSON-LD path, or empty for `any:date` (the
    elements that look like a date of publication, see `crawler.datenodes`). `attribute` is the
    attribute read instead of the text, for selectors only.
    """

    where: Where
    query: str
    attribute: str | None = None

    def __str__(self) -> str:
        """Spell the extractor as a profile does."""
        match self.where:
            case Where.META:
                return f"meta:{self.query}"
            case Where.JSON_LD:
                return f"jsonld:{self.query}"
            case Where.ANY_DATE:
                return _ANY_DATE
            case Where.SELECTOR:
                return f"{self.query}::attr({self.attribute})" if self.attribute else self.query


def parse_extractor(text: object) -> Extractor:
    """Read `meta:NAME`, `jsonld:a.b`, `any:date`, a CSS selector, or `selector::attr(name)`.

    Raise ValueError with the reason when it is none of these.
    """
    if isinstance(text, Extractor):
        return text
    if not isinstance(text, str) or not text.strip():
        raise ValueError("must be a CSS selector, meta:NAME or jsonld:path")
    prefix, _, rest = text.strip().partition(":")
    if text.strip() == _ANY_DATE:
        return Extractor(where=Where.ANY_DATE, query="")
    if prefix == "meta" and rest:
        return Extractor(where=Where.META, query=rest)
    if prefix == "jsonld" and rest:
        return Extractor(where=Where.JSON_LD, query=rest)
    return _selector(text.strip())


def _selector(text: str) -> Extractor:
    found = _ATTRIBUTE.match(text)
    selector, attribute = (found["selector"], found["name"]) if found else (text, None)
    return Extractor(where=Where.SELECTOR, query=check_selector(selector), attribute=attribute)


def check_selector(selector: str) -> str:
    """Return `selector` unchanged, or raise ValueError when it is no CSS selector."""
    problem = selector_problem(selector)
    if problem:
        raise ValueError(problem)
    return selector


def check_pattern(pattern: str) -> str:
    """Return `pattern` unchanged, or raise ValueError when it is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return pattern


ExtractorText = Annotated[
    Extractor, BeforeValidator(parse_extractor), WithJsonSchema({"type": "string"})
]
SelectorText = Annotated[str, BeforeValidator(check_selector)]
PatternText = Annotated[str, BeforeValidator(check_pattern)]
