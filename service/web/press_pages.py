"""The pages about the press as a whole: trends, the day's bulletin, who ran a press release."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from persian.dates import parse_date
from service.house import House
from service.web import bulletin, trends, views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.archive_pages import day_of
from service.web.forms import Filled, Form
from service.web.pages import Pages
from service.web.refusal import BadFormError
from storage.articles import get_articles
from storage.pickup import pickup

Days = Annotated[int, Query(ge=1, le=92)]
Topics = Annotated[list[str], Query(max_length=20)]


def router(house: House, shown: Pages, access: Access) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/trends")
    def trend(request: Request, days: Days = 30) -> HTMLResponse:
        view = trends.look(house, days=days, words=shown.words(request))
        return shown.page(request, "trends.html", view=view, days=days)

    @routes.get("/bulletin")
    def daily(request: Request, day: str = "", topic: Topics = []) -> HTMLResponse:  # noqa: B006
        found = bulletin.compose(house, day_of(day), topic)
        at = views.midnight(found.day.day)
        name = shown.words(request).day(at)
        return shown.page(request, "bulletin.html", found=found, day_name=name, chosen=topic)

    @routes.get("/pickup")
    def ask(request: Request) -> HTMLResponse:
        access.demand(request, Scope.EXPORT)
        return shown.page(request, "pickup.html", form=Form(fields={}), runs=None, error="")

    @routes.post("/pickup")
    def find(request: Request, form: Filled) -> HTMLResponse:
        access.accept(request, form, Scope.EXPORT)
        values: dict[str, Any] = {"form": form, "runs": None, "error": ""}
        try:
            text, at = form.needed("text"), _released_at(form, house.clock())
        except BadFormError as wrong:
            told = values | {"error": shown.words(request).tell(wrong)}
            return shown.page(request, "pickup.html", status=422, **told)
        with house.database.read() as connection:
            runs = pickup(connection, text, title=form.text("title"), released_at=at)
            known = get_articles(connection, [run.article_id for run in runs])
        found = [(run, known[run.article_id].article) for run in runs if run.article_id in known]
        return shown.page(request, "pickup.html", **values | {"runs": found})

    return routes


def _released_at(form: Form, now: datetime) -> datetime:
    printed = form.text("released")
    if not printed:
        return now
    found = parse_date(printed, now=now)
    if found is None:
        raise BadFormError("«{given}» is no day; write it as 1405/09/02", given=printed[:40])
    return found.at
