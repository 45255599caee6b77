"""Gather the trends: volume by day, outlet and topic, who is first, who copies whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from alerts.catalogues import Language
from persian.calendar import JalaliDate, JalaliStyle, format_jalali
from service.house import House
from service.web import svg
from service.web.views import jalali_day, midnight, next_day, outlet_name
from service.web.words import Words
from storage import trends
from storage.trends import Copying

#: Outlets in the matrix of who copies whom; more are not readable.
MATRIX: Final = 12
#: Rows of every table: the outlets, the topics, the pairs with the most.
ROWS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One Tehran day and how many articles came out on it."""

    day: JalaliDate
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One outlet or topic and how much of it there was."""

    id: str
    count: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How often a row's outlet took a text from a column's; `weight` 0–5 is how dark it is."""

    count: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One outlet's row of the matrix."""

    outlet_id: str
    outlet: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How often one outlet took a text from another."""

    taker: str
    source: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendsView:
    """Everything the page shows; `sources` are the columns of the matrix, `rows` bounds a table."""

    days: tuple[Day, ...]
    plot: Markup
    outlets: tuple[Share, ...]
    topics: tuple[Share, ...]
    copying: Copying
    sources: tuple[str, ...]
    matrix: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    rows: int = ROWS


def look(house: House, *, days: int, words: Words) -> TrendsView:
    """Count the last days, today included."""
    today = jalali_day(house.clock())
    spans = [_span(next_day(today, -back)) for back in reversed(range(days))]
    start_at, end_at = spans[0][0], spans[-1][1]
    with house.database.read() as connection:
        counted = trends.volume(connection, spans)
        topics = trends.topic_volume(connection, start_at, end_at)
        copied = trends.copying(connection, start_at, end_at)
    by_outlet: dict[str, int] = {}
    for one in counted:
        for outlet_id, count in one.by_outlet.items():
            by_outlet[outlet_id] = by_outlet.get(outlet_id, 0) + count
    shown = tuple(Day(day=jalali_day(one.start_at), count=one.total) for one in counted)
    sources, matrix = _matrix(house, copied)
    return TrendsView(
        days=shown,
        plot=_plot(shown, words),
        outlets=_shares(by_outlet),
        topics=_shares(topics),
        copying=copied,
        sources=sources,
        matrix=matrix,
        pairs=_pairs(copied),
    )


def _span(day: JalaliDate) -> tuple[datetime, datetime]:
    return midnight(day), midnight(next_day(day, 1))


def _shares(counts: dict[str, int]) -> tuple[Share, ...]:
    most = max(counts.values(), default=0)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Share(id=one, count=count, weight=round(100 * count / most)) for one, count in ordered
    )


def _matrix(house: House, copied: Copying) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    given: dict[str, int] = {}
    received: dict[str, int] = {}
    for (taker, source), count in copied.taken.items():
        given[source] = given.get(source, 0) + count
        received[taker] = received.get(taker, 0) + count
    sources = tuple(sorted(given, key=lambda one: (-given[one], one))[:MATRIX])
    takers = sorted(received, key=lambda one: (-received[one], one))[:MATRIX]
    most = max(copied.taken.values(), default=0)

    def cell(taker: str, source: str) -> Cell:
        count = copied.taken.get((taker, source), 0)
        return Cell(count=count, weight=svg.weight(count, most))

    return sources, tuple(
        Row(
            outlet_id=taker,
            outlet=outlet_name(house, taker),
            cells=tuple(cell(taker, source) for source in sources),
        )
        for taker in takers
    )


def _pairs(copied: Copying) -> tuple[Pair, ...]:
    """Return who took the most from whom, the most first."""
    ordered = sorted(copied.taken.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Pair(taker=taker, source=source, count=count) for (taker, source), count in ordered[:ROWS]
    )


def _plot(days: tuple[Day, ...], words: Words) -> Markup:
    shown = []
    for one in days:
        name = day_name(one.day, words.language)
        told = f"{name}: {words.number(one.count)}"
        shown.append(svg.Bar(label=name, value=one.count, told=told))
    label = words.say("Articles by day")
    return svg.bars(shown, label=label, is_rtl=words.language == "fa")


def day_name(day: JalaliDate, language: Language) -> str:
    """Return a short name of a day below a bar: ۰۹/۰۲ or 11-23."""
    if language == "fa":
        return format_jalali(midnight(day), JalaliStyle.NUMERIC)[5:]
    return f"{day.to_gregorian():%m-%d}"
