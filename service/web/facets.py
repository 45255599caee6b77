"""Turn what a query finds into conditions to narrow it by, and an empty answer into a way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.house import House
from service.web.views import read_query
from storage.did_you_mean import nearest as nearest_query
from storage.facets import Facet, facets
from storage.query_format import format_query

#: The newest matches that are counted beside every page.
COUNTED: Final = 300
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a facet: the condition it adds to a query, and how many articles have it."""

    name: str
    condition: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The values of one facet."""

    kind: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Every way to narrow a query; `is_partial` when there are more matches than were counted."""

    facets: tuple[Group, ...]
    counted: int
    is_partial: bool


def count_facets(house: House, asked: str, narrowed: Sequence[str]) -> Narrowing:
    """Count the newest matches of a query."""
    query = read_query(house, asked, narrowed)
    with house.database.read() as connection:
        found = facets(connection, query, most=COUNTED)
    return Narrowing(
        facets=tuple(_group(kind, found.counts[kind], narrowed) for kind in Facet),
        counted=found.articles,
        is_partial=found.is_partial,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A query that finds something, and how much; `is_partial` when there is still more."""

    query: str
    articles: int
    is_partial: bool


def nearest(house: House, asked: str, narrowed: Sequence[str]) -> Nearest | None:
    """Return the nearest query that finds something, for one that finds nothing."""
    query = read_query(house, asked, narrowed)
    with house.database.read() as connection:
        found = nearest_query(connection, query)
        if found is None:
            return None
        counted = facets(connection, found, most=COUNTED)
    return Nearest(
        query=format_query(found), articles=counted.articles, is_partial=counted.is_partial
    )


def _group(kind: Facet, counts: Sequence[tuple[str, int]], narrowed: Sequence[str]) -> Group:
    return Group(
        kind=kind.value,
        values=tuple(
            Value(
                name=name,
                condition=_condition(kind, name),
                count=count,
                is_chosen=_condition(kind, name) in narrowed,
            )
            for name, count in counts[:_SHOWN]
            if name and '"' not in name
        ),
    )


def _condition(kind: Facet, name: str) -> str:
    match kind:
        case Facet.OUTLET | Facet.SECTION:
            return f'{kind.value}:"{name}"'
        case Facet.MONTH:
            return f"on:{name}"
        case _:
            return f"{kind.value}:{name}"
