"""Ask an application as a browser would, without a socket in between."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

BASE = "http://127.0.0.1:8765"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """Sends one request after another and keeps cookies; a fault inside is raised here."""

    def __init__(self, app: FastAPI, *, base: str = BASE) -> None:
        self._transport = httpx.ASGITransport(app=app)
        self._base = base
        self.cookies = httpx.Cookies()

    def get(self, path: str, *, params: Any = None, **what: Any) -> httpx.Response:
        return self.ask("GET", path, params=params, **what)

    def post(self, path: str, *, data: Mapping[str, Any] | None = None, **what: Any) -> Any:
        return self.ask("POST", path, data=data, **what)

    def fill(
        self, page: str, path: str, data: Sequence[tuple[str, Any]] | Mapping[str, Any]
    ) -> httpx.Response:
        """Open a page, fill in a form of it, and follow where it leads."""
        token = _TOKEN.search(self.get(page).text)
        assert token, f"no form on {page}"
        pairs = list(data.items()) if isinstance(data, Mapping) else list(data)
        answer = self.ask(
            "POST",
            path,
            content=urlencode([*pairs, ("csrf", token[1])]),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        while answer.is_redirect:
            answer = self.get(answer.headers["location"])
        return answer

    def ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url=self._base, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **what)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())
