"""Fetches for one outlet politely: robots first, one request at a time, a pause between."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from crawler.errors import HostWantsPeace
from crawler.fetch import Fetcher, Manner
from crawler.identity import belongs
from crawler.outlets import Outlet
from crawler.pacing import Pacing
from crawler.page import Failure, Fetched, Validators
from crawler.robots import RobotsCache, Rules

_NO_PAUSE: Final = timedelta(0)
_PATIENCE: Final = timedelta(seconds=60)  # inside a visit; a longer Retry-After ends it
_ASKS_FOR_PEACE: Final = frozenset({429, 503})


class Visitor:
    """Fetches addresses of one outlet politely.

    `requests` counts what was really sent, `crawl_delay` is the longest that robots.txt asked for.
    """

    def __init__(
        self, outlet: Outlet, fetcher: Fetcher, *, robots: RobotsCache, pacing: Pacing
    ) -> None:
        self.outlet = outlet
        self.requests = 0
        self.crawl_delay = _NO_PAUSE
        self._fetcher = fetcher
        self._robots = robots
        self._pacing = pacing
        self.manner = Manner(
            allow_private=outlet.allow_private,
            tls_verify=outlet.tls_verify,
            user_agent_suffix=outlet.politeness.user_agent_suffix,
            blocked_markers=outlet.profile.blocked_markers,
        )

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        """Fetch `url` when robots.txt and the host's wishes allow it now."""
        refusal = await self._robots.refusal(url, _Plainly(self))
        if refusal is not None:
            return refusal
        rules = await self._robots.rules(url, _Plainly(self))
        # within one outlet the rules hold for every face of it, wherever a redirect leads
        manner = replace(
            self.manner, permits=lambda to: rules.allows(to) or not belongs(to, outlet=self.outlet)
        )
        return await self.send(url, manner, self._pause(rules), validators=validators)

    async def send(
        self, url: str, manner: Manner, pause: timedelta, *, validators: Validators | None = None
    ) -> Fetched:
        """Send one request in the host's turn."""
        host = urlsplit(url).netloc
        try:
            async with self._pacing.turn(host, pause, patience=_PATIENCE):
                self.requests += 1
                answer = await self._fetcher.fetch(url, validators=validators, manner=manner)
        except HostWantsPeace as error:
            return self._not_asked(url, error)
        if isinstance(answer, Failure) and answer.status in _ASKS_FOR_PEACE:
            self._pacing.hold(host, answer.retry_after or pause)
        return answer

    def _pause(self, rules: Rules) -> timedelta:
        self.crawl_delay = max(self.crawl_delay, rules.delay())
        own = timedelta(seconds=self.outlet.politeness.pause_seconds)
        return max(own, self.crawl_delay)

    def _not_asked(self, url: str, error: HostWantsPeace) -> Failure:
        return Failure(
            requested_url=url,
            kind=error.kind,
            detail=f"{url} was not asked for: {error}",
            status=429,
            retry_after=error.wait,
            failed_at=self._fetcher.now(),
        )


class _Plainly:
    """Fetches robots.txt itself, which no robots.txt can forbid, with the outlet's own pause."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    async def fetch(self, url: str, *, validators: Validators | None = None) -> Fetched:
        visitor = self._visitor
        pause = timedelta(seconds=visitor.outlet.politeness.pause_seconds)
        return await visitor.send(url, visitor.manner, pause, validators=validators)
