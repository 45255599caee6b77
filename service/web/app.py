"""Put pages, API, health checks and headers together into one application."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from service.house import House
from service.version import __version__
from service.web import api, health, links, pages
from service.web.pages import Pages
from storage.errors import StorageError, UnknownRecordError
from storage.query_error import QueryError
from storage.search import BadCursorError

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
#: The API's own documentation pages bring their scripts from elsewhere, so they are not served.
API_PREFIX: Final = "/api/"


def create_app(house: House) -> FastAPI:
    """Return the application of one house."""
    app = FastAPI(
        title="Rasad",
        summary="The archive of Kerman's press: stories, their originals and copies, and alerts.",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    shown = Pages(house)
    app.include_router(health.router(house))
    app.include_router(api.router(house), prefix="/api/v1")
    app.include_router(pages.router(house, shown), include_in_schema=False)
    app.include_router(links.router(house, shown), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(_with_headers)
    _tell_errors(app, shown)
    return app


async def _with_headers(
    request: Request, go_on: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await go_on(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _tell_errors(app: FastAPI, shown: Pages) -> None:
    """Answer expected errors in words: as problem+json to programs, as a page to people."""

    def told(request: Request, status: int, title: str, detail: str) -> Response:
        if request.url.path.startswith(API_PREFIX):
            return problem(status, title, detail, str(request.url.path))
        return shown.message(request, status, title, detail)

    @app.exception_handler(404)
    def not_found(request: Request, _error: Exception) -> Response:
        return told(request, 404, "not_found", "")

    @app.exception_handler(UnknownRecordError)
    def unknown(request: Request, error: UnknownRecordError) -> Response:
        return told(request, 404, "not_found", str(error))

    @app.exception_handler(QueryError)
    def bad_query(request: Request, error: QueryError) -> Response:
        return told(request, 422, "query_wrong", str(error))

    @app.exception_handler(BadCursorError)
    def bad_cursor(request: Request, error: BadCursorError) -> Response:
        return told(request, 422, "query_wrong", str(error))

    @app.exception_handler(StorageError)
    def archive_away(request: Request, error: StorageError) -> Response:
        return told(request, 503, "archive_away", str(error))


def problem(status: int, title: str, detail: str, instance: str) -> JSONResponse:
    """Return an error as RFC 9457 asks."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(
        body | {"instance": instance}, status_code=status, media_type="application/problem+json"
    )
