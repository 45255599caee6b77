"""Take a query along: Atom and JSON Feed to follow it, CSV, JSON Lines and Parquet to work."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.house import House
from service.taking_out import EVERYTHING, Form, take_out
from service.web import rule_view, views
from service.web.access import Access
from service.web.accounts import Scope
from service.web.pages import TEMPLATES, Pages
from service.web.refusal import BadFormError
from service.web.views import ResultView
from storage.search import Order

ENTRIES: Final = 50
_KINDS: Final = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSONL: "application/jsonl",
    Form.PARQUET: "application/vnd.apache.parquet",
}

Words = Annotated[str, Query(max_length=2000)]
RuleId = Annotated[str, Query(max_length=120)]


def router(house: House, shown: Pages, access: Access) -> APIRouter:  # noqa: ARG001 - as its kind
    """Return the routes."""
    routes = APIRouter()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )

    @routes.get("/feeds/atom")
    def atom(request: Request, q: Words = "", rule: RuleId = "") -> Response:
        feed = _feed(house, request, q, rule)
        text = environment.get_template("atom.xml").render(feed)
        return Response(_sayable(text), media_type="application/atom+xml")

    @routes.get("/feeds/json")
    def json_feed(request: Request, q: Words = "", rule: RuleId = "") -> Response:
        return JSONResponse(
            _json_feed(_feed(house, request, q, rule)), media_type="application/feed+json"
        )

    @routes.get("/outlets.opml")
    def opml() -> Response:
        feeds = [
            (one, way.url)
            for one in house.outlets.values()
            for way in one.ways_in
            if way.kind.value == "feed"
        ]
        text = environment.get_template("outlets.opml").render(feeds=feeds)
        return Response(_sayable(text), media_type="text/x-opml")

    @routes.get("/export.{form}")
    def export(request: Request, form: Form, q: Words = "") -> StreamingResponse:
        access.demand(request, Scope.EXPORT)
        query = views.read_query(house, q.strip() or EVERYTHING)
        pieces = take_out(house.database, query, form, progress=_silent)
        return _download(pieces, f"rasad.{form.value}", _KINDS[form])

    return routes


def _feed(house: House, request: Request, asked: str, rule_id: str) -> dict[str, Any]:
    """Gather a feed's newest stories; every address in it is the public one."""
    query, name = _asked(house, asked, rule_id)
    found = views.results(house, query, cursor=None, order=Order.NEWEST, limit=ENTRIES)
    base = house.settings.public_url
    return {
        "title": f"رصد: {name}",
        "base": base,
        "own": f"{base}{request.url.path}?{request.url.query}",
        "updated": max((one.at for one in found.results), default=house.clock()),
        "entries": [_entry(base, one) for one in found.results],
    }


def _asked(house: House, asked: str, rule_id: str) -> tuple[str, str]:
    if not rule_id:
        if not asked.strip():
            raise BadFormError("name a query, or a rule; such as ?q=مس or ?rule=sme")
        return asked, asked
    with house.database.read() as connection:
        rule = rule_view.find(house, connection, rule_id)
    return (f"topic:{rule.id}" if rule.is_topic else rule.text), rule.name


def _entry(base: str, one: ResultView) -> dict[str, Any]:
    path = f"/stories/{one.story_id}" if one.story_id else f"/articles/{one.article_id}"
    return {
        "url": base + path,
        "title": "".join(piece.text for piece in one.title),
        "summary": "".join(piece.text for piece in one.snippet),
        "outlet": one.outlet,
        "at": one.at,
        "topics": one.topics,
    }


def _json_feed(feed: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed["title"],
        "home_page_url": feed["base"],
        "feed_url": feed["own"],
        "language": "fa",
        "items": [
            {
                "id": entry["url"],
                "url": entry["url"],
                "title": entry["title"],
                "content_text": entry["summary"],
                "date_published": entry["at"].isoformat(),
                "authors": [{"name": entry["outlet"]}],
                "tags": list(entry["topics"]),
            }
            for entry in feed["entries"]
        ],
    }


def _sayable(text: str) -> str:
    """Drop the characters that XML 1.0 cannot hold, not even escaped."""
    return "".join(one for one in text if one >= " " or one in "\n\t" if one not in "\ufffe\uffff")


def _silent(_count: int) -> None:
    """Nobody watches a download from here."""


def _download(pieces: Iterator[bytes], name: str, kind: str) -> StreamingResponse:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=kind, headers=headers)
