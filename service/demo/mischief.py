"""What hostile outlets do to their readers; every trick is bounded by the reader, not by us."""

import gzip
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from itertools import repeat
from typing import Final

from service.demo.cast import Trouble
from service.demo.documents import HTML, RSS
from service.demo.http import Request, Response

DRIP_SECONDS: Final = 0.2
DRIP_BYTES: Final = 3_000  # ten minutes of dripping: longer than any reader may wait
BOMB_BYTES: Final = 100 * 1024 * 1024  # about 100 KB on the wire
HUGE_CHUNKS: Final = 1024  # of 64 KB: 64 MB
MANY_LINKS: Final = 50_000
MOST_EDITS: Final = 30
SESSION_MARK: Final = b"SESSION"
TEXT_BEGINS: Final = b'class="item-text">'
NOT_FOUND: Final = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8">
<title>صفحه مورد نظر یافت نشد</title></head><body><h1>صفحه مورد نظر یافت نشد</h1>
<p>ممکن است این خبر حذف شده باشد. <a href="/">بازگشت به صفحه نخست</a></p></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request at a hostile outlet.

    `honest` is what an honest outlet would answer, `times` how often this address was asked before.
    """

    request: Request
    honest: Response
    times: int

    @property
    def is_article(self) -> bool:
        """Whether an article was asked for, not the feed or robots.txt."""
        is_page = self.honest.media_type == HTML and self.honest.status == HTTPStatus.OK
        return is_page and self.request.path != "/"


Mischief = Callable[[Visit], Response]


def drip(visit: Visit) -> Response:
    """Send an article one byte at a time."""
    if not visit.is_article:
        return visit.honest
    body = visit.honest.body[:DRIP_BYTES]
    chunks = (body[at : at + 1] for at in range(len(body)))
    return replace(visit.honest, chunks=chunks, drip_seconds=DRIP_SECONDS)


def bomb(visit: Visit) -> Response:
    """Send an article that inflates to a thousand times its size."""
    if not visit.is_article:
        return visit.honest
    return Response(body=bomb_bytes(), headers={"Content-Encoding": "gzip"})


@cache
def bomb_bytes() -> bytes:
    """Return a gzip stream of a hundred megabytes of spaces."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        for block in repeat(b" " * 1024 * 1024, BOMB_BYTES // (1024 * 1024)):
            stream.write(block)
    return packed.getvalue()


def redirect(visit: Visit) -> Response:
    """Send the reader of an article from address to address."""
    if not visit.is_article:
        return visit.honest
    step = int(visit.request.query.get("step", "0")) + 1
    path = visit.request.target.partition("?")[0]
    return Response(status=302, headers={"Location": f"{path}?step={step}"})


def huge(visit: Visit) -> Response:
    """Send a page without a length and without an end worth waiting for."""
    return replace(visit.honest, chunks=_flood()) if visit.is_article else visit.honest


def _flood() -> Iterator[bytes]:
    yield b"<!DOCTYPE html><html><body>"
    yield from repeat(b"<p>" + b"x" * (64 * 1024) + b"</p>", HUGE_CHUNKS)


def many_links(visit: Visit) -> Response:
    """Hide the front page's links among fifty thousand that lead nowhere."""
    if visit.request.path != "/":
        return visit.honest
    links = "\n".join(
        f'<a href="/tag/{number}/">برچسب شماره {number}</a>' for number in range(MANY_LINKS)
    )
    return replace(visit.honest, body=visit.honest.body + links.encode())


def calendar(visit: Visit) -> Response:
    """Answer every day of the archive, past and future, with a link to the day before it."""
    if visit.request.path != "/archive":
        return visit.honest
    day = int(visit.request.query.get("dy", "1"))
    link = f'<a rel="next" href="/archive?dy={day + 1}">روز پیش</a>'
    return Response(body=f"<html lang='fa'><body>{link}</body></html>".encode())


def sessions(visit: Visit) -> Response:
    """Put another session id into every link of the feed, each time."""
    mark = f"{visit.times + 1:08x}".encode()
    return replace(visit.honest, body=visit.honest.body.replace(SESSION_MARK, mark), headers={})


def soft_404(visit: Visit) -> Response:
    """Say with status 200 that an article is gone."""
    return Response(body=NOT_FOUND.encode()) if visit.is_article else visit.honest


def edit_again(visit: Visit) -> Response:
    """Print an article anew each time it is read, thirty times."""
    times = min(visit.times, MOST_EDITS)
    if not visit.is_article:
        return visit.honest
    if not times:
        return replace(visit.honest, headers={})  # what will be edited has no validators
    line = f"<p>به‌روزرسانی {times}: شمار شرکت‌کنندگان به {times * 10 + 200} نفر رسید.</p>"
    body = visit.honest.body.replace(TEXT_BEGINS, TEXT_BEGINS + line.encode(), 1)
    return replace(visit.honest, status=200, body=body, headers={})


def touch_the_feed(visit: Visit) -> Response:
    """Edit an article again, and say so in the feed by another headline."""
    if visit.honest.media_type != RSS:
        return edit_again(visit)
    mark = f" (ویرایش {min(visit.times, MOST_EDITS)})</title>\n<link>"
    body = visit.honest.body.replace(b"</title>\n<link>", mark.encode())
    return replace(visit.honest, status=200, body=body, headers={})


MISCHIEF: Final[Mapping[Trouble, Mischief]] = {
    Trouble.DRIP: drip,
    Trouble.BOMB: bomb,
    Trouble.REDIRECTS: redirect,
    Trouble.HUGE: huge,
    Trouble.MANY_LINKS: many_links,
    Trouble.CALENDAR: calendar,
    Trouble.SESSIONS: sessions,
    Trouble.SOFT_404: soft_404,
    Trouble.EDITS: touch_the_feed,
}
