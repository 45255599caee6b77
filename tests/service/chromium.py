"""A real headless Chromium looking at a real server on loopback."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.house import House
from service.settings import WebSettings
from service.web.app import create_app
from service.web.server import serving, take_address

#: Nothing of the browser's own may go out: no updates, no look-ups, no QUIC.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(slots=True)
class Window:
    """One window of a browser: its page, what it asked for, and what it complained about."""

    page: Page
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the house."""
        self.page.goto(self.base + path)
        return self.page

    @property
    def strangers(self) -> list[str]:
        """The requests that went elsewhere than to the house."""
        return [url for url in self.asked if not url.startswith((self.base, "data:"))]


@contextmanager
def served(house: House) -> Iterator[str]:
    """Serve a house in a thread of its own; yields the base URL."""
    taken = take_address(WebSettings(port=0))
    ready, done = threading.Event(), threading.Event()
    found: list[str] = []

    async def serve() -> None:
        async with serving(create_app(house), taken) as url:
            found.append(url)
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join(20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or Playwright's own where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser,
    base: str,
    *,
    width: int = 1000,
    scheme: str = "light",
    scripts: bool = True,
) -> Iterator[Window]:
    """Open a window with a profile of its own."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
        locale="fa-IR",
    )
    context.set_default_timeout(15_000)
    shown = Window(page=context.new_page(), base=base)
    shown.page.on("request", lambda request: shown.asked.append(request.url))
    shown.page.on(
        "console",
        lambda said: shown.complaints.append(said.text) if said.type == "error" else None,
    )
    try:
        yield shown
    finally:
        context.close()
