"""Put pages, API, health checks and headers together into one application."""

import mimetypes
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from service.house import House
from service.version import __version__
from service.web import (
    api,
    api_audit,
    api_press,
    api_rules,
    api_subscriptions,
    api_work,
    archive_pages,
    audit_pages,
    callbacks,
    feedback,
    health,
    import_pages,
    ledger_pages,
    links,
    metrics,
    press_pages,
    search_pages,
    session_pages,
    story_pages,
    subscription_pages,
    taking,
    topic_pages,
)
from service.web.access import Access
from service.web.auditing import Auditing
from service.web.contract import V1, describe
from service.web.gate import Gate
from service.web.mishaps import Mishaps
from service.web.pages import Pages

# Python's table of types did not know the web font's before 3.14.
mimetypes.add_type("font/woff2", ".woff2")

STATIC: Final = Path(__file__).parent / "static"


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
        openapi_url=f"{V1}/openapi.json",
        docs_url=None,  # the documentation pages bring their scripts from elsewhere
        redoc_url=None,
    )
    shown = Pages(house, access)
    mishaps = Mishaps(shown)
    app.include_router(health.router(house))
    app.include_router(metrics.router(house, access), include_in_schema=False)
    for routes in (
        api.router(house),
        api_rules.router(house, access),
        api_subscriptions.router(house, access),
        api_work.router(house, access),
        api_audit.router(house, access),
        api_press.router(house, access),
    ):
        app.include_router(routes, prefix=V1)
    for pages in (
        archive_pages,
        ledger_pages,
        story_pages,
        search_pages,
        topic_pages,
        subscription_pages,
        press_pages,
        import_pages,
        audit_pages,
        session_pages,
        taking,
    ):
        app.include_router(pages.router(house, shown, access), include_in_schema=False)
    app.include_router(links.router(house, shown), include_in_schema=False)
    app.include_router(feedback.router(house, shown), include_in_schema=False)
    app.include_router(callbacks.router(house), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(Gate(access, house.clock, mishaps, Auditing(house, access)))
    mishaps.listen(app)
    describe(app)
    return app
