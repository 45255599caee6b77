"""Gather what one outlet's page shows: how it fares, its rhythm, its visits, what it printed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from crawler.outlets import Outlet
from service.house import House
from service.web import svg
from service.web.trends import day_name
from service.web.views import jalali_day, midnight, next_day
from service.web.way_view import WayView, ways_of
from service.web.words import Words
from storage import trends
from storage.articles import ArchivedArticle, latest_articles
from storage.errors import UnknownRecordError
from storage.hubs import all_hubs
from storage.outlet_states import OutletState, all_states
from storage.trends import DayCount
from storage.visits import Visit, recent_visits

LATEST: Final = 20
VISITS: Final = 15
DAYS: Final = 30
SPARK_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletPage:
    """Everything the page of one outlet shows."""

    outlet: Outlet
    state: OutletState | None
    plot: Markup
    days: tuple[DayCount, ...]
    articles: tuple[ArchivedArticle, ...]
    visits: tuple[Visit, ...]
    ways: tuple[WayView, ...]


def look(house: House, outlet_id: str, words: Words) -> OutletPage:
    """Return what the page of an outlet shows; UnknownRecordError when there is none."""
    if outlet_id not in house.outlets:
        raise UnknownRecordError("no outlet «{given}»; see the list of them", given=outlet_id[:40])
    with house.database.read() as connection:
        states = {one.outlet_id: one for one in all_states(connection)}
        counted = trends.volume(connection, _days(house, DAYS))
        articles = latest_articles(connection, limit=LATEST, outlet_id=outlet_id)
        visits = recent_visits(connection, limit=VISITS, outlet_id=outlet_id)
        offered = all_hubs(connection, outlet_id=outlet_id)
    return OutletPage(
        outlet=house.outlets[outlet_id],
        state=states.get(outlet_id),
        plot=_plot(counted, outlet_id, words),
        days=counted,
        articles=articles,
        visits=visits,
        ways=ways_of(house.outlets[outlet_id], offered),
    )


def sparks(house: House, outlet_ids: Iterable[str]) -> Mapping[str, Sequence[int]]:
    """Return how many articles each outlet printed on each of the last days, the oldest first."""
    with house.database.read() as connection:
        counted = trends.volume(connection, _days(house, SPARK_DAYS))
    return {
        outlet_id: [day.by_outlet.get(outlet_id, 0) for day in counted] for outlet_id in outlet_ids
    }


def _days(house: House, days: int) -> list[tuple[datetime, datetime]]:
    today = jalali_day(house.clock())
    wanted = [next_day(today, -back) for back in reversed(range(days))]
    return [(midnight(day), midnight(next_day(day, 1))) for day in wanted]


def _plot(counted: Sequence[DayCount], outlet_id: str, words: Words) -> Markup:
    shown = []
    for one in counted:
        name = day_name(jalali_day(one.start_at), words.language)
        count = one.by_outlet.get(outlet_id, 0)
        shown.append(svg.Bar(label=name, value=count, told=f"{name}: {words.number(count)}"))
    return svg.bars(shown, label=words.say("Articles by day"), is_rtl=words.language == "fa")
