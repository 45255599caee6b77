"""Put pages, API, health checks and headers together into one application."""

import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from service.house import House
from service.version import __version__
from service.web import (
    api,
    archive_pages,
    health,
    links,
    press_pages,
    search_pages,
    story_pages,
    subscription_pages,
    topic_pages,
)
from service.web.access import Access
from service.web.mishaps import Mishaps, problem
from service.web.pages import Pages

# Python's table of types did not know the web font's before 3.14.
mimetypes.add_type("font/woff2", ".woff2")

STATIC: Final = Path(__file__).parent / "static"

#: Nothing from elsewhere, no script at all, no framing: the pages are text and one style sheet.
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def create_app(house: House) -> FastAPI:
    """Return the application of one house.

    Raises SettingsError when it would listen to others and nobody administers it.
    """
    access = Access(house)
    access.require_admin()
    app = FastAPI(
        title="Rasad",
        summary="The archive of Kerman's press: stories, their originals and copies, and alerts.",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the documentation pages bring their scripts from elsewhere
        redoc_url=None,
    )
    shown = Pages(house, access)
    app.include_router(health.router(house))
    app.include_router(api.router(house), prefix="/api/v1")
    for pages in (
        archive_pages,
        story_pages,
        search_pages,
        topic_pages,
        subscription_pages,
        press_pages,
    ):
        app.include_router(pages.router(house, shown, access), include_in_schema=False)
    app.include_router(links.router(house, shown), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_guarded(access))
    Mishaps(shown).listen(app)
    return app


def _guarded(
    access: Access,
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Return the middleware that turns foreign requests away and puts the headers on."""

    async def guarded(
        request: Request, go_on: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        why = access.refusal(request.method, request.url.path, request.headers)
        if why is not None:
            response: Response = problem(403, "not_allowed", why, request.url.path)
        else:
            response = await go_on(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return guarded
