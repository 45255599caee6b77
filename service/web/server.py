"""Serve the pages and the API beside the work, on an address that was free when we took it."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any

import uvicorn

from service.errors import PortBusyError
from service.settings import Settings, WebSettings


def take_address(web: WebSettings) -> socket.socket:
    """Bind the address at once, before anything else starts; PortBusyError when it is taken."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((web.host, web.port))
    except OSError as error:
        taken.close()
        raise PortBusyError(f"{web.host}:{web.port}: {_why(error)}") from None
    return taken


def at_address(settings: Settings, taken: socket.socket) -> Settings:
    """Return the settings with the port that was really taken, so that links in mails lead here."""
    web = settings.web.model_copy(update={"port": taken.getsockname()[1]})
    return settings.model_copy(update={"web": web})


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program listens there; stop it, or set web.port (0 takes any free port)"
    return f"cannot listen there ({error.strerror}); set web.host and web.port"


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the command line decides when to stop."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Leave the signals alone."""
        return nullcontext()


@asynccontextmanager
async def serving(app: Any, taken: socket.socket) -> AsyncIterator[str]:  # noqa: ANN401 - ASGI
    """Serve for as long as the block lasts; yields the base URL."""
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    host, port = taken.getsockname()[:2]
    task = asyncio.create_task(server.serve(sockets=[taken]))
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        server.should_exit = True
        await task
