"""A server on loopback that speaks the shape of each chat's API, and plays what it answers."""

import asyncio
import json
from collections import deque
from contextlib import closing, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

BOT = "123456789:AAFunnyTokenOfOurOwn-0123456789abcdef"
HOOK = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Said:
    """One request: where it came and what it said."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(slots=True)
class PlayingChats:
    """The server and what it was told; `answers` are statuses to play first, 0 means to hang."""

    answers: deque[int] = field(default_factory=deque)
    said: list[Said] = field(default_factory=list)
    port: int = 0
    _server: asyncio.AbstractServer | None = None

    @property
    def place(self) -> str:
        """The server's host and port."""
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError), closing(writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {n.lower(): v.strip() for n, _, v in (one.partition(":") for one in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            path = first.split(" ")[1]
            self.said.append(Said(path, headers, json.loads(body)))
            status = self.answers.popleft() if self.answers else 200
            if status:
                writer.write(_answer(path, status))
                await writer.drain()
            else:
                await asyncio.sleep(5)


def _answer(path: str, status: int) -> bytes:
    if path.startswith("/bot"):
        body = json.dumps({"ok": status == 200, "description": "Bad Request: chat not found"})
    elif path == "/":
        body = json.dumps({"id": "x"} if status == 200 else {"code": status * 100 + 1})
    else:
        body = "ok" if status == 200 else "no_service"
    where = "Location: http://127.0.0.1:1/elsewhere\r\n" if 300 <= status < 400 else ""
    head = (
        f"HTTP/1.1 {status} Played\r\n{where}Content-Length: {len(body)}\r\nConnection: close\r\n"
    )
    return f"{head}\r\n{body}".encode()
