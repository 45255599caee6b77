"""A small HTTP/1.1 server for the simulated press: whole requests in, answers out."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

HEAD_LIMIT_BYTES: Final = 64 * 1024
BODY_LIMIT_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `path` is percent-decoded, header names are lower-case."""

    method: str
    target: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer.

    `delay_seconds` passes before the first byte. With `chunks` the body is sent piece by piece,
    `drip_seconds` between two, without a Content-Length; `body` is then ignored. `is_silent` closes
    the connection without a word.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    chunks: Iterable[bytes] | None = None
    drip_seconds: float = 0.0
    is_silent: bool = False


Answer = Callable[[Request], Response]


def http_protocol(answer: Answer) -> Callable[[], asyncio.BaseProtocol]:
    """Return the protocol factory of a server that answers with `answer`."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(reader, writer, answer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side hung up, or the press closes
        finally:
            writer.close()

    def protocol() -> asyncio.BaseProtocol:
        reader = asyncio.StreamReader(limit=HEAD_LIMIT_BYTES)
        return asyncio.StreamReaderProtocol(reader, connected)

    return protocol


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer
) -> None:
    """Answer the requests of one connection in turn until either side closes it."""
    while True:
        request = await _read_request(reader)
        if request is None:
            return
        response = answer(request)
        if response.is_silent:
            return
        await asyncio.sleep(response.delay_seconds)
        await _write(writer, response, head_only=request.method == "HEAD")
        if response.chunks is not None or request.headers.get("connection") == "close":
            return


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    """Read one request; None when the connection ended between two."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = dict(_header(line) for line in lines if line)
    size_bytes = min(int(headers.get("content-length", "0")), BODY_LIMIT_BYTES)
    split = urlsplit(target)
    return Request(
        method=method,
        target=target,
        path=unquote(split.path),
        query=dict(parse_qsl(split.query)),
        headers=headers,
        body=await reader.readexactly(size_bytes),
    )


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


async def _write(writer: asyncio.StreamWriter, response: Response, *, head_only: bool) -> None:
    writer.write(_head(response))
    if response.chunks is None:
        writer.write(b"" if head_only else response.body)
        await writer.drain()
        return
    for chunk in response.chunks:
        writer.write(chunk)
        await writer.drain()
        await asyncio.sleep(response.drip_seconds)


def _head(response: Response) -> bytes:
    """Write status line and headers; a 304 has no body and so no length (RFC 9110 §15.4.5)."""
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    if response.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Type: {response.media_type}")
        if response.chunks is None:
            lines.append(f"Content-Length: {len(response.body)}")
        else:
            lines.append("Connection: close")
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
