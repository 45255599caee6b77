"""Time the pages over a loaded archive: what the server needs for each, without a browser."""

import asyncio
import statistics
import time
from pathlib import Path
from typing import Final

import httpx

from service.house import open_house
from service.settings import load_settings
from service.web.app import create_app
from tests.benchmarks.search_load import NOW

_BASE: Final = "http://127.0.0.1:8765"
_TIMES: Final = 5


def measure_pages(database_url: str, folder: Path, *, word: str, story_id: int) -> None:
    """Print the wall and processor time of each page in milliseconds; the first one is cold."""
    settings_file = folder / "rasad.toml"
    settings_file.write_text(
        f'data_folder = "{folder}"\ndatabase_url = "{database_url}"\n', encoding="utf-8"
    )
    house = open_house(load_settings(settings_file), clock=lambda: NOW)
    paths = {
        "today": "/",
        "search, a common word": f"/search?q={word}",
        "search, the best of it": f"/search?q={word}&order=best",
        "a story": f"/stories/{story_id}",
        "outlets": "/outlets",
        "trends of 30 days": "/trends",
        "bulletin": "/bulletin",
        "API: search": f"/api/v1/search?q={word}",
        "API: a day's stories": "/api/v1/stories",
    }
    print(f"\n{'':24}{'first':>8}{'p50':>8}{'processor':>11}")
    try:
        transport = httpx.ASGITransport(app=create_app(house))
        for name, path in paths.items():
            print(f"{name:24}" + asyncio.run(_timed(transport, path)))
    finally:
        house.close()


async def _timed(transport: httpx.ASGITransport, path: str) -> str:
    walls, works = [], []
    async with httpx.AsyncClient(transport=transport, base_url=_BASE) as client:
        for _ in range(_TIMES):
            began, worked = time.perf_counter(), time.process_time()
            answer = await client.get(path)
            walls.append((time.perf_counter() - began) * 1_000)
            works.append((time.process_time() - worked) * 1_000)
            if answer.status_code != httpx.codes.OK:
                raise AssertionError(f"{path}: {answer.status_code}")
    return f"{walls[0]:>8.0f}{statistics.median(walls):>8.0f}{statistics.median(works):>11.0f}"
