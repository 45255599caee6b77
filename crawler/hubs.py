"""Asks a WebSub hub to subscribe us or to let us go, through the guarded transport."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import httpx

from crawler.errors import RequestError
from crawler.fetch import Fetcher, Manner
from crawler.httpform import redirect_target, spell_status, web_address
from crawler.page import Failure, FailureKind
from crawler.plaintext import plain_line
from crawler.retryafter import retry_after
from crawler.websub import is_private_line

_TIME_LIMIT: Final = timedelta(seconds=20)
_MOST_REDIRECTS: Final = 3
_ANSWER_BYTES: Final = 1_000
_ELSEWHERE: Final = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})


class Mode(StrEnum):
    """What is asked of a hub."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRequest:
    """One request to a hub (§5.1).

    `secret` stays between the hub and us; None is for a hub that could not be told it unheard.
    """

    hub: str
    mode: Mode
    topic: str
    callback: str
    secret: str | None
    lease: timedelta

    def form(self) -> dict[str, str]:
        """Return the fields of the form."""
        fields = {
            "hub.mode": self.mode.value,
            "hub.topic": self.topic,
            "hub.callback": self.callback,
        }
        if self.mode is Mode.SUBSCRIBE:
            fields["hub.lease_seconds"] = str(int(self.lease.total_seconds()))
            if self.secret is not None:
                fields["hub.secret"] = self.secret
        return fields


async def ask_hub(fetcher: Fetcher, request: HubRequest, manner: Manner) -> Failure | None:
    """Send one request; None when the hub takes it (it will ask back), else why it does not.

    A hub that names another one (307, 308) is followed there (§5.2), every address checked anew.
    """
    try:
        async with asyncio.timeout(_TIME_LIMIT.total_seconds()):
            return await _exchange(fetcher, request, manner)
    except TimeoutError:
        seconds = _TIME_LIMIT.total_seconds()
        detail = f"the hub {request.hub} did not answer within {seconds:g} seconds"
        return _failure(request, FailureKind.TIMEOUT, detail, fetcher.now())
    except RequestError as error:
        return _failure(request, error.kind, _named(request, error), fetcher.now())
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return _failure(request, FailureKind.RESET, _named(request, error), fetcher.now())


async def _exchange(fetcher: Fetcher, request: HubRequest, manner: Manner) -> Failure | None:
    client = fetcher.client(manner)
    url = request.hub
    for _ in range(_MOST_REDIRECTS + 1):
        response = await client.send(
            client.build_request(
                "POST",
                web_address(url),
                data=request.form(),
                headers={
                    "User-Agent": fetcher.settings.user_agent,
                    "Accept-Encoding": "identity",
                },
            ),
            stream=True,
        )
        try:
            target = redirect_target(response) if response.status_code in _ELSEWHERE else None
            if target is None:
                return await _judged(request, response, fetcher.now())
            if request.secret is not None and not is_private_line(target):
                detail = f"the hub {request.hub} sends to {target}, where others could listen"
                return _failure(request, FailureKind.FORBIDDEN_ADDRESS, detail, fetcher.now())
            url = target
        finally:
            await response.aclose()
    detail = f"the hub {request.hub} sends from one to the next, last to {url}"
    return _failure(request, FailureKind.TOO_MANY_REDIRECTS, detail, fetcher.now())


async def _judged(request: HubRequest, response: httpx.Response, now: datetime) -> Failure | None:
    if response.is_success:
        return None
    said = await _beginning(response)
    detail = f"the hub {request.hub} answered {spell_status(response.status_code)}"
    return _failure(
        request,
        FailureKind.HTTP_STATUS,
        f"{detail}: {said}" if said else detail,
        now,
        wait=retry_after(response.headers.get("retry-after"), now=now),
    )


async def _beginning(response: httpx.Response) -> str:
    read = b""
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) >= _ANSWER_BYTES:
            break
    return plain_line(read[:_ANSWER_BYTES].decode(errors="replace"))


def _named(request: HubRequest, error: Exception) -> str:
    return f"the hub {request.hub} cannot be asked: {error}"


def _failure(
    request: HubRequest,
    kind: FailureKind,
    detail: str,
    now: datetime,
    *,
    wait: timedelta | None = None,
) -> Failure:
    return Failure(
        requested_url=request.hub, kind=kind, detail=detail, retry_after=wait, failed_at=now
    )
