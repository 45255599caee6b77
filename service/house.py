"""Assemble one installation from its settings: archive, catalogue, rules, fetcher, channels.

The House is what a visit, a delivery, a page and a command have in common; it holds no state that a
restart would lose.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr

from alerts.chat import ChatChannel, ChatSettings
from alerts.email import EmailChannel, EmailSettings, Security
from alerts.links import Links
from alerts.message import Name
from alerts.mime import Sender
from alerts.sender import Channels
from alerts.subscribing import Reachable
from alerts.tokens import TokenKey
from alerts.webhook import WebhookChannel, WebhookSettings
from crawler.fetch import Fetcher, FetchSettings, user_agent
from crawler.known_names import SHIPPED as NAMES
from crawler.names import NameDirectory
from crawler.outlets import SHIPPED, Outlet, load_outlets
from crawler.pacing import Pacing
from crawler.robots import RobotsCache
from crawler.visitor import Visitor
from service.errors import SettingsError, UnknownNameError
from service.rulebook import Rulebook
from service.settings import Settings
from service.spans import Nowhere, Spans, open_spans
from service.version import __version__
from storage.database import Database
from storage.keys import signing_key
from storage.pages import PageStore

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One installation, ready to work. `clock` tells `now` to everything that asks.

    `key` signs links and sessions, the same for every worker of the archive. `pages` keeps what was
    fetched; None in a command that reads no outlet, or when switched off.
    """

    settings: Settings
    database: Database
    outlets: Mapping[str, Outlet]
    directory: NameDirectory
    rulebook: Rulebook
    key: bytes = field(repr=False)
    links: Links
    pages: PageStore | None = None
    clock: Clock = utc_now
    spans: Spans = field(default_factory=Nowhere)

    def close(self) -> None:
        """Close the archive and the file of kept pages; the house is not used afterwards."""
        self.spans.close()
        if self.pages is not None:
            self.pages.close()
        self.database.close()

    @property
    def names(self) -> Mapping[str, Name]:
        """The outlets' names by id."""
        return {one.id: Name(fa=one.name, en=one.name_en) for one in self.outlets.values()}

    @property
    def reachable(self) -> Reachable:
        """Where messages may go, as the settings say."""
        settings = self.settings
        return Reachable(allow_private=settings.alerts.allow_private, chats=settings.chats.rules)

    def outlet(self, outlet_id: str) -> Outlet:
        """Return an outlet of the catalogue; UnknownNameError when there is none."""
        try:
            return self.outlets[outlet_id]
        except KeyError:
            raise UnknownNameError(
                f"no outlet {outlet_id!r}; `rasad outlets` lists the {len(self.outlets)} known"
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What reaches out of the house, for as long as the connections are open."""

    fetcher: Fetcher
    robots: RobotsCache
    pacing: Pacing
    channels: Channels

    def visitor(self, outlet: Outlet) -> Visitor:
        """Return a polite visitor of one outlet."""
        return Visitor(outlet, self.fetcher, robots=self.robots, pacing=self.pacing)


def open_house(settings: Settings, *, clock: Clock = utc_now, reads_outlets: bool = False) -> House:
    """Assemble the house; the archive must have been migrated.

    With `reads_outlets` it can keep pages, in files that carry this worker's name.
    Raises the errors of whatever is wrong: settings, an outlet's or topic's file, the database.
    """
    outlets = catalogue(settings)
    database = Database.open(settings.archive_url)
    key = signing_key(database, now=clock())
    return House(
        settings=settings,
        database=database,
        outlets=outlets,
        directory=NameDirectory.of(outlets.values(), names=(NAMES, *settings.crawl.names_files)),
        rulebook=Rulebook(database, clock),
        key=key,
        links=Links(base_url=settings.public_url, key=TokenKey(key)),
        pages=page_store(settings) if reads_outlets and settings.pages.keep else None,
        clock=clock,
        spans=open_spans(settings) if reads_outlets else Nowhere(),
    )


def page_store(settings: Settings) -> PageStore:
    """Open the folder of kept pages for this worker."""
    return PageStore(settings.data_folder / "pages", writer=settings.worker.id)


def catalogue(settings: Settings) -> dict[str, Outlet]:
    """Load the outlets that the settings name."""
    shipped = (SHIPPED,) if settings.crawl.shipped_catalogue else ()
    folders = (*shipped, *settings.crawl.outlet_folders)
    outlets = load_outlets(*folders) if folders else {}
    if not settings.crawl.only:
        return outlets
    unknown = [name for name in settings.crawl.only if name not in outlets]
    if unknown:
        raise SettingsError(f"crawl.only: no outlet {', '.join(unknown)}; see `rasad outlets`")
    return {name: outlets[name] for name in settings.crawl.only}


@asynccontextmanager
async def reaching(house: House) -> AsyncIterator[Reach]:
    """Open what reaches out: the fetcher, the mail relay, the webhook client."""
    settings = house.settings
    async with AsyncExitStack() as stack:
        posts = await stack.enter_async_context(WebhookChannel(_webhooks(settings)))
        chats = await stack.enter_async_context(ChatChannel(_chats(settings)))
        relay = None
        if settings.smtp.host is not None:
            relay = await stack.enter_async_context(EmailChannel(_relay(settings)))
        fetcher = await stack.enter_async_context(Fetcher(_fetching(settings), clock=house.clock))
        yield Reach(
            fetcher=fetcher,
            robots=RobotsCache(clock=house.clock),
            pacing=Pacing(),
            channels=Channels(
                links=house.links,
                sender=sender_of(settings),
                mail=relay,
                posts=posts,
                chats=chats,
            ),
        )


def sender_of(settings: Settings) -> Sender:
    """Return who the mails come from; SettingsError when the sender is no address."""
    name, address = parseaddr(settings.smtp.sender)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain):
        raise SettingsError(
            f"smtp.sender: {settings.smtp.sender!r} is no address; write Name <a@b>"
        )
    return Sender(address=address, name=name or "رصد", domain=domain)


def _relay(settings: Settings) -> EmailSettings:
    smtp = settings.smtp
    return EmailSettings(
        host=smtp.host or "",
        port=smtp.port,
        sender=sender_of(settings),
        security=Security(smtp.security),
        username=smtp.username,
        password=smtp.password.get_secret_value() if smtp.password else None,
        per_minute=smtp.messages_per_minute,
        connections=smtp.connections,
    )


def _webhooks(settings: Settings) -> WebhookSettings:
    return WebhookSettings(
        user_agent=f"Rasad/{__version__} webhooks", allow_private=settings.alerts.allow_private
    )


def _chats(settings: Settings) -> ChatSettings:
    return ChatSettings(rules=settings.chats.rules, allow_private=settings.alerts.allow_private)


def _fetching(settings: Settings) -> FetchSettings:
    fetch = settings.fetch
    return FetchSettings(
        user_agent=user_agent(version=__version__, contact=fetch.contact),
        size_limit_bytes=fetch.max_bytes,
        time_limit=fetch.time_limit,
        max_redirects=fetch.max_redirects,
    )
