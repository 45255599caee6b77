"""Measure what each hostile outlet costs its reader: time, and memory beyond a friendly one's.

    python -m tests.trials.hostile [KIND …]

The outlet is a server in this process; its reader is a process of its own, with the settings of a
real installation, that reads a friendly page first. Exit 1 when a bound does not hold.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from crawler.discover import discover
from crawler.extract import extract
from crawler.fetch import Fetcher
from crawler.pacing import Pacing
from crawler.page import Failure, Page
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from tests.crawler.hostile import (
    OPEN,
    Answer,
    Behaviour,
    Press,
    Request,
    drip,
    endless_body,
    endless_redirects,
    gzip_bomb,
    gzipped,
    hang_up,
)
from tests.crawler.making import NOW, outlet

MEMORY_BOUND_MB = 20
TIME_BOUND_SECONDS = 10.0
#: The settings of a real installation, on loopback.
REAL = replace(OPEN)

FEED = "<rss version='2.0'><channel><item><title>خبر</title><link>/1/</link></item></channel></rss>"
TEXT = "کارگاه‌های کوچک کرمان وام گرفتند و تولید را از سر گرفتند. "
PAGE = f"<html><body><h1>خبر</h1><div class='entry-content'><p>{TEXT * 40}</p></div></body></html>"
LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY l0 'lol'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one hostile outlet cost (by the clock and of the processor), and what was told of it."""

    kind: str
    seconds: float
    processor: float
    extra_mb: float
    told: str

    @property
    def is_bounded(self) -> bool:
        """Whether both bounds hold."""
        return self.seconds <= TIME_BOUND_SECONDS and self.extra_mb <= MEMORY_BOUND_MB


def _redirect(target: str) -> Answer:
    return Answer(status=302, headers={"Location": target})


def _stacked() -> Answer:
    bomb = gzip_bomb(200_000_000).body
    twice = gzipped(bomb if isinstance(bomb, bytes) else bomb.encode())
    return Answer(headers={"Content-Encoding": "gzip, gzip"}, body=twice.body)


def _deflate_bomb() -> Answer:
    body = zlib.compress(b"\0" * 200_000_000, 9)
    return Answer(headers={"Content-Encoding": "deflate"}, body=body)


def _encoded(name: str) -> Answer:
    return Answer(headers={"Content-Encoding": name}, body=b"\x8b\x02\x80" * 500)


def _cookies() -> Behaviour:
    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        head = "".join(f"Set-Cookie: c{n}={'x' * 200}\r\n" for n in range(300))
        writer.write(f"HTTP/1.1 200 OK\r\n{head}Content-Length: 2\r\n\r\nhi".encode())

    return behave


def _large_headers() -> Behaviour:
    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Large: " + b"x" * 1_000_000)
        writer.write(b"\r\nContent-Length: 2\r\n\r\nhi")

    return behave


def _links() -> str:
    return "".join(
        f"<article><h2><a href='/{n}/x'>تیتر خبر شماره {n}</a></h2></article>"
        for n in range(50_000)
    )


def _map() -> str:
    return "".join(
        f"<url><loc>/{n}/x</loc><lastmod>2026-11-20</lastmod></url>" for n in range(50_000)
    )


#: Each kind: how it is read (a way in, or an article's page), and what it answers.
KINDS: dict[str, tuple[str, Callable[[], Answer | Behaviour]]] = {
    "drip": ("feed", lambda: drip(b"<rss>" * 99_999, pause_seconds=0.2)),
    "drip of an article": ("page", lambda: drip(b"<p>" * 99_999, pause_seconds=0.2)),
    "endless body": ("feed", endless_body),
    "gzip bomb": ("feed", lambda: gzip_bomb(1_000_000_000)),
    "deflate bomb": ("feed", _deflate_bomb),
    "stacked gzip": ("feed", _stacked),
    "brotli": ("feed", lambda: _encoded("br")),
    "zstd": ("feed", lambda: _encoded("zstd")),
    "billion laughs in a feed": ("feed", lambda: Answer(body=f"{LAUGHS}<rss>&l9;</rss>")),
    "billion laughs in a sitemap": (
        "sitemap",
        lambda: Answer(body=f"{LAUGHS}<urlset>&l9;</urlset>"),
    ),
    "200,000 nested tags in a feed": ("feed", lambda: Answer(body="<rss>" + "<a>" * 200_000)),
    "200,000 nested tags in a map": (
        "sitemap",
        lambda: Answer(body="<urlset>" + "<a>" * 200_000),
    ),
    "gzip bomb as a sitemap's file": (
        "sitemap",
        lambda: Answer(
            headers={"Content-Type": "application/gzip"}, body=gzip_bomb(1_000_000_000).body
        ),
    ),
    "50,000 links in a sitemap": ("sitemap", lambda: Answer(body=f"<urlset>{_map()}</urlset>")),
    "200,000 nested tags in a page": ("page", lambda: Answer(body="<div>" * 200_000 + TEXT)),
    "200,000 nested tags in a list": ("list", lambda: Answer(body="<div>" * 200_000)),
    "redirects without end": ("feed", endless_redirects),
    "redirect to 169.254.169.254": ("feed", lambda: _redirect("http://169.254.169.254/")),
    "redirect to 10.0.0.1": ("feed", lambda: _redirect("http://10.0.0.1/")),
    "redirect to [::1]": ("feed", lambda: _redirect("http://[::1]:9/")),
    "redirect to file:": ("feed", lambda: _redirect("file:///etc/passwd")),
    "cookies": ("feed", _cookies),
    "1 MB of headers": ("feed", _large_headers),
    "wrong charset": (
        "page",
        lambda: Answer(headers={"Content-Type": "text/html; charset=utf-16"}, body=PAGE),
    ),
    "NUL bytes": ("page", lambda: Answer(body=PAGE.replace("خبر", "خ\0بر") + "\0" * 1_000_000)),
    "50,000 links": ("list", lambda: Answer(body=_links())),
    "a page of 5 MB": ("page", lambda: Answer(body=f"<p>{TEXT}</p>" * 44_000)),
    "a feed of 5 MB": ("feed", lambda: Answer(body=FEED.replace("خبر", TEXT * 44_000))),
    "hangs up": ("feed", hang_up),
    "a login page": ("feed", lambda: Answer(body=PAGE)),
}


