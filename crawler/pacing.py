"""Keeps one request at a time per host, with a pause between two, inside one process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from crawler.errors import HostWantsPeace

_KEPT_HOSTS: Final = 4_096  # forget idle hosts beyond this many


@dataclass(slots=True)
class _Host:
    """One host's turn: who has it, and the loop times of the next one and of the end of peace."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    held_until: float = 0.0
    waiting: int = 0

    def is_idle(self, now: float) -> bool:
        """Tell whether forgetting the host would change nothing."""
        return not self.waiting and max(self.free_at, self.held_until) < now


class Pacing:
    """Hands out turns; `async with pacing.turn(host, pause)` holds the host until it ends."""

    def __init__(self, *, loop_time: Callable[[], float] | None = None) -> None:
        self._hosts: dict[str, _Host] = {}
        self._loop_time = loop_time

    @asynccontextmanager
    async def turn(
        self, host: str, pause: timedelta, *, patience: timedelta = timedelta.max
    ) -> AsyncIterator[None]:
        """Wait for the host to be free, hold it, and keep it quiet for `pause` afterwards.

        Raises HostWantsPeace when the host asked to be left alone for longer than `patience`.
        """
        state = self._state(host)
        state.waiting += 1
        try:
            async with state.lock:
                held = timedelta(seconds=max(0.0, state.held_until - self._now()))
                if held > patience:
                    raise HostWantsPeace(host, held)
                free_at = max(state.free_at, state.held_until)
                await asyncio.sleep(max(0.0, free_at - self._now()))
                try:
                    yield
                finally:
                    state.free_at = max(state.free_at, self._now() + pause.total_seconds())
        finally:
            state.waiting -= 1

    async def rest(self, hosts: Collection[str]) -> None:
        """Wait until the pause after the last turn at each of these hosts is over."""
        states = [self._hosts[host] for host in hosts if host in self._hosts]
        free_at = max((state.free_at for state in states), default=0.0)
        await asyncio.sleep(max(0.0, free_at - self._now()))

    def hold(self, host: str, wait: timedelta) -> None:
        """Keep the host quiet for `wait` from now, as its Retry-After asks."""
        state = self._state(host)
        state.held_until = max(state.held_until, self._now() + wait.total_seconds())

    def _state(self, host: str) -> _Host:
        if len(self._hosts) > _KEPT_HOSTS:
            self._forget_idle()
        return self._hosts.setdefault(host, _Host())

    def _forget_idle(self) -> None:
        now = self._now()
        idle = [name for name, host in self._hosts.items() if host.is_idle(now)]
        for name in idle:
            del self._hosts[name]

    def _now(self) -> float:
        return self._loop_time() if self._loop_time else asyncio.get_running_loop().time()
