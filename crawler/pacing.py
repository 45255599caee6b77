"""Keeps one request at a time per host, with a pause between two, inside one process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

_KEPT_HOSTS: Final = 4_096  # forget idle hosts beyond this many


@dataclass(slots=True)
class _Host:
    """One host's turn: who has it, and the loop time of the next free one."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    waiting: int = 0


class Pacing:
    """Hands out turns; `async with pacing.turn(host, pause)` holds the host until it ends."""

    def __init__(self, *, loop_time: Callable[[], float] | None = None) -> None:
        self._hosts: dict[str, _Host] = {}
        self._loop_time = loop_time

    @asynccontextmanager
    async def turn(self, host: str, pause: timedelta) -> AsyncIterator[None]:
        """Wait for the host to be free, hold it, and keep it quiet for `pause` afterwards."""
        state = self._state(host)
        state.waiting += 1
        try:
            async with state.lock:
                await asyncio.sleep(max(0.0, state.free_at - self._now()))
                try:
                    yield
                finally:
                    state.free_at = max(state.free_at, self._now() + pause.total_seconds())
        finally:
            state.waiting -= 1

    def hold(self, host: str, wait: timedelta) -> None:
        """Keep the host quiet for `wait` from now, as its Retry-After asks."""
        state = self._state(host)
        state.free_at = max(state.free_at, self._now() + wait.total_seconds())

    def quiet_for(self, host: str) -> timedelta:
        """Say how long the host is still to be left alone."""
        state = self._hosts.get(host)
        left = state.free_at - self._now() if state else 0.0
        return timedelta(seconds=max(0.0, left))

    def _state(self, host: str) -> _Host:
        if len(self._hosts) > _KEPT_HOSTS:
            self._forget_idle()
        return self._hosts.setdefault(host, _Host())

    def _forget_idle(self) -> None:
        now = self._now()
        idle = [
            name for name, host in self._hosts.items() if not host.waiting and host.free_at < now
        ]
        for name in idle:
            del self._hosts[name]

    def _now(self) -> float:
        return self._loop_time() if self._loop_time else asyncio.get_running_loop().time()
