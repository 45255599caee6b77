"""A query as frozen values: what `storage.query_parser` reads and `storage.query_format` writes.

One query is run two ways: over the archive (`storage.search`) and over one new article
(`storage.evaluate` defines what it means, `alerts.match` runs many at once).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Mode(StrEnum):
    """How a term's words are compared with a text's."""

    INFLECTED = "inflected"  # «معدن» finds معدنی, معدن‌های
    EXACT = "exact"  # «=معدن» finds معدن only
    PREFIX = "prefix"  # «معدن*» finds every word that begins so


class TextField(StrEnum):
    """A field whose words can be searched."""

    TITLE = "title"  # kicker and title
    LEAD = "lead"
    BODY = "body"
    TAG = "tag"
    SECTION = "section"
    CREDIT = "credit"
    REPORTER = "reporter"
    OUTLET = "outlet"  # the outlet's id and names
    TOWN = "town"


#: The fields that a term without a field is looked for in.
TEXT: Final = (TextField.TITLE, TextField.LEAD, TextField.BODY)


class FactField(StrEnum):
    """A field with one value out of a known set."""

    ROLE = "role"
    TOPIC = "topic"
    LANG = "lang"
    IS = "is"


class DateBound(StrEnum):
    """Which side of a day a date asks for; days are those of Tehran."""

    AFTER = "after"  # from the day on
    BEFORE = "before"  # before the day begins
    ON = "on"  # within the day, month or year


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word or phrase as typed, without quotes and signs."""

    text: str
    mode: Mode = Mode.INFLECTED
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The places of `left` with a place of `right` at most `distance` words away, or with none.

    Two neighbours are one word apart; a sentence end counts as a word. Fields are never crossed.
    """

    left: "Located"
    right: "Located"
    distance: int
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of the parts."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """At least one of the parts."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Everything else."""

    part: "Query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A query whose terms are looked for in one field."""

    field: TextField
    part: "Query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value of one field, lower case: `role:local`, `is:copy`."""

    field: FactField
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Published at or after `start_at` and before `end_at` (UTC; None is open).

    `printed` is the day as typed with Latin digits («1404/01/01», «2025-03-21»).
    """

    bound: DateBound
    printed: str
    start_at: datetime | None = None
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """Published within the last hours (h), days (d), weeks (w) or months (m) before the parsing."""

    amount: int
    unit: str
    start_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """Every article: the query «*»."""


#: What has places in a text, so that NEAR can measure between them; `Or` of such values only.
Located = Term | Near | Or | Within

Query = Term | Near | And | Or | Not | Within | Fact | Dated | Last | Everything


def is_located(query: Query) -> bool:
    """Tell whether a query has places that NEAR can measure between."""
    match query:
        case Term() | Near():
            return True
        case Or(parts=parts):
            return all(is_located(part) for part in parts)
        case Within(part=part):
            return is_located(part)
        case _:
            return False
