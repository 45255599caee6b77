"""Fetches one address within bounds of size, inflation, time, redirects and addresses."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Final, Protocol, Self

import httpx

from crawler.challenge import SMALL_BYTES, is_challenge
from crawler.errors import ContentError, RequestError, TooLargeError
from crawler.guard import Network, networks
from crawler.httpform import (
    content_type,
    plain_headers,
    redirect_target,
    spell_status,
    validators_in,
    wants_cookie_back,
    web_address,
)
from crawler.inflate import ACCEPTED, Inflater
from crawler.page import Failure, FailureKind, Fetched, Page, Unchanged, Validators
from crawler.retryafter import retry_after
from crawler.transport import Resolver, guarded_client, system_resolver, trust

_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def user_agent(*, version: str, contact: str, suffix: str = "") -> str:
    """Name this program honestly, with an address to complain to."""
    return f"Rasad/{version} (press archive of Kerman; +{contact}){' ' + suffix if suffix else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """The bounds of every exchange.

    `time_limit` covers one address with all its redirects, `body_limit` the body once it has begun.
    `allow_private` are networks open to every fetch; an outlet may name more. `extra_authorities`
    are PEM files of intermediates.
    """

    user_agent: str = field(
        default_factory=lambda: user_agent(version="0", contact="https://example.invalid/contact")
    )
    size_limit_bytes: int = 6_000_000
    time_limit: timedelta = timedelta(seconds=30)
    body_limit: timedelta = timedelta(seconds=9)
    max_redirects: int = 5
    allow_private: tuple[str, ...] = ()
    extra_authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one outlet wants to be fetched: what its catalogue file and its robots.txt say.

    `permits` is asked before a redirect is followed.
    """

    allow_private: tuple[str, ...] = ()
    tls_verify: bool = True
    user_agent_suffix: str = ""
    blocked_markers: tuple[str, ...] = ()
    permits: Callable[[str], bool] = field(default=lambda _: True)


PLAIN: Final = Manner()


class Fetches(Protocol):
    """Anything that turns an address into a page, an unchanged answer or a failure."""

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        """Fetch `url`; an expected failure is a value."""
        ...


class Fetcher:
    """Fetches addresses; an async context manager that owns the connections.

    >>> async with Fetcher(FetchSettings()) as fetcher:
    ...     page = await fetcher.fetch("https://example.ir/")
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime] = utc_now,
        resolver: Resolver = system_resolver,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._resolver = resolver
        self._stack = AsyncExitStack()
        self._clients: dict[tuple[tuple[Network, ...], bool], httpx.AsyncClient] = {}
        self._trust: dict[bool, ssl.SSLContext] = {}

    async def __aenter__(self) -> Self:
        self._context(verify=True)  # reads a file of authorities: now, not amid the first visits
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clients.clear()
        await self._stack.aclose()

    def now(self) -> datetime:
        """Return the present instant by this fetcher's clock."""
        return self._clock()

    async def fetch(
        self, url: str, *, validators: Validators | None = None, manner: Manner = PLAIN
    ) -> Fetched:
        """Fetch `url` with its redirects; an expected failure is a value, in plain words."""
        exchange = _Exchange(url, self.settings, manner, self._clock)
        client = self.client(manner)
        try:
            async with asyncio.timeout(self.settings.time_limit.total_seconds()):
                return await exchange.run(client, validators or Validators())
        except TimeoutError:
            seconds = self.settings.time_limit.total_seconds()
            detail = f"{url} did not finish its answer in {seconds:g} seconds"
            return exchange.failure(FailureKind.TIMEOUT, detail)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            detail = f"{url} answered what is not proper HTTP ({error})"
            return exchange.failure(FailureKind.RESET, detail)
        except (RequestError, ContentError) as error:
            return exchange.failure(error.kind, _with_address(url, error), error.permanent)

    def client(self, manner: Manner) -> httpx.AsyncClient:
        """Return the guarded client that connects to what the settings and this manner allow."""
        allow = networks((*self.settings.allow_private, *manner.allow_private))
        key = (allow, manner.tls_verify)
        if key not in self._clients:
            client = guarded_client(
                allow=allow,
                ssl_context=self._context(verify=manner.tls_verify),
                resolver=self._resolver,
            )
            self._stack.push_async_callback(client.aclose)
            self._clients[key] = client
        return self._clients[key]

    def _context(self, *, verify: bool) -> ssl.SSLContext:
        if verify not in self._trust:
            authorities = self.settings.extra_authorities
            self._trust[verify] = trust(verify=verify, extra_authorities=authorities)
        return self._trust[verify]


