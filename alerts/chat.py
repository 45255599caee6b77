"""Send to chats through the apprise library, its one importer, loaded when it is first needed.

The library speaks HTTP itself and tells only whether it worked: its warnings are listened to for
the status, and go no further, for they hold tokens.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar

from alerts.chats import bale, mattermost, telegram
from alerts.chats.address import ChatAddress, ChatKind
from alerts.chats.reading import ChatRules, read_chat
from alerts.errors import BadSubscriptionError
from alerts.outcome import Outcome, Refused, Sent
from crawler.errors import CrawlerError
from crawler.guard import networks
from crawler.transport import Resolver, checked_addresses, system_resolver

T = TypeVar("T")

#: The whole of it; the library's own limits hold for connecting and for every read.
TIME_LIMIT: Final = timedelta(seconds=20)
_SOCKET_SECONDS: Final = 10.0

#: Chats on their way at the same time; each takes a thread, for the library waits for its answers.
AT_ONCE: Final = 16

#: Answers that will not change by themselves: the bot was removed, the webhook is gone.
_FINAL: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
    }
)
_STATUS: Final = re.compile(r"error=(\d{3})")

_PLUGINS: Final[Mapping[ChatKind, tuple[str, str]]] = {
    ChatKind.SLACK: ("slack", "NotifySlack"),
    ChatKind.TELEGRAM: ("telegram", "NotifyTelegram"),
    ChatKind.BALE: ("telegram", "NotifyTelegram"),
    ChatKind.MATTERMOST: ("mattermost", "NotifyMattermost"),
    ChatKind.NTFY: ("ntfy", "NotifyNtfy"),
}

#: What of a text a service would not show as it is: mentions that call everybody, markup.
_PLAIN: Final[Mapping[ChatKind, Callable[[str], str]]] = {
    ChatKind.SLACK: str,  # the library escapes what Slack would read as a mention
    ChatKind.TELEGRAM: telegram.plain,
    ChatKind.BALE: bale.plain,
    ChatKind.MATTERMOST: mattermost.plain,
    ChatKind.NTFY: str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """What is said in one chat; `url` is its whole address."""

    url: str = field(repr=False)
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """How chats are reached; `allow_private` opens addresses the guard would refuse."""

    rules: ChatRules = field(default_factory=ChatRules)
    allow_private: tuple[str, ...] = ()
    time_limit: timedelta = TIME_LIMIT
    resolver: Resolver = field(default=system_resolver, repr=False)


class SendsChats(Protocol):
    """Anything that speaks in a chat and says what became of it."""

    async def send(self, message: ChatMessage) -> Outcome:
        """Speak once; an expected failure is a value."""
        ...


def is_installed() -> bool:
    """Say whether the extra `channels` is installed."""
    return find_spec("apprise") is not None


class ChatChannel:
    """Speaks in chats, a bounded number at a time; an async context manager."""

    def __init__(self, settings: ChatSettings) -> None:
        self._settings = settings
        self._allow = networks(settings.allow_private)
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="chat")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def send(self, message: ChatMessage) -> Outcome:
        """Speak once in one chat; an expected failure is a value."""
        if not is_installed():
            return Refused(error="chats need an extra: pip install 'rasad[channels]'")
        try:
            address = read_chat(message.url, self._settings.rules)
        except BadSubscriptionError as error:
            return Refused(error=str(error))
        plugin = await self._in_a_thread(lambda: _plugin(address, self._settings))
        try:
            async with asyncio.timeout(self._settings.time_limit.total_seconds()):
                await self._check(address)
                return await self._speak(plugin, address, message)
        except TimeoutError:
            seconds = self._settings.time_limit.total_seconds()
            return Refused(error=f"{address.masked} did not answer within {seconds:g} seconds")
        except CrawlerError as error:
            return Refused(error=str(error))

    async def _check(self, address: ChatAddress) -> None:
        """Refuse a host that points into a private network.

        The library looks the name up once more, so a name that changes between the two would pass;
        that is why only hosts of the settings may be named (docs/security.md).
        """
        resolver = self._settings.resolver
        await checked_addresses(address.host, address.port, allow=self._allow, resolver=resolver)

    async def _speak(self, plugin: Any, address: ChatAddress, message: ChatMessage) -> Outcome:  # noqa: ANN401
        plain = _PLAIN[address.kind]
        title, text = plain(message.title), plain(message.text)
        ear = _Ear()
        plugin.logger = ear.logger
        if await self._in_a_thread(lambda: _notify(plugin, address, title, text)):
            return Sent(receipt=f"{address.kind}: accepted")
        return refusal(address, ear.status)

    async def _in_a_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def refusal(address: ChatAddress, status: int | None) -> Refused:
    """Say what a failure means; without a status the service could not be reached."""
    if status is None:
        return Refused(
            error=f"{address.masked} cannot be reached, or its answer was not understood"
        )
    return Refused(error=f"{address.masked} answered {status}", permanent=status in _FINAL)


class _Ear:
    """Listens to the warnings of one attempt for the status of an answer."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.logger = logging.Logger("chat", level=logging.WARNING)  # noqa: LOG001  # in no tree
        handler = logging.Handler()
        handler.emit = self._hear  # type: ignore[method-assign]  # all it has to do
        self.logger.addHandler(handler)

    def _hear(self, record: logging.LogRecord) -> None:
        found = _STATUS.search(record.getMessage())
        if found:
            self.status = int(found[1])


def _plugin(address: ChatAddress, settings: ChatSettings) -> Any:  # noqa: ANN401  # the library's
    """Make the library's object for one chat: no redirects, no templates, nothing kept on disk."""
    for name in ("apprise", "urllib3"):  # they would log addresses with their tokens
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    asset = import_module("apprise").AppriseAsset(
        app_id="Rasad", http_redirects=False, storage_mode="memory", allow_templates=False
    )
    module, name = _PLUGINS[
        address.kind
    ]  # one of 130, whose names the library finds by loading all
    plugin_class = getattr(import_module(f"apprise.plugins.{module}"), name)
    url = address.url.replace("bale://", "tgram://", 1)
    plugin = plugin_class(**plugin_class.parse_url(url), asset=asset)
    plugin.redirects = plugin.include_image = plugin.include_footer = False
    plugin.socket_connect_timeout = plugin.socket_read_timeout = _SOCKET_SECONDS
    match address.kind:
        case ChatKind.TELEGRAM | ChatKind.BALE:
            plugin.notify_url = f"{settings.rules.endpoints[address.kind]}/bot"
        case ChatKind.SLACK:
            plugin.webhook_url = settings.rules.endpoints[address.kind]
        case _:
            pass
    return plugin


def _notify(plugin: Any, address: ChatAddress, title: str, text: str) -> bool:  # noqa: ANN401
    """Speak; Bale shows a text as it is, where Telegram wants its signs written as HTML."""
    if address.kind is ChatKind.BALE:
        return bool(plugin.send(body=f"{title}\n\n{text}", body_format="markdown"))
    return bool(plugin.notify(body=text, title=title, body_format="text"))
