"""The JSON API, version 1: search, stories, articles, outlets, the ledger, event schemas."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query

from alerts.events import EVENTS, schema_of
from persian.calendar import jalali_of
from service.house import House
from service.web import views
from service.web.shapes import (
    ArticleShape,
    DeliveryShape,
    HitsShape,
    OutletShape,
    StoryShape,
    article_shape,
    delivery_shape,
    hit_shape,
    outlet_shape,
    story_shape,
)
from storage.articles import get_article
from storage.delivery import DeliveryState
from storage.ledger import LedgerFilter, list_deliveries
from storage.search import Order

#: The largest id either database can hold.
MOST_ID = 2**63 - 1

RowNumber = Annotated[int, Path(ge=1, le=MOST_ID)]
Limit = Annotated[int, Query(ge=1, le=200)]


def router(house: House) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=2000, examples=["مس NEAR/5 صادرات"])],
        cursor: Annotated[str | None, Query(max_length=60)] = None,
        order: Order = Order.NEWEST,
        limit: Limit = 20,
    ) -> HitsShape:
        """Ask the archive in the query grammar; stories are shown once."""
        found = views.results(house, q, cursor=cursor, order=order, limit=limit)
        return HitsShape(
            hits=tuple(hit_shape(one) for one in found.results),
            next_cursor=found.next_cursor,
            is_partial=found.is_partial,
        )

    @routes.get("/stories")
    def stories(day: date | None = None) -> list[StoryShape]:
        """List the stories of a Tehran day (ISO date), today's by default, the latest first."""
        try:
            wanted = None if day is None else jalali_of(day)
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        return [story_shape(one) for one in views.day(house, wanted).stories]

    @routes.get("/stories/{story_id}")
    def story(story_id: RowNumber) -> StoryShape:
        """Return a story with everybody who ran it; a merged one leads to the one it is in."""
        return story_shape(views.story(house, story_id))

    @routes.get("/articles/{article_id}")
    def article(article_id: RowNumber) -> ArticleShape:
        """Return one article as printed."""
        with house.database.read() as connection:
            return article_shape(article_id, get_article(connection, article_id).article)

    @routes.get("/outlets")
    def outlets() -> list[OutletShape]:
        """List the outlets and how they fare."""
        return [outlet_shape(one) for one in views.outlets(house)]

    @routes.get("/deliveries")
    def deliveries(state: DeliveryState | None = None, limit: Limit = 50) -> list[DeliveryShape]:
        """List the ledger's latest deliveries, of one state if wanted."""
        with house.database.read() as connection:
            found = list_deliveries(connection, LedgerFilter(state=state), limit=limit)
        return [delivery_shape(one) for one in found]

    @routes.get("/events/{event}/schema")
    def event_schema(event: str) -> dict[str, Any]:
        """Return the JSON Schema of a webhook event's body."""
        if event not in EVENTS:
            raise HTTPException(404, f"no event {event!r}; there are {', '.join(EVENTS)}")
        return schema_of(event)

    return routes