def _with_address(url: str, error: Exception) -> str:
    text = str(error)
    return text if url in text else f"{url}: {text}"


class _Exchange:
    """One address with its redirects."""

    def __init__(
        self, url: str, settings: FetchSettings, manner: Manner, clock: Callable[[], datetime]
    ) -> None:
        self._url = url
        self._settings = settings
        self._manner = manner
        self._clock = clock

    async def run(self, client: httpx.AsyncClient, validators: Validators) -> Fetched:
        """Ask, follow, and read; raises RequestError and ContentError."""
        url = self._url
        for _ in range(self._settings.max_redirects + 1):
            request = client.build_request(
                "GET", web_address(url), headers=self._headers(validators)
            )
            response = await client.send(request, stream=True)
            try:
                target = redirect_target(response)
                if target is None:
                    return await self._read_in_time(response)
                if wants_cookie_back(response, target):
                    return self._challenge(response.status_code)
                if not self._manner.permits(target):
                    detail = f"{self._url} redirects to {target}, which robots.txt forbids"
                    return self.failure(FailureKind.ROBOTS, detail)
                url = target
            finally:
                await response.aclose()
        limit = self._settings.max_redirects
        detail = f"{self._url} redirects more than {limit} times, last to {url}"
        return self.failure(FailureKind.TOO_MANY_REDIRECTS, detail)

    def failure(
        self,
        kind: FailureKind,
        detail: str,
        permanent: bool = False,  # noqa: FBT001, FBT002 - mirrors the value's field
        *,
        status: int | None = None,
        wait: timedelta | None = None,
    ) -> Failure:
        """Make the failure of this address."""
        return Failure(
            requested_url=self._url,
            kind=kind,
            detail=detail,
            permanent=permanent,
            status=status,
            retry_after=wait,
            failed_at=self._clock(),
        )

    def _headers(self, validators: Validators) -> dict[str, str]:
        suffix = self._manner.user_agent_suffix
        agent = f"{self._settings.user_agent}{' ' + suffix if suffix else ''}"
        headers = {"User-Agent": agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED}
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return headers

    async def _read_in_time(self, response: httpx.Response) -> Fetched:
        """Read the body; a server may think for long, but one that has begun is not to drip."""
        seconds = self._settings.body_limit.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await self._read(response)
        except TimeoutError:
            detail = f"{self._url} began its answer and did not finish it in {seconds:g} seconds"
            return self.failure(FailureKind.TIMEOUT, detail)

    async def _read(self, response: httpx.Response) -> Fetched:
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return Unchanged(requested_url=self._url, fetched_at=self._clock())
        if response.status_code != HTTPStatus.OK:
            return await self._bad_status(response)
        body = await self._body(response, self._settings.size_limit_bytes)
        media_type, charset = content_type(response.headers.get("content-type", ""))
        if self._is_challenge(body, media_type):
            return self._challenge(response.status_code)
        return Page(
            requested_url=self._url,
            url=str(response.url),
            status=response.status_code,
            headers=plain_headers(response),
            media_type=media_type,
            charset=charset,
            body=body,
            fetched_at=self._clock(),
            validators=validators_in(response.headers),
        )

    async def _bad_status(self, response: httpx.Response) -> Failure:
        status = response.status_code
        media_type, _ = content_type(response.headers.get("content-type", ""))
        if self._is_challenge(await self._beginning(response), media_type):
            return self._challenge(status)
        wait = retry_after(response.headers.get("retry-after"), now=self._clock())
        return self.failure(
            FailureKind.HTTP_STATUS,
            f"{self._url} answered {spell_status(status)}",
            status == HTTPStatus.GONE,
            status=status,
            wait=wait,
        )

    async def _beginning(self, response: httpx.Response) -> bytes:
        try:
            return await self._body(response, SMALL_BYTES)
        except (ContentError, RequestError):
            return b""  # an error page that is long or broken is no challenge

    async def _body(self, response: httpx.Response, limit_bytes: int) -> bytes:
        inflater = Inflater(response.headers.get("content-encoding", ""), limit_bytes=limit_bytes)
        sent = 0
        async for chunk in response.aiter_raw():
            sent += len(chunk)
            if sent > limit_bytes:
                raise TooLargeError(f"the answer is larger than {limit_bytes:,} bytes")
            inflater.feed(chunk)
        return inflater.finish()

    def _is_challenge(self, body: bytes, media_type: str) -> bool:
        markers = self._manner.blocked_markers
        return is_challenge(body, media_type=media_type, markers=markers)

    def _challenge(self, status: int) -> Failure:
        detail = f"{self._url} answers with a challenge page that wants a browser to run a script"
        return self.failure(FailureKind.CHALLENGE, detail, status=status)
