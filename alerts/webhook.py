"""Send to webhooks: sign by Standard Webhooks 1.0, post once through the guarded transport."""

import asyncio
import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from secrets import token_bytes
from types import TracebackType
from typing import Final, Protocol, Self

from httpx import InvalidURL

from alerts.outcome import Outcome, Refused, Sent
from alerts.tidy import one_line
from crawler.errors import CrawlerError
from crawler.guard import networks
from crawler.retryafter import retry_after
from crawler.transport import Resolver, guarded_client, system_resolver, trust

#: The whole exchange, name look-up and answer included (Standard Webhooks: 15 to 30 s).
TIME_LIMIT: Final = timedelta(seconds=20)

#: The part of it for the connection and its TLS handshake; a handshake that ends by its own limit
#: is closed, one cut off by the whole limit would leave its socket to the garbage collector.
CONNECT_SHARE: Final = 0.5

#: Nobody needs a receiver's answer; its first bytes help to understand a refusal.
ANSWER_BYTES: Final = 2048
ANSWER_SECONDS: Final = 2.0

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32  # the specification wants 24 to 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One webhook to send; `secrets` holds the current one first, then one being rotated out."""

    url: str
    message_id: str
    body: bytes
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """How webhooks are sent; `allow_private` opens addresses the guard would refuse (the demo)."""

    user_agent: str = "Rasad webhooks/1.0"
    time_limit: timedelta = TIME_LIMIT
    allow_private: tuple[str, ...] = ()
    extra_authorities: tuple[str, ...] = ()
    resolver: Resolver = field(default=system_resolver, repr=False)


class SendsPosts(Protocol):
    """Anything that posts a webhook and says what became of it."""

    async def send(self, post: Post, *, now: datetime) -> Outcome:
        """Post once; an expected failure is a value."""
        ...


def new_secret() -> str:
    """Make a signing secret, `whsec_` and 32 random bytes in base64."""
    return _PREFIX + b64encode(token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Say whether a text is a usable signing secret: 24 to 64 bytes in base64 after `whsec_`."""
    try:
        key = _key(text)
    except (Base64Error, ValueError):
        return False
    return text.startswith(_PREFIX) and 24 <= len(key) <= 64  # noqa: PLR2004 - the specification's


def signed_headers(
    message_id: str, body: bytes, secrets: Sequence[str], *, now: datetime
) -> dict[str, str]:
    """Return the three headers of Standard Webhooks 1.0, one signature for every secret."""
    timestamp = str(int(now.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (hmac.new(_key(secret), content, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{b64encode(s).decode()}" for s in signatures),
    }


class WebhookChannel:
    """Posts webhooks; an async context manager that owns the connections."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._client = guarded_client(
            allow=networks(settings.allow_private),
            ssl_context=trust(extra_authorities=settings.extra_authorities),
            resolver=settings.resolver,
        )

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._client)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def send(self, post: Post, *, now: datetime) -> Outcome:
        """Post once, follow nothing, and say what became of it."""
        try:
            async with asyncio.timeout(self._settings.time_limit.total_seconds()):
                return await self._exchange(post, now)
        except TimeoutError:
            seconds = self._settings.time_limit.total_seconds()
            return Refused(error=f"{place(post.url)} did not answer within {seconds:g} seconds")
        except CrawlerError as error:
            return Refused(error=str(error).replace(post.url, place(post.url)))
        except (InvalidURL, ValueError) as error:
            return Refused(error=f"{place(post.url)} is no address ({error})")

    async def _exchange(self, post: Post, now: datetime) -> Outcome:
        headers = signed_headers(post.message_id, post.body, post.secrets, now=now) | {
            "content-type": "application/json",
            "user-agent": self._settings.user_agent,
            "accept-encoding": "identity",
        }
        connect_seconds = self._settings.time_limit.total_seconds() * CONNECT_SHARE
        request = self._client.build_request(
            "POST",
            post.url,
            content=post.body,
            headers=headers,
            timeout=(connect_seconds, None, None, None),
        )
        response = await self._client.send(request, stream=True)
        try:
            if response.is_success:
                return Sent(receipt=f"HTTP {response.status_code}")
            begin = await _beginning(response.aiter_raw())
            asked = retry_after(response.headers.get("retry-after"), now=now)
            return refusal(post.url, response.status_code, asked=asked, answer=begin)
        finally:
            await response.aclose()


def refusal(url: str, status: int, *, asked: timedelta | None = None, answer: str = "") -> Refused:
    """Say what an answer that is no success means.

    Only 410 ends the endpoint. Every other status, a redirect and 4xx too, is a failure that may
    pass: the specification retries them, for a receiver being deployed answers anything.
    """
    said = f": {answer}" if answer else ""
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        said = " (a redirect, which is never followed)"
    return Refused(
        error=f"{place(url)} answered {_spell(status)}{said}",
        gone=status == HTTPStatus.GONE,
        retry_after=asked if status in _ASKING else None,
    )


_ASKING: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


async def _beginning(chunks: AsyncIterator[bytes]) -> str:
    """Read the first bytes of an answer; one that breaks off or drips has said enough."""
    read = b""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            async for chunk in chunks:
                read += chunk
                if len(read) >= ANSWER_BYTES:
                    break
    except (CrawlerError, TimeoutError):
        pass
    return one_line(read[:ANSWER_BYTES].decode(errors="replace"), 200)


def place(url: str) -> str:
    """Name an endpoint without its path and query, which often carry a token."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    return f"{scheme}://{authority}"


def _spell(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _key(secret: str) -> bytes:
    return b64decode(secret.removeprefix(_PREFIX), validate=True)
