"""Tell systemd that we are ready, alive and stopping, over the socket it names (sd_notify(3)).

Outside of systemd there is no NOTIFY_SOCKET, and nothing is told.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

import structlog

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
ALIVE: Final = "WATCHDOG=1"
#: How many signs of life fit into the time after which systemd gives us up.
SIGNS: Final = 3

log: Final = structlog.get_logger("rasad")


@asynccontextmanager
async def notifying(environment: Mapping[str, str] | None = None) -> AsyncIterator[None]:
    """Say READY=1, then WATCHDOG=1 as long as the event loop turns, and STOPPING=1 at the end.

    Enter it last, when everything runs: its end is then told before the work drains.
    """
    environment = os.environ if environment is None else environment
    address = environment.get("NOTIFY_SOCKET", "")
    tell(address, READY)
    living = asyncio.create_task(_live(address, watchdog(environment)))
    try:
        yield
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
        tell(address, STOPPING)


def watchdog(environment: Mapping[str, str]) -> timedelta | None:
    """Return after what silence systemd ends us; None when it does not watch this process."""
    text = environment.get("WATCHDOG_USEC", "")
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        return None
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return timedelta(microseconds=int(text))


def tell(address: str, word: str) -> bool:
    """Send one word; return whether it was taken. A silent systemd must not stop the work."""
    if not address.startswith(("/", "@")):
        return False
    name = f"\0{address[1:]}" if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
            out.sendto(word.encode(), name)
    except OSError as error:
        log.warning("systemd was not told", word=word, socket=address, why=str(error))
        return False
    return True


async def _live(address: str, silence: timedelta | None) -> None:
    """Give signs of life, if somebody waits for them."""
    while silence is not None:
        tell(address, ALIVE)
        await asyncio.sleep(silence.total_seconds() / SIGNS)
