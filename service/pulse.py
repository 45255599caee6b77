"""Feel the event loop's pulse: say when it stood still, for that delays everything at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

EVERY: Final = timedelta(milliseconds=50)
#: Longer than this is worth a line: a person clicking through the pages begins to feel it.
STILL: Final = timedelta(milliseconds=100)
TOLD_EVERY: Final = timedelta(minutes=1)

log: Final = structlog.get_logger("rasad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalls:
    """How often the loop stood still for longer than STILL, and for how long at worst."""

    count: int = 0
    worst: timedelta = timedelta(0)

    def after(self, late: timedelta) -> "Stalls":
        """Return the count with one more look, at which the loop woke so late. Pure."""
        if late <= STILL:
            return self
        return Stalls(count=self.count + 1, worst=max(self.worst, late))


@asynccontextmanager
async def felt(
    tell: Callable[[Stalls], None] | None = None, *, every_told: timedelta = TOLD_EVERY
) -> AsyncIterator[None]:
    """Watch the running loop for as long as the block lasts; tell of stalls once a minute."""
    watching = asyncio.create_task(_watch(tell or _warn, every_told))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(tell: Callable[[Stalls], None], every_told: timedelta) -> None:
    loop = asyncio.get_running_loop()
    seen, tell_at = Stalls(), loop.time() + every_told.total_seconds()
    while True:
        due = loop.time() + EVERY.total_seconds()
        await asyncio.sleep(EVERY.total_seconds())
        seen = seen.after(timedelta(seconds=loop.time() - due))
        if loop.time() >= tell_at:
            if seen.count:
                tell(seen)
            seen, tell_at = Stalls(), loop.time() + every_told.total_seconds()


def _warn(stalls: Stalls) -> None:
    log.warning(
        "the event loop stood still",
        times=stalls.count,
        worst_ms=round(stalls.worst / timedelta(milliseconds=1)),
    )
