"""The search page: one line to ask, facets to narrow, pages to turn, help for an empty answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from service.house import House
from service.web import facets, views
from service.web.access import Access
from service.web.misreading import misread
from service.web.pages import Pages
from storage.query_error import QueryError
from storage.search import BadCursorError, Order

Narrowed = Annotated[list[str], Query(max_length=12)]


def router(house: House, shown: Pages, access: Access) -> APIRouter:  # noqa: ARG001 - as its kind
    """Return the route."""
    routes = APIRouter()

    @routes.get("/search")
    def search(  # noqa: PLR0913, PLR0917 - the fields of the form
        request: Request,
        q: str = "",
        cursor: str | None = None,
        order: Order = Order.NEWEST,
        every: str = "",
        by: Narrowed = [],  # noqa: B006 - FastAPI copies defaults
    ) -> HTMLResponse:
        values: dict[str, Any] = {
            "asked": q,
            "order": order.value,
            "every": bool(every),
            "by": by,
            "view": None,
            "error": None,
            "facets": None,
            "nearest": None,
        }
        try:
            if q.strip():
                values |= _found(house, q, cursor, order, by, every=bool(every))
        except (QueryError, BadCursorError) as wrong:
            told = misread(shown.words(request), wrong)
            return shown.page(request, "search.html", status=422, **values | {"error": told})
        return shown.page(request, "search.html", **values)

    return routes


def _found(  # noqa: PLR0913 - the fields of the form
    house: House, q: str, cursor: str | None, order: Order, by: list[str], *, every: bool
) -> dict[str, object]:
    view = views.results(house, q, cursor=cursor, order=order, narrowed=by, collapse=not every)
    return {
        "view": view,
        "facets": facets.count_facets(house, q, by) if view.results else None,
        "nearest": None if view.results or cursor else facets.nearest(house, q, by),
    }
