"""Asks robots.txt before anything else is asked of a host (RFC 9309); Protego's one importer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import protego

from crawler.decode import decode
from crawler.fetch import Fetches, utc_now
from crawler.page import Failure, FailureKind, Page, Unchanged

AGENT: Final = "Rasad"
KEPT_FOR: Final = timedelta(hours=24)  # RFC 9309 §2.4
ASK_AGAIN_AFTER: Final = timedelta(minutes=30)  # while robots.txt itself cannot be read
LONGEST_DELAY: Final = timedelta(minutes=5)  # a crawl-delay above this would stop the reading
_READ_BYTES: Final = 512 * 1024  # RFC 9309 §2.5: at least 500 KiB are parsed
_CLIENT_ERRORS: Final = range(400, 500)
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one host's robots.txt says; `refusal` is set while it cannot be read."""

    parsed: Any
    refusal: Failure | None
    read_at: datetime
    good_for: timedelta

    def allows(self, url: str) -> bool:
        """Tell whether robots.txt lets this program read the address."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT))

    def delay(self) -> timedelta:
        """Return the crawl-delay asked of this program, at most five minutes."""
        seconds = self.parsed.crawl_delay(AGENT) if self.parsed else None
        return min(timedelta(seconds=max(0.0, float(seconds or 0))), LONGEST_DELAY)


class RobotsCache:
    """Remembers the rules of every host for a day at most."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rules(self, url: str, fetcher: Fetches) -> Rules:
        """Return the rules of the address's host, fetching robots.txt when none are fresh."""
        origin = _origin(url)
        async with self._locks.setdefault(origin, asyncio.Lock()):
            known = self._rules.get(origin)
            if known is None or self._clock() - known.read_at >= known.good_for:
                known = await self._read(origin, fetcher)
                self._rules[origin] = known
        return known

    async def refusal(self, url: str, fetcher: Fetches) -> Failure | None:
        """Say why the address may not be asked for now, or None when it may."""
        rules = await self.rules(url, fetcher)
        if rules.refusal is not None:
            return _about(url, rules.refusal)
        if rules.allows(url):
            return None
        return Failure(
            requested_url=url,
            kind=FailureKind.ROBOTS,
            detail=f"{_origin(url)}/robots.txt asks robots not to read {url}",
            failed_at=self._clock(),
        )

    async def _read(self, origin: str, fetcher: Fetches) -> Rules:
        answer = await fetcher.fetch(f"{origin}/robots.txt")
        match answer:
            case Page():
                text = decode(answer.body[:_READ_BYTES], answer.charset)
                return self._known(protego.Protego.parse(text))
            case Failure() if _says_there_are_none(answer):
                return self._known(None)
            case Failure():
                return self._unknown(_refusal(origin, answer))
            case Unchanged():
                return self._known(None)

    def _known(self, parsed: object) -> Rules:
        return Rules(parsed=parsed, refusal=None, read_at=self._clock(), good_for=KEPT_FOR)

    def _unknown(self, refusal: Failure) -> Rules:
        wait = min(refusal.retry_after or ASK_AGAIN_AFTER, KEPT_FOR)
        return Rules(parsed=None, refusal=refusal, read_at=self._clock(), good_for=wait)


def _says_there_are_none(answer: Failure) -> bool:
    # RFC 9309 §2.3.1.3: "unavailable" (4xx) means no rules; 429 is a server asking for peace
    return (
        answer.kind is FailureKind.HTTP_STATUS
        and answer.status in _CLIENT_ERRORS
        and answer.status != _TOO_MANY
    )


def _refusal(origin: str, answer: Failure) -> Failure:
    if answer.kind is not FailureKind.HTTP_STATUS:
        return answer  # unreachable, blocked, a broken certificate: that is the reason to show
    return Failure(
        requested_url=origin,
        kind=FailureKind.ROBOTS,
        detail=f"{origin}/robots.txt answered {answer.status}, so nothing is read there for now",
        status=answer.status,
        retry_after=answer.retry_after,
        failed_at=answer.failed_at,
    )


def _about(url: str, refusal: Failure) -> Failure:
    return Failure(
        requested_url=url,
        kind=refusal.kind,
        detail=refusal.detail,
        permanent=refusal.permanent,
        status=refusal.status,
        retry_after=refusal.retry_after,
        failed_at=refusal.failed_at,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
