"""One event loop in one background thread that hosts the simulated servers on 127.0.0.1."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Final, TypeVar

from service.errors import PortBusyError

T = TypeVar("T")
ADDRESS: Final = "127.0.0.1"
PATIENCE_SECONDS: Final = 10.0  # a loop that does not answer for this long is broken, not busy
BACKLOG: Final = 64  # connections waiting to be accepted; a polite crawler opens one


class Loopback:
    """Run servers beside the program that talks to them.

    `start` and `stop` may each be called once, from any thread; in between, `listen` opens servers.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=self._run, name="loopback", daemon=True)
        self._servers: dict[int, asyncio.Server] = {}
        self._reserved: dict[int, socket.socket] = {}

    def start(self) -> None:
        """Start the thread."""
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def listen(self, protocol: Callable[[], asyncio.BaseProtocol], port: int = 0) -> int:
        """Serve `protocol` on `port` of 127.0.0.1 (0: any free one) and return the port.

        Raise PortBusyError when the port is taken; everything opened before is closed then.
        """

        async def open_server() -> asyncio.Server:
            return await self._loop.create_server(protocol, ADDRESS, port, backlog=BACKLOG)

        try:
            server = self.run(open_server())
        except OSError as error:
            raise self._busy(port, error) from error
        opened = int(server.sockets[0].getsockname()[1])
        self._servers[opened] = server
        return opened

    def shut(self, port: int) -> None:
        """Listen no more on a port; connections that stand are not touched."""

        async def close() -> None:
            self._servers.pop(port).close()

        self.run(close())

    def reserve(self, port: int = 0) -> int:
        """Take a port without listening on it: every connection to it is refused.

        Raise PortBusyError when the port is taken; everything opened before is closed then.
        """
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((ADDRESS, port))
        except OSError as error:
            held.close()
            raise self._busy(port, error) from error
        taken = int(held.getsockname()[1])
        self._reserved[taken] = held
        return taken

    def _busy(self, port: int, error: OSError) -> PortBusyError:
        self.stop()
        return PortBusyError(
            f"{ADDRESS}:{port} is in use; end what listens there, or give other ports ({error})"
        )

    def release(self, port: int) -> None:
        """Give a reserved port back."""
        self._reserved.pop(port).close()

    def run(self, work: Coroutine[None, None, T]) -> T:
        """Run one coroutine on the loop from another thread and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Close every server and connection, end the thread."""
        for held in self._reserved.values():
            held.close()
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _close(self) -> None:
        for server in self._servers.values():
            server.close()
        await _cancel_the_rest()


async def _cancel_the_rest() -> None:
    """Cancel all other tasks of this loop and let their transports close."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)
