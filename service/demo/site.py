"""What one outlet serves at an instant: a table of addresses, and answers with real validators."""

import hashlib
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from service.demo import printed_dates
from service.demo.cast import Member, Trouble
from service.demo.documents import HTML, RSS, TEXT, Document, Table, document
from service.demo.families import Posted, post, print_feed, print_front, print_page
from service.demo.http import Request, Response
from service.demo.mischief import MISCHIEF, Visit
from service.demo.pieces import Piece
from service.demo.ways import ways_of

OTHERS: Final = 5  # boxes beside an article show this many other headlines
FEED_ITEMS: Final = 30
SLOW_SECONDS: Final = 0.4
CHALLENGE: Final = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Transferring to the website...</title></head><body>
<h2>در حال انتقال به سایت مورد نظر هستید...</h2><noscript>جاوااسکریپت را روشن کنید.</noscript>
<script>function __arcsjs(){document.cookie="__arcsjsc=demo;path=/";location.reload()}
setTimeout(__arcsjs,1500)</script></body></html>"""
PARKED: Final = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8">
<title>صفحه نخست</title></head><body><h1>خوش آمدید</h1><p>خوراک این پایگاه جابه‌جا شده است.</p>
</body></html>"""
ROBOTS: Final = "User-agent: *\nDisallow: /wp-admin/\nDisallow: /print/\nDisallow: /search\n"


def posts_of(member: Member, pieces: tuple[Piece, ...], origin: str) -> tuple[Posted, ...]:
    """Give addresses to those of `pieces` that are the member's, newest first."""
    return tuple(post(piece, member, origin) for piece in pieces if piece.outlet_id == member.id)


def table_of(member: Member, posts: tuple[Posted, ...], origin: str, now: datetime) -> Table:
    """Print everything an outlet serves, by address."""
    newest_at = max((each.piece.modified_at for each in posts), default=now)
    documents = {
        **ways_of(member, posts, origin, newest_at),
        "/robots.txt": document(ROBOTS, TEXT, now),
        "/": document(print_front(member, posts, origin), HTML, newest_at),
        member.feed_path: _feed(member, posts, origin, newest_at),
    }
    for each in posts:
        others = tuple(other for other in posts if other is not each)[:OTHERS]
        page = print_page(member, each, others, origin, now)
        printed = document(page, HTML, each.piece.modified_at)
        documents |= {each.path: printed, each.short_path: printed}
    return documents


def _feed(member: Member, posts: tuple[Posted, ...], origin: str, newest_at: datetime) -> Document:
    if member.trouble is Trouble.HTML_FEED:
        return document(PARKED, HTML, newest_at)
    text = print_feed(member, posts[:FEED_ITEMS], origin, newest_at)
    if member.trouble is Trouble.BROKEN_FEED:
        text = break_off(text)
    return document(text, RSS, newest_at)


def break_off(feed: str) -> str:
    """Cut a feed in the middle of its last item, as a server that dies while writing does."""
    return feed[: feed.rindex("<title>") + len("<title>") + 3]


def answer(member: Member, table: Table, request: Request, *, times: int = 0) -> Response:
    """Answer one request; `times` is how often its address was asked for before."""
    honest = answer_honestly(member, table, request)
    play = MISCHIEF.get(member.trouble)
    if play is None or request.path == "/robots.txt":
        return honest
    return play(Visit(request=request, honest=honest, times=times))


def answer_honestly(member: Member, table: Table, request: Request) -> Response:
    """Answer one request from an outlet's table."""
    if member.trouble is Trouble.CHALLENGE:
        return Response(body=CHALLENGE.encode(), media_type=HTML)
    found = table.get(key_of(request)) or table.get(request.path)
    if found is None:
        return Response(status=HTTPStatus.NOT_FOUND, body="یافت نشد".encode(), media_type=HTML)
    whole = found if isinstance(found, Document) else found(request.query)
    response = conditional(whole, request)
    if member.trouble is Trouble.SLOW:
        return replace(response, delay_seconds=SLOW_SECONDS)
    return response


def key_of(request: Request) -> str:
    """Return the address of a request with its parameters in the order of their names."""
    query = urlencode(sorted(request.query.items()))
    return f"{request.path}?{query}" if query else request.path


def conditional(whole: Document, request: Request) -> Response:
    """Answer 304 when the client has this version (RFC 9110 §13.2.2: the ETag decides first)."""
    etag = f'"{hashlib.sha256(whole.body).hexdigest()[:16]}"'
    modified = printed_dates.rfc822(whole.modified_at)
    headers = {**whole.headers, "ETag": etag, "Last-Modified": modified}
    known = request.headers.get("if-none-match")
    fresh = known == etag if known else request.headers.get("if-modified-since") == modified
    if fresh:
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(
        status=whole.status, body=whole.body, media_type=whole.media_type, headers=headers
    )
