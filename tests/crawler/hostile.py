"""A real HTTP server on loopback that answers as it is told: well, badly, or with malice."""

import asyncio
import gzip
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from crawler.fetch import FetchSettings

OPEN = FetchSettings(allow_private=("127.0.0.0/8",), user_agent="Rasad/test (+mailto:a@example.ir)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked for; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole response; Content-Length is added unless `headers` says otherwise."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str = b""

    def wire(self) -> bytes:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        headers |= self.headers
        lines = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        return "\r\n".join(lines).encode() + body


Behaviour = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


class Press:
    """The server; `serve` a path before asking for it, `seen` lists the requests it got."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.seen: list[Request] = []
        self._routes: dict[str, Behaviour] = {}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.close()
        await asyncio.sleep(0.01)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}{path}"

    def serve(self, path: str, answer: Answer | Behaviour) -> str:
        """Answer `path` so; a path ending in `*` answers all that begin so. Returns the address."""
        self._routes[path] = always(answer) if isinstance(answer, Answer) else answer
        return self.url(path)

    def paths(self) -> list[str]:
        return [request.path for request in self.seen]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while request := await _read(reader):
                self.seen.append(request)
                await self._route(request.path)(request, writer)
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def _route(self, path: str) -> Behaviour:
        if path in self._routes:
            return self._routes[path]
        for known, behaviour in self._routes.items():
            if known.endswith("*") and path.startswith(known[:-1]):
                return behaviour
        return always(Answer(status=404, body="<h1>not here</h1>"))


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(": ") for line in lines)
    return Request(method=method, path=path, headers={k.lower(): v for k, _, v in pairs})


def always(answer: Answer) -> Behaviour:
    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer.wire())

    return behave


def in_turn(*answers: Answer) -> Behaviour:
    """Give one answer after the other; the last one for ever."""
    left = list(answers)

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write((left.pop(0) if len(left) > 1 else left[0]).wire())

    return behave


def drip(body: bytes, *, pause_seconds: float) -> Behaviour:
    """Send a byte, wait, send a byte: no single read ever times out."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode())
        for i in range(len(body)):
            writer.write(body[i : i + 1])
            await writer.drain()
            await asyncio.sleep(pause_seconds)

    return behave


def hang_up(after: bytes = b"") -> Behaviour:
    """Send `after`, then end the connection."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await writer.drain()
        writer.close()

    return behave


def endless_body() -> Behaviour:
    """Send chunks for ever."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        while True:
            writer.write(chunk)
            await writer.drain()

    return behave


def endless_redirects() -> Behaviour:
    """Send every request one step further."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        step = int(request.path.rsplit("/", 1)[1]) + 1
        writer.write(Answer(status=302, headers={"Location": f"/on/{step}"}).wire())

    return behave


def gzip_bomb(size_bytes: int) -> Answer:
    """Zeros that inflate to `size_bytes` and travel as a thousandth of it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 1_000_000
    parts = [packer.compress(block) for _ in range(size_bytes // len(block))]
    body = b"".join(parts) + packer.flush()
    return Answer(headers={"Content-Encoding": "gzip"}, body=body)


def gzipped(body: bytes) -> Answer:
    return Answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(body))
