"""Count what a search found by outlet, role, section, topic and month."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from persian.calendar import to_jalali
from storage.found import Found
from storage.query import Query
from storage.search import matching

#: Articles counted at most: enough to show the shape, quick enough to stand beside every page.
MOST: Final = 1_000
_SHOWN: Final = 12


class Facet(StrEnum):
    """What articles can be counted by; all but the month can be asked for in a query."""

    OUTLET = "outlet"
    ROLE = "role"
    SECTION = "section"
    TOPIC = "topic"
    MONTH = "month"  # Jalali, «1404/03»


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many of the newest `articles` matches there are of each value, the most first.

    Months stand newest first. `is_partial` tells that there are more matches than were counted.
    """

    counts: Mapping[Facet, tuple[tuple[str, int], ...]]
    articles: int
    is_partial: bool


def facets(connection: Connection, query: Query, *, most: int = MOST) -> Facets:
    """Count the newest matches of a query."""
    found = matching(connection, query, highlights=False)
    counters: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    articles = 0
    for one in islice(found, most):
        articles += 1
        for facet, value in _values(one):
            counters[facet][value] += 1
    return Facets(
        counts={facet: _shown(facet, counter) for facet, counter in counters.items()},
        articles=articles,
        is_partial=next(found, None) is not None,
    )


def _values(one: Found) -> Iterator[tuple[Facet, str]]:
    document = one.document
    yield Facet.OUTLET, document.outlet_id
    yield Facet.ROLE, document.role
    for section in dict.fromkeys(document.section):
        yield Facet.SECTION, section
    for topic in sorted(document.topics):
        yield Facet.TOPIC, topic
    day = to_jalali(document.published_at)
    yield Facet.MONTH, f"{day.year:04}/{day.month:02}"


def _shown(facet: Facet, counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    if facet is Facet.MONTH:
        return tuple(sorted(counter.items(), reverse=True)[:_SHOWN])
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN])
