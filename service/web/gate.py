"""What every request passes: foreign ones turned away, too many held back, headers put on.

An ETag is the hash of what is answered, so a program that asks again with If-None-Match is told 304
whenever nothing has changed, whatever the answer was made of.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response

from service.web.access import Access
from service.web.auditing import Auditing
from service.web.headers import HEADERS
from service.web.limiter import Limit, Limiter
from service.web.mishaps import Mishaps
from service.web.refusal import BadFormError, TooManyError

#: What asks much of the machine or could be tried out, by where it begins; the first that fits.
LIMITS: Final[tuple[tuple[str, str, Limit], ...]] = (
    ("POST", "/sign-in", Limit(name="sign-in", burst=5, period=timedelta(minutes=5))),
    ("POST", "/import", Limit(name="import", burst=10, period=timedelta(hours=1))),
    ("POST", "/subscribe", Limit(name="subscribe", burst=10, period=timedelta(hours=1))),
    ("GET", "/export", Limit(name="export", burst=6, period=timedelta(minutes=1))),
    ("GET", "/feeds", Limit(name="feeds", burst=60, period=timedelta(minutes=1))),
    ("GET", "/search", Limit(name="search", burst=60, period=timedelta(minutes=1))),
    ("", "/websub/", Limit(name="websub", burst=300, period=timedelta(minutes=1))),
    ("", "/api/", Limit(name="api", burst=120, period=timedelta(minutes=1))),
)

_TAGGED: Final = ("application/json", "application/atom+xml", "application/feed+json")

GoOn = Callable[[Request], Awaitable[Response]]


class Gate:
    """The middleware of the application."""

    def __init__(
        self,
        access: Access,
        clock: Callable[[], datetime],
        mishaps: Mishaps,
        audited: Auditing,
    ) -> None:
        self._audited = audited
        self._mishaps = mishaps
        self._access = access
        self._clock = clock
        self._limiter = Limiter()

    async def __call__(self, request: Request, go_on: GoOn) -> Response:
        """Answer a request, or say why not."""
        if request.method == "HEAD" and not request.url.path.startswith("/export"):
            request.scope["method"] = "GET"  # the server sends no body after HEAD
        response = self._refusal(request) or await self._audited(request, go_on)
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            response = await _tagged(request, response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _refusal(self, request: Request) -> Response | None:
        path = request.url.path
        foreign = self._access.refusal(request.method, path, request.headers)
        if foreign is not None:
            return self._mishaps.refused(request, foreign)
        if "\0" in path or b"%00" in request.scope["query_string"]:
            nul = BadFormError("the address holds a NUL, which no text has; leave it out")
            return self._mishaps.refused(request, nul)
        if self._access.is_private:
            return None
        wait = self._wait(request.method, path, _asker(request))
        if wait is None:
            return None
        seconds = max(1, round(wait.total_seconds()))
        why = TooManyError("ask again in {seconds} seconds", seconds=seconds)
        told = self._mishaps.refused(request, why)
        told.headers["retry-after"] = str(seconds)
        return told

    def _wait(self, method: str, path: str, asker: str) -> timedelta | None:
        for wanted, beginning, limit in LIMITS:
            if path.startswith(beginning) and wanted in {"", method}:
                return self._limiter.take(limit, asker, now=self._clock())
        return None


def _asker(request: Request) -> str:
    return request.client.host if request.client else ""


async def _tagged(request: Request, response: Response) -> Response:
    """Put an ETag on an answer that a program keeps; 304 when it has this one."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    pieces = getattr(response, "body_iterator", None)
    if kind not in _TAGGED or pieces is None:
        return response
    body = b"".join([piece async for piece in pieces])
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    headers |= {"etag": tag, "cache-control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        headers.pop("content-type", None)
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers)
