"""What one outlet serves at an instant: a table of addresses, and answers with real validators."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from service.demo import printed_dates
from service.demo.cast import Member, Trouble
from service.demo.families import Posted, post, print_feed, print_page
from service.demo.http import Request, Response
from service.demo.pieces import Piece

HTML: Final = "text/html; charset=utf-8"
XML: Final = "application/rss+xml; charset=utf-8"
OTHERS: Final = 5  # boxes beside an article show this many other headlines
FEED_ITEMS: Final = 30
SLOW_SECONDS: Final = 0.7
CHALLENGE: Final = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Transferring to the website...</title></head><body>
<h2>در حال انتقال به سایت مورد نظر هستید...</h2><noscript>جاوااسکریپت را روشن کنید.</noscript>
<script>function __arcsjs(){document.cookie="__arcsjsc=demo;path=/";location.reload()}
setTimeout(__arcsjs,1500)</script></body></html>"""
PARKED: Final = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8">
<title>صفحه نخست</title></head><body><h1>خوش آمدید</h1><p>خوراک این پایگاه جابه‌جا شده است.</p>
</body></html>"""
ROBOTS: Final = "User-agent: *\nDisallow: /wp-admin/\nDisallow: /print/\nDisallow: /search\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One resource: its bytes and when they last changed."""

    body: bytes
    media_type: str
    modified_at: datetime


Table = Mapping[str, Document]


def posts_of(member: Member, pieces: tuple[Piece, ...], origin: str) -> tuple[Posted, ...]:
    """Give addresses to those of `pieces` that are the member's, newest first."""
    return tuple(post(piece, member, origin) for piece in pieces if piece.outlet_id == member.id)


def table_of(member: Member, posts: tuple[Posted, ...], origin: str, now: datetime) -> Table:
    """Print everything an outlet serves, by address."""
    newest_at = max((each.piece.modified_at for each in posts), default=now)
    documents = {
        "/robots.txt": _document(ROBOTS, "text/plain; charset=utf-8", now),
        "/": _document(_home(member, posts), HTML, newest_at),
        member.feed_path: _feed(member, posts, origin, newest_at),
    }
    for each in posts:
        others = tuple(other for other in posts if other is not each)[:OTHERS]
        page = print_page(member, each, others, origin, now)
        document = _document(page, HTML, each.piece.modified_at)
        documents |= {each.path: document, each.short_path: document}
    return documents


def _document(text: str, media_type: str, modified_at: datetime) -> Document:
    return Document(body=text.encode(), media_type=media_type, modified_at=modified_at)


def _home(member: Member, posts: tuple[Posted, ...]) -> str:
    links = "\n".join(f'<li><a href="{each.url}">{each.piece.title}</a></li>' for each in posts)
    return (
        f'<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8">'
        f'<title>{member.name}</title><link rel="alternate" type="application/rss+xml" '
        f'href="{member.feed_path}"></head><body><h1>{member.name}</h1><ul>{links}</ul></body></html>'
    )


def _feed(member: Member, posts: tuple[Posted, ...], origin: str, newest_at: datetime) -> Document:
    if member.trouble is Trouble.HTML_FEED:
        return _document(PARKED, HTML, newest_at)
    text = print_feed(member, posts[:FEED_ITEMS], origin, newest_at)
    if member.trouble is Trouble.BROKEN_FEED:
        text = break_off(text)
    return _document(text, XML, newest_at)


def break_off(feed: str) -> str:
    """Cut a feed in the middle of its last item, as a server that dies while writing does."""
    return feed[: feed.rindex("<title>") + len("<title>") + 3]


def answer(member: Member, table: Table, request: Request) -> Response:
    """Answer one request from an outlet's table."""
    if member.trouble is Trouble.CHALLENGE:
        return Response(body=CHALLENGE.encode(), media_type=HTML)
    document = table.get(key_of(request)) or table.get(request.path)
    if document is None:
        return Response(status=HTTPStatus.NOT_FOUND, body="یافت نشد".encode(), media_type=HTML)
    response = conditional(document, request)
    if member.trouble is Trouble.SLOW:
        return replace(response, delay_seconds=SLOW_SECONDS)
    return response


def key_of(request: Request) -> str:
    """Return the address of a request with its parameters in the order of their names."""
    query = urlencode(sorted(request.query.items()))
    return f"{request.path}?{query}" if query else request.path


def conditional(document: Document, request: Request) -> Response:
    """Answer 304 when the client has this version (RFC 9110 §13.2.2: the ETag decides first)."""
    etag = f'"{hashlib.sha256(document.body).hexdigest()[:16]}"'
    modified = printed_dates.rfc822(document.modified_at)
    headers = {"ETag": etag, "Last-Modified": modified}
    known = request.headers.get("if-none-match")
    fresh = known == etag if known else request.headers.get("if-modified-since") == modified
    if fresh:
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body=document.body, media_type=document.media_type, headers=headers)
