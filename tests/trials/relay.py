"""A real SMTP relay in a process of its own; every mail it takes is one line of a file.

Usage: python -m tests.trials.relay FILE    (prints its port; serves until it is ended)
"""

import asyncio
import email.policy
import sys
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Final, TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

HEADERS: Final = BytesHeaderParser(policy=email.policy.compat32)


class Book:
    """Writes down the id, the reader and the thread of every mail before it says 250."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        mail = HEADERS.parsebytes(raw)
        print(mail["Message-ID"], envelope.rcpt_tos[0], mail["References"], file=self._file)
        self._file.flush()
        return "250 OK"


async def serve(file: TextIO) -> None:
    """Serve on a free port of loopback."""
    book = Book(file)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(book, hostname="relay.test"), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[1]).open("a", encoding="utf-8") as opened:
        asyncio.run(serve(opened))
