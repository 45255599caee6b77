"""Count what a search found by outlet, role, section, topic and month."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from sqlalchemy import Connection, select

from persian.calendar import to_jalali
from storage.codec import load_record
from storage.document import Document
from storage.query import Query
from storage.schema.articles import articles
from storage.search import holding
from storage.verify import Held

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
    found = list(islice(holding(connection, query, batch=most + 1), most + 1))
    counted = found[:most]
    counters: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    for one in counted:
        for facet, value in _values(one.analysed.document):
            counters[facet][value] += 1
    counters[Facet.SECTION].update(_sections(connection, counted))
    return Facets(
        counts={facet: _shown(facet, counter) for facet, counter in counters.items()},
        articles=len(counted),
        is_partial=len(found) > most,
    )


def _values(facts: Document) -> Iterator[tuple[Facet, str]]:
    yield Facet.OUTLET, facts.outlet_id
    yield Facet.ROLE, facts.role
    for topic in sorted(facts.topics):
        yield Facet.TOPIC, topic
    day = to_jalali(facts.published_at)
    yield Facet.MONTH, f"{day.year:04}/{day.month:02}"


def _sections(connection: Connection, counted: Sequence[Held]) -> Iterator[str]:
    """Read the sections as printed; the index only knows their words."""
    ids = [one.candidate.article_id for one in counted]
    for about in connection.scalars(select(articles.c.about).where(articles.c.id.in_(ids))):
        yield from dict.fromkeys(load_record(about).get("section", ()))


def _shown(facet: Facet, counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    if facet is Facet.MONTH:
        return tuple(sorted(counter.items(), reverse=True)[:_SHOWN])
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN])
