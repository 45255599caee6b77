"""The pages for people: today, search, a story, the outlets, the ledger."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from persian.calendar import JalaliDate, JalaliStyle, format_jalali
from persian.digits import to_latin_digits
from service.house import House
from service.web import ledger_view, views
from service.web.phrases import Language, clock, number, phrase
from storage.query_error import QueryError
from storage.search import BadCursorError, Order

TEMPLATES: Final = Path(__file__).parent / "templates"


class Pages:
    """Fills templates in the language that `?lang=` asks for, the installation's otherwise."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        request: Request,
        name: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401 - a template takes anything
    ) -> HTMLResponse:
        """Fill one template."""
        language = self.language(request)
        template = self._environment.get_template(name)
        text = template.render(
            language=language,
            here=request.url.path,
            other=self._in_other_language(request, language),
            say=lambda key, **words: phrase(language, key, **words),
            clock=lambda at: clock(language, at),
            number=lambda value: number(language, value),
            link=lambda path, **query: self._link(language, path, query),
            topic_name=lambda rule_id: self._topic_name(rule_id, language),
            **values,
        )
        return HTMLResponse(text, status_code=status)

    def message(self, request: Request, status: int, title: str, *lines: str) -> HTMLResponse:
        """Show a short message; `title` is a phrase."""
        language = self.language(request)
        return self.page(
            request,
            "message.html",
            status=status,
            title=phrase(language, title),
            lines=[line for line in lines if line],
            button=None,
        )

    def language(self, request: Request) -> Language:
        """Return the language of this request."""
        asked = request.query_params.get("lang")
        if asked in {"fa", "en"}:
            return "en" if asked == "en" else "fa"
        return self._house.settings.language

    def _link(self, language: Language, path: str, query: dict[str, Any]) -> str:
        wanted = {key: str(value) for key, value in query.items()}
        if language != self._house.settings.language:
            wanted["lang"] = language
        return f"{path}?{urlencode(wanted)}" if wanted else path

    def _in_other_language(self, request: Request, language: Language) -> str:
        query = dict(request.query_params) | {"lang": "en" if language == "fa" else "fa"}
        return f"{request.url.path}?{urlencode(query)}"

    def _topic_name(self, rule_id: str, language: Language) -> str:
        name = self._house.rulebook.names.get(rule_id)
        return name.told(language) if name else rule_id


def router(house: House, shown: Pages) -> APIRouter:
    """Return the routes of the pages."""
    routes = APIRouter()

    @routes.get("/")
    def today(request: Request, day: str = "") -> HTMLResponse:
        view = views.day(house, _day(day))
        at = views.midnight(view.day)
        language = shown.language(request)
        name = format_jalali(at, JalaliStyle.LONG) if language == "fa" else f"{at:%A %d %B %Y}"
        return shown.page(request, "today.html", view=view, day_name=name)

    @routes.get("/search")
    def search(request: Request, q: str = "", cursor: str | None = None) -> HTMLResponse:
        view, error = None, None
        if q.strip():
            try:
                view = views.results(house, q, cursor=cursor, order=Order.NEWEST)
            except (QueryError, BadCursorError) as wrong:
                error = str(wrong)
        status = 422 if error else 200
        return shown.page(request, "search.html", status=status, asked=q, view=view, error=error)

    @routes.get("/stories/{story_id}")
    def story(request: Request, story_id: int) -> HTMLResponse:
        return shown.page(request, "story.html", view=views.story(house, story_id))

    @routes.get("/outlets")
    def outlets(request: Request) -> HTMLResponse:
        return shown.page(request, "outlets.html", view=views.outlets(house))

    @routes.get("/deliveries")
    def deliveries(request: Request) -> HTMLResponse:
        rows, counts = ledger_view.latest(house)
        return shown.page(request, "deliveries.html", view=rows, counts=counts)

    return routes


def _day(text: str) -> JalaliDate | None:
    """Read a day as the pages' own links write it; None for today or for what is no day."""
    try:
        year, month, day = (int(part) for part in to_latin_digits(text).split("-"))
        return JalaliDate(year, month, day)
    except ValueError:
        return None
