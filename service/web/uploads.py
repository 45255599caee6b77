"""Receive one uploaded file of a form (multipart, RFC 7578) straight onto the disk, bounded.

The fields stand before the file, so that who sends it is known before a byte of it is kept.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Final

from fastapi import Request

from service.web.forms import Form
from service.web.refusal import BadFormError, TooLargeError

#: A year of one outlet's pages is some hundred megabytes.
MOST_BYTES: Final = 2**30
_MOST_HEAD: Final = 8_192
_MOST_FIELD: Final = 10_000
_MOST_FIELDS: Final = 20
_FIELD: Final = re.compile(r'(?<![a-z])name="([^"]*)"')
_FILE: Final = re.compile(r'filename="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was received: what its owner calls it, and how large it is."""

    name: str
    size_bytes: int


async def receive(
    request: Request, into: Path, *, accept: Callable[[Form], None], most: int = MOST_BYTES
) -> Upload:
    """Write the file of a form into `into`.

    `accept` is asked with the form's fields before anything is written, and raises what it likes.
    BadFormError for what is no such form, TooLargeError beyond `most`; then nothing is left.
    """
    parts = _Parts(request.stream(), _boundary(request))
    fields: dict[str, list[str]] = {}
    async for head in parts.heads():
        field, file = _FIELD.search(head), _FILE.search(head)
        if file is not None:
            accept(Form(fields=fields))
            return await _write(parts, into, file[1], most)
        fields.setdefault(field[1] if field else "", []).append(await _text(parts))
        if sum(map(len, fields.values())) > _MOST_FIELDS:
            raise _unreadable()
    raise BadFormError("choose a file to send")


async def _write(parts: "_Parts", into: Path, name: str, most: int) -> Upload:
    try:
        size = await _copied(parts, into, most)
    except BaseException:
        await asyncio.to_thread(into.unlink, missing_ok=True)
        raise
    return Upload(name=name.rpartition("/")[2].rpartition("\\")[2][:200], size_bytes=size)


async def _copied(parts: "_Parts", into: Path, most: int) -> int:
    size = 0
    with await asyncio.to_thread(into.open, "wb") as file:
        async for piece in parts.body():
            size += len(piece)
            if size > most:
                raise TooLargeError("a file has at most {most} bytes; divide it", most=most)
            await asyncio.to_thread(file.write, piece)
    if not size:
        raise BadFormError("choose a file to send")
    return size


async def _text(parts: "_Parts") -> str:
    found = bytearray()
    async for piece in parts.body():
        found += piece
        if len(found) > _MOST_FIELD:
            raise _unreadable()
    return found.decode("utf-8", "replace")


def _boundary(request: Request) -> bytes:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    found = message.get_param("boundary")
    if message.get_content_type() != "multipart/form-data" or not isinstance(found, str):
        raise _unreadable()
    return found.encode("latin-1", "replace")


def _unreadable() -> BadFormError:
    return BadFormError("the form cannot be read; send it from the page")


class _Parts:
    """Cuts a stream at its boundary; never holds more than a piece of it."""

    def __init__(self, stream: AsyncIterator[bytes], boundary: bytes) -> None:
        self._stream = stream
        self._mark = b"\r\n--" + boundary
        self._held = b"\r\n"  # so that the first boundary looks like every other

    async def heads(self) -> AsyncIterator[str]:
        """Yield the head of each part; its body is read between, or passed over."""
        async for _ in self.body():
            pass
        while await self._begins_with(b"\r\n"):
            while b"\r\n\r\n" not in self._held:
                if len(self._held) > _MOST_HEAD or not await self._more():
                    raise _unreadable()
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            yield head.decode("utf-8", "replace")

    async def body(self) -> AsyncIterator[bytes]:
        """Yield what comes before the next boundary, which is taken away with it."""
        while self._mark not in self._held:
            safe = len(self._held) - len(self._mark) + 1
            if safe > 0:
                yield self._held[:safe]
                self._held = self._held[safe:]
            if not await self._more():
                raise _unreadable()
        piece, _, self._held = self._held.partition(self._mark)
        if piece:
            yield piece

    async def _begins_with(self, wanted: bytes) -> bool:
        while len(self._held) < len(wanted):
            if not await self._more():
                raise _unreadable()
        return self._held.startswith(wanted)

    async def _more(self) -> bool:
        async for piece in self._stream:
            if piece:
                self._held += piece
                return True
        return False
