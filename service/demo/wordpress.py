"""The REST list of posts that every WordPress has, as far as a reader of news asks it."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from persian.calendar import TEHRAN
from service.demo import printed_dates
from service.demo.documents import JSON, Document
from service.demo.families import Posted

REST: Final = "/wp-json/wp/v2/posts"
PAGE_SIZE: Final = 10


def rest(
    posts: tuple[Posted, ...], origin: str, newest_at: datetime, query: Mapping[str, str]
) -> Document:
    """Answer the REST list: `page`, `per_page`, and `after` as far as WordPress knows them."""
    after = datetime.fromisoformat(query["after"]) if "after" in query else None
    chosen = [
        post
        for post in posts
        if after is None or _site_time(post.piece.published_at) > after.replace(tzinfo=None)
    ]
    size, page = int(query.get("per_page", PAGE_SIZE)), int(query.get("page", 1))
    pages = -(-len(chosen) // size)
    if page > max(pages, 1):
        text = json.dumps({"code": "rest_post_invalid_page_number", "data": {"status": 400}})
        return Document(
            body=text.encode(),
            media_type=JSON,
            modified_at=newest_at,
            status=HTTPStatus.BAD_REQUEST,
        )
    items = [_item(post, origin) for post in chosen[(page - 1) * size : page * size]]
    return Document(
        body=json.dumps(items).encode(),
        media_type=JSON,
        modified_at=newest_at,
        headers={"X-WP-Total": str(len(chosen)), "X-WP-TotalPages": str(pages)},
    )


def _site_time(at: datetime) -> datetime:
    """Return the naive Tehran time that a WordPress in Iran calls `date`."""
    return at.astimezone(TEHRAN).replace(tzinfo=None)


def _item(post: Posted, origin: str) -> dict[str, object]:
    piece = post.piece
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in (*piece.paragraphs, piece.closing))
    return {
        "id": piece.number,
        "date": _site_time(piece.published_at).isoformat(timespec="seconds"),
        "date_gmt": printed_dates.iso_utc(piece.published_at).rstrip("Z"),
        "modified_gmt": printed_dates.iso_utc(piece.modified_at).rstrip("Z"),
        "guid": {"rendered": f"{origin}/?p={piece.number}"},
        "link": post.url,
        "title": {"rendered": piece.title},
        "excerpt": {"rendered": f"<p>{piece.lead}</p>", "protected": False},
        "content": {"rendered": body, "protected": False},
        "type": "post",
    }
