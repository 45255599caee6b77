"""The pulse of the event loop: a loop that stands still is told, one that turns is not."""

import asyncio
import time
from datetime import timedelta

from service.pulse import STILL, Stalls, felt

MS = timedelta(milliseconds=1)


def test_only_a_loop_that_stood_still_counts() -> None:
    seen = Stalls().after(STILL).after(300 * MS).after(MS).after(150 * MS)
    assert (seen.count, seen.worst) == (2, 300 * MS)


def test_a_loop_that_is_blocked_is_told() -> None:
    told: list[Stalls] = []

    async def scenario() -> None:
        async with felt(told.append, every_told=timedelta(seconds=0.5)):
            await asyncio.sleep(0.1)
            time.sleep(0.4)  # noqa: ASYNC251  # the fault
            async with asyncio.timeout(20):
                while not told:
                    await asyncio.sleep(0.05)

    asyncio.run(scenario())
    assert told[0].count >= 1
    assert told[0].worst >= 300 * MS
