"""Hundreds of hosts on loopback, each an address of its own, that watch how they are asked.

A host is an address of 127.0.0.0/8 and counts, as it answers, what a polite reader never does: a
second request before the first is answered, and one before the pause has passed. Run as a process
of its own (`python -m tests.trials.hosts COUNT PAUSE_SECONDS FILE`), so that it takes nothing from
those that are measured. It writes what it saw into FILE when it is ended.
"""

import asyncio
import json
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

PORT = 18080
#: A host publishes an article this often: forty a day, as the press does.
EVERY = timedelta(minutes=36)
#: What one measures between two requests is a little less than what the other side waited.
GRACE_SECONDS = 0.01
VOCABULARY = (
    "مس کرمان معدن تولید صنعت کارخانه استان مدیر گفت سال طرح افزایش کارگاه کوچک وام بانک اشتغال "
    "صادرات واحد تن برق آب راه شهر روستا پسته فرش بازار قیمت کارگر مهندس دانشگاه نمایشگاه سرمایه "
    "زغال سنگ سیرجان رفسنجان جیرفت بم زرند بردسیر شهربابک بافت انار کهنوج و در از به با برای که را "
    "این آن هم تا بر نیز دیگر همچنین امسال گذشته آینده نخستین بزرگترین توسعه ساخت بهره راه‌اندازی"
)
WORDS = VOCABULARY.split()


@dataclass(slots=True)
class Host:
    """What one host saw: how many requests, and which came too early."""

    requests: int = 0
    overlaps: int = 0
    early: int = 0
    shortest_pause: float | None = None
    answering: int = 0
    answered_at: float | None = None

    def begin(self, now: float, pause: float) -> None:
        """Take note of a request that arrives."""
        self.requests += 1
        self.overlaps += self.answering > 0
        self.answering += 1
        if self.answered_at is None:
            return
        waited = now - self.answered_at
        self.shortest_pause = min(waited, self.shortest_pause or waited)
        self.early += waited < pause - GRACE_SECONDS

    def end(self, now: float) -> None:
        """Take note of an answer that has left."""
        self.answering -= 1
        self.answered_at = now


def address(number: int) -> str:
    """Return the authority of a host: `127.A.B.C:PORT`, never 127.0.0.1."""
    return f"127.{10 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}:{PORT}"


def text(number: int, issue: int, count: int) -> list[str]:
    """Return the paragraphs of an article; every second host runs its neighbour's text."""
    chance = random.Random(f"{number // 2}-{issue}-{count // 1000}")
    return [" ".join(chance.choices(WORDS, k=45)) + "." for _ in range(4)]


class Press:
    """All the hosts."""

    def __init__(self, count: int, pause_seconds: float) -> None:
        self.hosts = [Host() for _ in range(count)]
        self._pause = pause_seconds
        self._began_at = datetime.now(UTC)

    async def serve(self) -> None:
        """Listen on every host's address."""
        for number in range(len(self.hosts)):
            name, port = address(number).split(":")
            await asyncio.start_server(self._connected(number), name, int(port), backlog=8)

    def report(self) -> dict[str, float]:
        """Return what all hosts saw together."""
        pauses = [one.shortest_pause for one in self.hosts if one.shortest_pause is not None]
        return {
            "hosts": len(self.hosts),
            "asked": sum(one.requests > 0 for one in self.hosts),
            "requests": sum(one.requests for one in self.hosts),
            "overlaps": sum(one.overlaps for one in self.hosts),
            "early": sum(one.early for one in self.hosts),
            "shortest_pause_seconds": round(min(pauses, default=0.0), 3),
        }

    def _connected(
        self, number: int
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]:
        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            host = self.hosts[number]
            try:
                while True:
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                    host.begin(time.monotonic(), self._pause)
                    try:
                        await asyncio.sleep(random.uniform(0.01, 0.1))
                        writer.write(self._answer(number, head))
                        await writer.drain()
                    finally:
                        host.end(time.monotonic())
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        return converse

    def _answer(self, number: int, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        if path == "/feed":
            return self._feed(number, head)
        if path.startswith("/fa/news/"):
            return _wire(200, self._page(number, int(path.rsplit("/", 1)[1])))
        return _wire(404, "<h1>404</h1>")

    def _issues(self, number: int) -> int:
        """Count what the host has published: one before the beginning, then one every so often."""
        age = datetime.now(UTC) - self._began_at + EVERY * (number * 7 % 100) / 100
        return 1 + age // EVERY

    def _feed(self, number: int, head: str) -> bytes:
        issues = self._issues(number)
        etag = f'"{issues}"'
        if f"if-none-match: {etag}" in head.lower():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        items = "".join(
            f"<item><title>{_title(number, one)}</title>"
            f"<link>http://{address(number)}/fa/news/{number * 1000 + one}</link>"
            f"<pubDate>{self._published(number, one):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for one in range(1, issues + 1)
        )
        body = f"<rss version='2.0'><channel><title>{number}</title>{items}</channel></rss>"
        return _wire(200, body, f"ETag: {etag}\r\n")

    def _page(self, number: int, id_: int) -> str:
        issue = id_ % 1000
        paragraphs = "".join(f"<p>{one}</p>" for one in text(number, issue, len(self.hosts)))
        return (
            "<!DOCTYPE html><html><head><meta charset='utf-8'>"
            f"<meta property='article:published_time' content='{self._published(number, issue)}'>"
            f"</head><body><h1 class='title'>{_title(number, issue)}</h1>"
            f"<div class='body'>{paragraphs}</div></body></html>"
        )

    def _published(self, number: int, issue: int) -> datetime:
        return (self._began_at + EVERY * (issue - 1) - EVERY * (number * 7 % 100) / 100).replace(
            microsecond=0
        )


def _title(number: int, issue: int) -> str:
    return " ".join(random.Random(f"t{number // 2}-{issue}").choices(WORDS, k=8))


def _wire(status: int, body: str, more: str = "") -> bytes:
    data = body.encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n{more}"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


def write_outlets(folder: Path, count: int, *, pause_seconds: float, minutes: float) -> None:
    """Write the file of every host's outlet, visited every so many minutes."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        origin = f"http://{address(number)}"
        (folder / f"host{number}.toml").write_text(
            f'id = "host{number}"\nname = "روزنامهٔ {number}"\nname_en = "Paper {number}"\n'
            f'homepage = "{origin}/"\nrole = "local"\nprofile = "iransamaneh"\n'
            f'allow_private = ["127.0.0.0/8"]\n\n'
            f'[[ways_in]]\nkind = "feed"\nurl = "{origin}/feed"\n\n'
            f"[politeness]\npause_seconds = {pause_seconds}\n\n"
            f"[interval]\nmin_minutes = {minutes}\nmax_minutes = {minutes}\n",
            encoding="utf-8",
        )


async def main(count: int, pause_seconds: float, file: Path) -> None:
    """Serve until SIGTERM, then write the report."""
    wanted = count * 3 + 500
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, most), most))
    press, ended = Press(count, pause_seconds), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await press.serve()
    print("ready", flush=True)
    await ended.wait()
    worst = sorted(press.hosts, key=lambda one: -(one.early + one.overlaps))[:3]
    report = press.report() | {"worst": [asdict(one) for one in worst]}
    await asyncio.to_thread(file.write_text, json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
