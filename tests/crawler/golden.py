"""Golden pages: a folder holds page.html, meta.json (how it was asked for) and expected.json."""

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.article import Article, Block, Credit, DateClaim
from crawler.entry import Entry
from crawler.extract import extract
from crawler.identity import canonical_url
from crawler.outlets import Outlet, Role
from crawler.page import Failure, Page
from crawler.profiles import resolve

FOLDER = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def read_case(name: str) -> dict[str, Any]:
    """Extract the page of a case and return the result as plain data."""
    meta = json.loads((FOLDER / name / "meta.json").read_text(encoding="utf-8"))
    outlet = outlet_of(meta)
    now = datetime.fromisoformat(meta["now"])
    page = Page(
        requested_url=meta["url"],
        url=meta["url"],
        status=200,
        body=(FOLDER / name / "page.html").read_bytes(),
        charset=meta.get("charset"),
        fetched_at=now,
    )
    return as_data(extract(page, outlet, entry=entry_of(meta, outlet), now=now))


def outlet_of(meta: dict[str, Any]) -> Outlet:
    """Build the outlet that a case was read for."""
    parts = urlsplit(meta["url"])
    return Outlet(
        id="demo",
        name=meta.get("outlet", "نمونه کرمان"),
        name_en="Demo",
        homepage=f"{parts.scheme}://{parts.netloc}/",
        role=Role.LOCAL,
        profile=resolve(meta["profile"], meta.get("overrides", {})),
    )


def entry_of(meta: dict[str, Any], outlet: Outlet) -> Entry | None:
    """Build the entry of the way in, when the case has one."""
    if "entry" not in meta:
        return None
    url = meta["url"]
    known = {"outlet_id": outlet.id, "url": url, "canonical_url": canonical_url(url, outlet=outlet)}
    return Entry(**known, **meta["entry"])


def as_data(result: Article | Failure) -> dict[str, Any]:
    """Write a result as data that is pleasant to review; empty fields are left out."""
    if isinstance(result, Failure):
        return {"failure": result.kind.value, "detail": result.detail}
    data = {field.name: _plain(getattr(result, field.name)) for field in fields(result)}
    return {name: value for name, value in data.items() if value not in (None, [], False)}


def _plain(value: object) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Block():
            return f"{value.kind.value}: {value.text}"
        case DateClaim():
            return f"{value.at.isoformat()} {value.source} {value.trust}: {value.printed}"
        case Credit():
            return f"{value.kind.value}: {value.name}{' (own)' if value.is_own else ''}"
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value