@contextmanager
def _press(kind: str) -> Iterator[int]:
    """Serve one hostile address and a friendly one, in a thread; give the port."""
    ready, done = threading.Event(), threading.Event()
    port: list[int] = []

    async def serve() -> None:
        async with Press() as press:
            press.serve("/robots.txt", Answer(status=404))
            press.serve("/good/feed", Answer(body=FEED))
            press.serve("/good/page", Answer(body=PAGE))
            press.serve("/on/*", KINDS[kind][1]())
            port.append(press.port)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(60)
    try:
        yield port[0]
    finally:
        done.set()
        thread.join(10)


def measure(kind: str) -> Cost:
    """Let a process of its own read one hostile outlet."""
    with _press(kind) as port:
        done = subprocess.run(
            [sys.executable, "-m", "tests.trials.hostile", "--read", kind, str(port)],
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
        )
    return Cost(**json.loads(done.stdout))


def read(kind: str, port: int) -> Cost:
    """Read a friendly outlet, then the hostile one; say what the second cost more."""
    base = f"http://127.0.0.1:{port}"
    how = KINDS[kind][0]
    for way in ("feed", "page"):
        asyncio.run(_visit(base, way, f"/good/{way}"))
    _reset_peak()
    before = _peak_mb()
    began, used = time.monotonic(), time.process_time()
    told = asyncio.run(_visit(base, how, "/on/0"))
    return Cost(
        kind=kind,
        seconds=time.monotonic() - began,
        processor=time.process_time() - used,
        extra_mb=_peak_mb() - before,
        told=told,
    )


async def _visit(base: str, how: str, path: str) -> str:
    way = {"kind": "feed" if how == "page" else how, "url": base + path}
    of = outlet(homepage=base + "/", politeness={"pause_seconds": 0}, ways_in=[way])
    async with Fetcher(REAL, clock=lambda: NOW) as fetcher:
        guest = Visitor(of, fetcher, robots=RobotsCache(), pacing=Pacing())
        if how != "page":
            found = await discover(of, guest, {}, NOW)
            failed = ", ".join(one.kind.value for one in found.failures)
            return failed or f"{len(found.entries)} entries"
        answer = await guest.fetch(base + path)
        said = extract(answer, of, now=NOW) if isinstance(answer, Page) else answer
        if isinstance(said, Failure):
            return said.kind.value
        return f"read: {getattr(said, 'title', '')}"[:40]


def _peak_mb() -> float:
    """The most memory this process has had since the last reset, in MB."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this system does not tell a process's peak of memory")


def _reset_peak() -> None:
    """Let the peak begin anew at what is held now (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main(words: list[str]) -> int:
    """Measure the kinds named, or all; print the table."""
    if words[:1] == ["--read"]:
        print(json.dumps(asdict(read(words[1], int(words[2])))))
        return 0
    costs = [measure(kind) for kind in words or KINDS]
    for one in costs:
        mark = "" if one.is_bounded else "  BROKEN"
        times = f"{one.seconds:6.2f} s {one.processor:6.2f} s"
        print(f"{one.kind:32} {times} {one.extra_mb:7.1f} MB  {one.told}{mark}")
    return 0 if all(one.is_bounded for one in costs) else 1


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[2])
    sys.exit(main(sys.argv[1:]))
