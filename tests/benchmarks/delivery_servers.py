"""The servers a delivery benchmark sends to; prints its port and serves until killed.

Usage: python -m tests.benchmarks.delivery_servers smtp|http
"""

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session

SLOW_SECONDS = 5.0


class Sink:
    """Takes every mail and forgets it."""

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return "250 OK"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer requests on one connection; those to /slow after a pause."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            )
            await reader.readexactly(length)
            if head.startswith(b"POST /slow"):
                await asyncio.sleep(SLOW_SECONDS)
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(kind: str) -> None:
    """Serve on a free port of loopback."""
    loop = asyncio.get_running_loop()
    if kind == "smtp":
        server: asyncio.AbstractServer = await loop.create_server(
            lambda: SMTP(Sink(), hostname="sink.test"), "127.0.0.1", 0
        )
    else:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # type: ignore[attr-defined]
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
