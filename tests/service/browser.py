"""Ask an application as a browser would, without a socket in between."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI


class Browser:
    """Sends one request after another; a fault inside the application is raised here."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app=app)

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> httpx.Response:
        return self._ask("GET", path, params=params)

    def post(self, path: str, *, data: Mapping[str, Any] | None = None) -> httpx.Response:
        return self._ask("POST", path, data=data)

    def _ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport, base = self._transport, "http://rasad.test"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, **what)

        return asyncio.run(asked())
