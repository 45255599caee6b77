"""The JSON API about the press as a whole: who ran a release, outlets' habits, names unmapped."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from crawler.article import Article
from service.house import House
from service.web import views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.bodies import Body, Day, calendar_day
from service.web.contract import needs
from storage.articles import get_articles
from storage.habits import Habits, outlet_habits
from storage.pickup import Pickup, pickup
from storage.relations import Relation
from storage.unresolved import unresolved_credits

Days = Annotated[int, Query(ge=1, le=3650, examples=[90])]
OutletId = Annotated[str, Path(max_length=80, examples=["kermannews"])]


class ReleaseBody(Body):
    """A press release as it was sent out, and the Tehran day it was (ISO), today by default."""

    text: str = Field(
        min_length=1, max_length=100_000, examples=["شرکت مس از گشایش کارخانه خبر داد."]
    )
    title: str = Field(default="", max_length=1000, examples=["گشایش کارخانه"])
    released: Day | None = Field(default=None, examples=["2025-03-21"])


class RunShape(BaseModel):
    """One article that ran a release: the share of the release it kept, and of its own words."""

    article_id: int
    story_id: int
    outlet_id: str
    title: str
    url: str
    at: datetime
    kept: float
    added: float


class SupplierShape(BaseModel):
    """An outlet that is copied: how often, how often by name, and how long after (the median)."""

    outlet_id: str
    articles: int
    credited: int
    delay_seconds: int


class HabitsShape(BaseModel):
    """What an outlet printed, by what it was to its stories, and who takes from whom."""

    outlet_id: str
    articles: int
    own_share: float
    relations: dict[Relation, int]
    suppliers: tuple[SupplierShape, ...]
    copied_by: dict[str, int]


class UnresolvedShape(BaseModel):
    """A name as printed that nobody has mapped, how often, and the latest article with it."""

    name: str
    times: int
    article_id: int


def router(house: House, access: Access) -> APIRouter:
    """Return the routes; each asks much of the machine."""
    routes = APIRouter(dependencies=[needs(access, Scope.EXPORT)])

    @routes.post("/pickup", tags=["stories"])
    def ran(release: ReleaseBody) -> list[RunShape]:
        """List who ran a press release, when and how altered. Scope: export."""
        at = house.clock() if release.released is None else _midnight(release.released)
        with house.database.read() as connection:
            runs = pickup(connection, release.text, title=release.title, released_at=at)
            known = get_articles(connection, [run.article_id for run in runs])
        return [_run(run, known[run.article_id].article) for run in runs if run.article_id in known]

    @routes.get("/outlets/{outlet_id}/habits", tags=["outlets"])
    def habits(outlet_id: OutletId, days: Days = 90) -> HabitsShape:
        """Tell what an outlet writes itself, whom it copies and how fast. Scope: export."""
        views.known_outlet(house, outlet_id)
        now = house.clock()
        with house.database.read() as connection:
            found = outlet_habits(
                connection, outlet_id, since=now - timedelta(days=days), until=now
            )
        return _habits(found)

    @routes.get("/unresolved", tags=["outlets"])
    def unresolved(
        days: Days = 90, limit: Annotated[int, Query(ge=1, le=1000, examples=[20])] = 100
    ) -> list[UnresolvedShape]:
        """List the names that texts credit and nobody has mapped. Scope: export."""
        since = house.clock() - timedelta(days=days)
        with house.database.read() as connection:
            found = unresolved_credits(connection, since=since, limit=limit)
        return [
            UnresolvedShape(name=one.name, times=one.times, article_id=one.article_id)
            for one in found
        ]

    return routes


def _midnight(day: date) -> datetime:
    return views.midnight(calendar_day("released", day))


def _run(run: Pickup, article: Article) -> RunShape:
    return RunShape(
        article_id=run.article_id,
        story_id=run.story_id,
        outlet_id=run.outlet_id,
        title=article.title,
        url=article.url,
        at=run.at,
        kept=run.kept,
        added=run.added,
    )


def _habits(found: Habits) -> HabitsShape:
    return HabitsShape(
        outlet_id=found.outlet_id,
        articles=found.articles,
        own_share=found.own_share,
        relations=found.relations,
        suppliers=tuple(
            SupplierShape(
                outlet_id=one.outlet_id,
                articles=one.articles,
                credited=one.credited,
                delay_seconds=round(one.delay.total_seconds()),
            )
            for one in found.suppliers
        ),
        copied_by=found.copied_by,
    )
