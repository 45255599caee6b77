import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from crawler import pacing
from crawler.errors import HostWantsPeace
from crawler.pacing import Pacing

PAUSE = timedelta(seconds=0.05)


def test_one_host_is_asked_once_at_a_time_with_a_pause_between() -> None:
    async def scene() -> list[float]:
        turns, times, inside = Pacing(), [], 0
        loop = asyncio.get_running_loop()

        async def ask() -> None:
            nonlocal inside
            async with turns.turn("a", PAUSE):
                inside += 1
                assert inside == 1
                times.append(loop.time())
                await asyncio.sleep(0.01)
                inside -= 1

        await asyncio.gather(*(ask() for _ in range(4)))
        return [later - earlier for earlier, later in pairwise(times)]

    assert all(gap >= 0.059 for gap in asyncio.run(scene()))


def test_other_hosts_do_not_wait() -> None:
    async def scene() -> int:
        turns, together = Pacing(), 0
        everyone = asyncio.Event()

        async def ask(host: str) -> None:
            nonlocal together
            async with turns.turn(host, PAUSE):
                together += 1
                if together == 3:
                    everyone.set()
                await asyncio.wait_for(everyone.wait(), 5)

        await asyncio.gather(*(ask(host) for host in "abc"))
        return together

    assert asyncio.run(scene()) == 3


def test_a_host_that_asked_for_peace_is_left_alone() -> None:
    async def scene() -> timedelta:
        now = 100.0
        turns = Pacing(loop_time=lambda: now)
        turns.hold("a", timedelta(seconds=30))
        turns.hold("a", timedelta(seconds=10))
        now = 112.0
        with pytest.raises(HostWantsPeace, match="a wants no request for 0:00:18") as caught:
            async with turns.turn("a", PAUSE, patience=timedelta(seconds=5)):
                pass
        async with turns.turn("b", PAUSE, patience=timedelta(seconds=5)):
            return caught.value.wait

    assert asyncio.run(scene()) == timedelta(seconds=18)


def test_a_short_peace_is_waited_for() -> None:
    async def scene() -> float:
        turns, loop = Pacing(), asyncio.get_running_loop()
        begun = loop.time()
        turns.hold("a", timedelta(seconds=0.1))
        async with turns.turn("a", PAUSE, patience=timedelta(seconds=5)):
            return loop.time() - begun

    assert asyncio.run(scene()) >= 0.09


def test_a_long_pause_between_two_requests_is_no_wish_for_peace() -> None:
    async def scene() -> float:
        turns, loop = Pacing(), asyncio.get_running_loop()
        async with turns.turn("a", timedelta(seconds=0.1)):
            begun = loop.time()
        async with turns.turn("a", PAUSE, patience=timedelta(seconds=0.01)):
            return loop.time() - begun

    assert asyncio.run(scene()) >= 0.09


def test_who_waits_in_line_hears_of_the_wish_for_peace() -> None:
    async def scene() -> list[object]:
        turns = Pacing()

        async def first() -> None:
            async with turns.turn("a", timedelta(0)):
                await asyncio.sleep(0.02)
            turns.hold("a", timedelta(hours=1))

        async def second() -> None:
            async with turns.turn("a", timedelta(0), patience=timedelta(seconds=5)):
                pass

        return await asyncio.gather(first(), second(), return_exceptions=True)

    assert isinstance(asyncio.run(scene())[1], HostWantsPeace)


def test_a_turn_that_fails_gives_the_host_back() -> None:
    async def scene() -> bool:
        turns = Pacing()
        try:
            async with turns.turn("a", timedelta(0)):
                await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        except TimeoutError:
            async with turns.turn("a", timedelta(0)):
                return True

    assert asyncio.run(scene())


def test_idle_hosts_are_forgotten() -> None:
    async def scene() -> int:
        turns = Pacing()
        for number in range(pacing._KEPT_HOSTS + 100):
            async with turns.turn(f"host-{number}", timedelta(0)):
                pass
        return len(turns._hosts)

    assert asyncio.run(scene()) <= pacing._KEPT_HOSTS + 1
