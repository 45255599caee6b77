"""A real HTTP server on loopback that plays what webhook receivers do, written on bare sockets."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: a status with headers, or something worse."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    pause_seconds: float = 0
    drips: bool = False
    resets: bool = False
    raw: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class PlayingReceiver:
    """The server and what it has got; use as an async context manager."""

    answers: deque[Answer] = field(default_factory=deque)
    tls: ssl.SSLContext | None = None
    got: list[Got] = field(default_factory=list)
    port: int = 0
    _server: asyncio.AbstractServer | None = None

    def script(self, *answers: Answer) -> Self:
        """Give these answers, one for each request; afterwards 200."""
        self.answers.extend(answers)
        return self

    @property
    def url(self) -> str:
        """The address of the endpoint."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hook?token=secret-path"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.got.append(Got(method=method, path=path, headers=headers, body=body))
        await self._answer(self.answers.popleft() if self.answers else Answer(), writer)

    async def _answer(self, answer: Answer, writer: asyncio.StreamWriter) -> None:
        if answer.resets:
            writer.transport.abort()
            return
        await asyncio.sleep(answer.pause_seconds)
        if answer.drips:
            await self._drip(writer)
            return
        writer.write(answer.raw if answer.raw is not None else _encoded(answer))
        await writer.drain()

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        """Send a header letter by letter: every read succeeds, the answer never ends."""
        writer.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        for _ in range(1000):
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.02)


def _encoded(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} Played", "connection: close"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status not in {204, 304}:
        lines.append(f"content-length: {len(answer.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + answer.body
