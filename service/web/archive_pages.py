"""The pages of the day and of the outlets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from crawler.diagnosis import Health
from persian.calendar import JalaliDate
from persian.digits import to_latin_digits
from service.house import House
from service.web import outlet_list, outlet_view, views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.bodies import MOST_ID
from service.web.forms import Filled
from service.web.outlet_list import Asked
from service.web.pages import Pages
from service.web.refusal import BadFormError
from storage.outlet_states import visit_at

RowNumber = Annotated[int | None, Query(ge=1, le=MOST_ID)]


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/")
    def today(request: Request, day: str = "", after: RowNumber = None) -> HTMLResponse:
        view = views.day(house, day_of(day), after=after)
        at = views.midnight(view.day)
        name = shown.words(request).day(at)
        return shown.page(request, "today.html", view=view, day_name=name)

    @routes.get("/outlets")
    def outlets(
        request: Request, health: str = "", name: str = "", after: str = ""
    ) -> HTMLResponse:
        asked = Asked(health=health[:40], name=name.strip()[:120], after=after[:120])
        return shown.page(
            request,
            "outlets.html",
            view=outlet_list.look(house, asked),
            asked=asked,
            states=list(Health),
        )

    @routes.get("/outlets/{outlet_id}")
    def outlet(request: Request, outlet_id: str, done: str = "") -> HTMLResponse:
        page = outlet_view.look(house, outlet_id, shown.words(request))
        return shown.page(request, "outlet.html", page=page, done=bool(done))

    @routes.post("/outlets/{outlet_id}/visit")
    def visit(request: Request, outlet_id: str, form: Filled) -> RedirectResponse:
        access.accept(request, form, Scope.OUTLETS)
        with house.database.write() as connection:
            visit_at(connection, outlet_id, house.clock())
        return shown.go(request, f"/outlets/{outlet_id}", done="asked")

    return routes


def day_of(text: str) -> JalaliDate | None:
    """Read a day such as 1405-09-02 or ۱۴۰۵/۹/۲, None for today; BadFormError when it is no day."""
    if not text.strip():
        return None
    try:
        parts = to_latin_digits(text).strip().replace("/", "-").split("-")
        year, month, day = (int(part) for part in parts)
        found = JalaliDate(year, month, day)
    except ValueError:
        found = None
    if found is None or not views.has_neighbours(found):
        raise BadFormError("«{given}» is no day; write it as 1405/09/02", given=text[:40])
    return found
