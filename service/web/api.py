"""The JSON API, version 1, to read: search, stories, articles, outlets, health, event schemas."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from alerts.events import EVENTS, schema_of
from crawler.diagnosis import Health
from service.house import House
from service.web import texts, views
from service.web.bodies import MOST_ID, Day, calendar_day
from service.web.contract import MISSING, lead_on
from service.web.more_shapes import (
    ComparisonShape,
    HealthShape,
    RevisionShape,
    comparison_shape,
    health_shape,
    revision_shape,
)
from service.web.outlet_list import Asked, outlets_after
from service.web.shapes import (
    ArticleShape,
    HitsShape,
    OutletShape,
    StoryShape,
    article_shape,
    hit_shape,
    outlet_shape,
    story_shape,
)
from storage.articles import get_article
from storage.ledger import count_by_state
from storage.search import Order

Ref = Annotated[
    str, Query(max_length=60, pattern="^[1-9][0-9]{0,15}(@[0-9a-f]{1,64})?$", examples=["12"])
]
RowNumber = Annotated[int, Path(ge=1, le=MOST_ID, examples=[12])]
CURSOR = r"^[0-9]{1,15}(\+[0-9]{1,3})?$"
Limit = Annotated[int, Query(ge=1, le=200, examples=[20])]


def router(house: House) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    _add_search(routes, house)
    _add_articles(routes, house)
    _add_press(routes, house)
    return routes


def _add_search(routes: APIRouter, house: House) -> None:

    @routes.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=2000, examples=["مس NEAR/5 صادرات"])],
        cursor: Annotated[str | None, Query(max_length=60, pattern=CURSOR)] = None,
        order: Order = Order.NEWEST,
        limit: Limit = 20,
        every: bool = False,  # noqa: FBT001, FBT002 - a field of the query string
    ) -> HitsShape:
        """Ask the archive in the query grammar; stories are shown once unless `every` is set."""
        found = views.results(house, q, cursor=cursor, order=order, limit=limit, collapse=not every)
        return HitsShape(
            hits=tuple(hit_shape(one) for one in found.results),
            next_cursor=found.next_cursor,
            is_partial=found.is_partial,
        )

    @routes.get("/stories", responses=MISSING)
    def stories(
        request: Request,
        response: Response,
        day: Annotated[Day | None, Query(examples=["2025-03-21"])] = None,
        cursor: Annotated[int | None, Query(ge=1, le=MOST_ID, examples=[12])] = None,
        limit: Limit = 50,
    ) -> list[StoryShape]:
        """List the stories of a Tehran day (ISO date), today's by default, the latest first.

        `Link: rel="next"` leads on; its `cursor` is the last story of the page.
        """
        wanted = None if day is None else calendar_day("day", day)
        found = views.day(house, wanted, limit=limit, after=cursor)
        if found.last is not None:
            lead_on(request, response, cursor=found.last)
        return [story_shape(one) for one in found.stories]

    @routes.get("/stories/{story_id}")
    def story(story_id: RowNumber) -> StoryShape:
        """Return a story with everybody who ran it; a merged one leads to the one it is in."""
        return story_shape(views.story(house, story_id))


def _add_articles(routes: APIRouter, house: House) -> None:
    @routes.get("/articles/{article_id}")
    def article(article_id: RowNumber) -> ArticleShape:
        """Return one article as printed."""
        with house.database.read() as connection:
            return article_shape(article_id, get_article(connection, article_id).article)

    @routes.get("/articles/{article_id}/revisions")
    def revisions(article_id: RowNumber) -> list[RevisionShape]:
        """List every text an article has had, the first first."""
        with house.database.read() as connection:
            return [
                revision_shape(one) for one in texts.texts_of_article(connection, house, article_id)
            ]

    @routes.get("/compare", responses=MISSING)
    def compare(before: Ref, after: Ref) -> ComparisonShape:
        """Compare two texts word by word: `12`, or `12@hash` for what article 12 once said."""
        return comparison_shape(texts.compare(house, before, after, unfolded=True))


def _add_press(routes: APIRouter, house: House) -> None:
    @routes.get("/outlets", responses=MISSING)
    def outlets(
        request: Request,
        response: Response,
        health: Annotated[Health | None, Query(examples=["healthy"])] = None,
        cursor: Annotated[str | None, Query(max_length=80, examples=["kermannews"])] = None,
        limit: Limit = 50,
    ) -> list[OutletShape]:
        """List the outlets and how they fare, by name; `Link: rel="next"` leads on."""
        if cursor is not None:
            views.known_outlet(house, cursor)
        asked = Asked(health=health or "", after=cursor or "")
        found = outlets_after(house, asked, limit=limit + 1)
        if len(found) > limit:
            lead_on(request, response, cursor=found[limit - 1].id)
        return [outlet_shape(one, now=house.clock()) for one in found[:limit]]

    @routes.get("/health")
    def health() -> HealthShape:
        """Return how the press is read and what the ledger holds."""
        with house.database.read() as connection:
            counts = count_by_state(connection)
        return health_shape(views.outlets(house), counts)

    @routes.get("/events/{event}/schema")
    def event_schema(
        event: Annotated[str, Path(max_length=80, examples=["story.matched"])],
    ) -> dict[str, Any]:
        """Return the JSON Schema of a webhook event's body."""
        if event not in EVENTS:
            raise HTTPException(404, f"no event {event!r}; there are {', '.join(EVENTS)}")
        return schema_of(event)
