"""Makes outlets and pages for tests, the way the catalogue and the fetcher do."""

from datetime import UTC, datetime

from crawler.outlets import Outlet, outlet_from
from crawler.page import Page

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def outlet(**values: object) -> Outlet:
    """An outlet as its file would tell it; WordPress at nazir.example unless told otherwise."""
    table: dict[str, object] = {
        "id": "nazir",
        "name": "نذیر",
        "name_en": "Nazir",
        "homepage": "https://nazir.example",
        "role": "local",
        "profile": "wordpress",
    }
    return outlet_from(table | values, place="test.toml")


def page(
    body: str | bytes,
    *,
    url: str = "https://nazir.example/feed/",
    media_type: str = "application/rss+xml",
    charset: str | None = None,
) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(
        requested_url=url,
        url=url,
        status=200,
        media_type=media_type,
        charset=charset,
        body=raw,
        fetched_at=NOW,
    )
