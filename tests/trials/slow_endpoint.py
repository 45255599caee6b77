"""Let some endpoints hang for 20 s beside fast ones and mail, and see how long the others wait.

Usage: python -m tests.trials.slow_endpoint [--slow 40] [--fast 50] [--stories 3]

The whole daemon is at work: ledger, ticks, durable queue, SMTP and HTTP on loopback.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from alerts.announce import Occasion, announce
from alerts.attempt import utc_now
from alerts.webhook import new_secret
from service.cli.opening import bring_up_to_date
from service.daemon import at_work
from service.house import House, open_house
from service.settings import AlertSettings, CrawlSettings, Settings, SmtpSettings
from storage.subscription import Channel, NewRecipient
from tests.alerts.news import COPPER, article, facts
from tests.alerts.playing_smtp import PlayingRelay
from tests.storage.ledger_examples import subscribe

HANG_SECONDS: Final = 20.0


@dataclass(slots=True)
class Endpoints:
    """Webhook endpoints on one port; those whose path begins with /slow hang until released."""

    port: int = 0
    arrived: list[tuple[str, float]] = field(default_factory=list)
    hanging: int = 0
    gave_up: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            self.released.set()
            server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                await reader.readexactly(_length(head))
                path = head.split(" ", 2)[1]
                if path.startswith("/slow"):
                    await self._hang()
                else:
                    self.arrived.append((path, time.monotonic()))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _hang(self) -> None:
        self.hanging += 1
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await self.released.wait()
        except TimeoutError:
            self.gave_up += 1


def _length(head: str) -> int:
    lines = (line.partition(":") for line in head.lower().split("\r\n"))
    return next(int(value) for name, _, value in lines if name == "content-length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long after it was owed every message of the others arrived, in seconds, in order.

    `hanging` slow endpoints were asked meanwhile; `gave_up` of them hung to the end of their time.
    """

    posts: list[float]
    mails: list[float]
    hanging: int
    gave_up: int


async def run(folder: Path, *, slow: int, fast: int, stories: int, patience: float) -> Waits:
    """Owe every story to everybody at once; return when the slow hang and the others have it."""
    relay, endpoints = PlayingRelay(), Endpoints()
    mails: list[float] = []
    async with relay, endpoints.serving():
        house = _house(folder, relay.port)
        try:
            _subscribe(house, endpoints.port, slow, fast)
            async with at_work(house, lambda _report: None, drain_seconds=5):
                await asyncio.sleep(1)
                began = time.monotonic()
                await asyncio.to_thread(_owe, house, stories)
                async with asyncio.timeout(patience):
                    while (
                        endpoints.hanging < slow
                        or len(endpoints.arrived) < fast * stories
                        or len(mails) < fast * stories
                    ):
                        mails += [time.monotonic()] * (len(relay.inbox) - len(mails))
                        await asyncio.sleep(0.02)
                hanging, gave_up = endpoints.hanging, endpoints.gave_up
                endpoints.released.set()
        finally:
            house.close()
    return Waits(
        posts=sorted(at - began for _, at in endpoints.arrived),
        mails=sorted(at - began for at in mails),
        hanging=hanging,
        gave_up=gave_up,
    )


def _house(folder: Path, smtp_port: int) -> House:
    settings = Settings(
        data_folder=folder,
        crawl=CrawlSettings(shipped_catalogue=False),
        smtp=SmtpSettings(
            host="127.0.0.1", port=smtp_port, security="none", messages_per_minute=100_000
        ),
        alerts=AlertSettings(allow_private=("127.0.0.1/32",), tick_seconds=0.5),
    )
    folder.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(settings)
    return open_house(settings)


def _subscribe(house: House, port: int, slow: int, fast: int) -> None:
    paths = [f"slow{n}" for n in range(slow)] + [f"fast{n}" for n in range(fast)]
    with house.database.write() as connection:
        for path in paths:
            hook = NewRecipient(
                channel=Channel.WEBHOOK,
                address=f"http://127.0.0.1:{port}/{path}",
                secret=new_secret(),
            )
            subscribe(connection, path, new=hook)
        for number in range(fast):
            subscribe(connection, f"reader{number}")


def _owe(house: House, stories: int) -> None:
    now = utc_now()
    with house.database.write() as connection:
        for story in range(stories):
            announce(
                connection,
                article(published_at=now),
                [COPPER],
                partial(facts, story),
                Occasion(now=now),
            )


def main() -> None:
    """Run once without slow endpoints and once with them, and print how long the others waited."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("slow", 40), ("fast", 50), ("stories", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    print(f"{'hanging':>8} {'posts: half':>12} {'last':>6} {'mails: half':>12} {'last':>6}")
    for slow in (0, asked.slow):
        with tempfile.TemporaryDirectory() as folder:
            seen = asyncio.run(
                run(Path(folder), slow=slow, fast=asked.fast, stories=asked.stories, patience=120)
            )
        posts, mails = seen.posts, seen.mails
        print(
            f"{seen.hanging:8} {posts[len(posts) // 2]:12.2f} {posts[-1]:6.2f} "
            f"{mails[len(mails) // 2]:12.2f} {mails[-1]:6.2f}"
        )


if __name__ == "__main__":
    main()
