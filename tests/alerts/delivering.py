"""A postman with a clock that is turned by hand, for tests that send through real servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.attempt import Postman
from alerts.chat import ChatChannel, ChatSettings
from alerts.content import to_json
from alerts.email import EmailChannel, EmailSettings, Security
from alerts.links import Links
from alerts.message import Content
from alerts.mime import Sender
from alerts.sender import Channels
from alerts.settle import Settlement
from alerts.tokens import TokenKey
from alerts.webhook import WebhookChannel, WebhookSettings
from storage.database import Database
from storage.deliveries import keep_content, owe
from storage.delivery import Delivery, DeliveryKind, NewDelivery
from storage.ledger import due, find_delivery, next_due_at
from storage.recipients import find_recipient
from storage.subscription import (
    Channel,
    NewRecipient,
    Recipient,
    Subscription,
    SubscriptionState,
)
from tests.alerts.news import NOW, alert
from tests.alerts.playing_http import PlayingReceiver
from tests.storage.ledger_examples import subscribe

SENDER = Sender(address="rasad@example.ir", domain="rasad.example.ir")
LINKS = Links(base_url="https://rasad.example.ir", key=TokenKey(b"a key of the tests only"))
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time it shows."""
        return self.now

    def turn(self, by: timedelta) -> None:
        """Turn it on."""
        self.now += by


@asynccontextmanager
async def postman(
    database: Database,
    clock: Clock,
    *,
    smtp_port: int = 1,
    chats: ChatSettings | None = None,
    time_limit: timedelta = timedelta(seconds=2),
) -> AsyncIterator[Postman]:
    """A postman for a relay on this port of loopback, allowed to post to loopback."""
    relay = EmailSettings(
        host="127.0.0.1",
        port=smtp_port,
        sender=SENDER,
        security=Security.NONE,
        time_limit=time_limit,
    )
    web = WebhookSettings(allow_private=("127.0.0.1/32",), time_limit=time_limit)
    async with (
        WebhookChannel(web) as posts,
        EmailChannel(relay) as mail,
        ChatChannel(chats or ChatSettings()) as talk,
    ):
        channels = Channels(links=LINKS, sender=SENDER, mail=mail, posts=posts, chats=talk)
        yield Postman(database=database, channels=channels, clock=clock)


def owe_content(
    database: Database,
    subscription: Subscription,
    content: Content | None = None,
    *,
    subject: str = "story:1",
    kind: DeliveryKind = DeliveryKind.STORY,
    now: datetime = NOW,
) -> str:
    """Owe a content (a story when none is given) and return the delivery's id."""
    with database.write() as connection:
        new = NewDelivery(
            subscription_id=subscription.id,
            recipient_id=subscription.recipient.id,
            channel=subscription.recipient.channel,
            kind=kind,
            subject=subject,
            content_id=keep_content(connection, to_json(content or alert()), now=now),
        )
        owe(connection, [new], now=now)
    return new.id


def stand(database: Database, identity: str) -> Delivery:
    """Return the ledger's row."""
    with database.read() as connection:
        found = find_delivery(connection, identity)
    assert found is not None
    return found


async def run_due(database: Database, carrier: Postman, clock: Clock) -> list[Settlement | None]:
    """Attempt everything due now, as the daemon does."""
    with database.read() as connection:
        ready = due(connection, clock.now, 100)
    return list(await asyncio.gather(*(carrier.attempt(one.id) for one in ready)))


async def run_until_quiet(
    database: Database, carrier: Postman, clock: Clock, *, most: int = 60
) -> list[datetime]:
    """Attempt and turn the clock to the next due time, until nothing is due; return the times."""
    times: list[datetime] = []
    for _ in range(most):
        with database.read() as connection:
            next_at = next_due_at(connection)
        if next_at is None:
            return times
        clock.now = max(clock.now, next_at)
        times.append(clock.now)
        await run_due(database, carrier, clock)
    raise AssertionError(f"still due after {most} rounds")


def reader(database: Database, name: str = "sara") -> Subscription:
    """Somebody who gets mail at once."""
    with database.write() as connection:
        return subscribe(connection, name)


def endpoint(
    database: Database,
    receiver: PlayingReceiver,
    *,
    state: SubscriptionState = SubscriptionState.ACTIVE,
) -> Subscription:
    """Somebody who is told at this receiver."""
    new = NewRecipient(
        channel=Channel.WEBHOOK,
        address=receiver.url,
        owner_email="owner@example.com",
        secret=SECRET,
    )
    with database.write() as connection:
        return subscribe(connection, "hook", new=new, state=state)


def health(database: Database, subscription: Subscription) -> Recipient:
    """Who is told, as the archive has them now."""
    with database.read() as connection:
        found = find_recipient(connection, subscription.recipient.id)
    assert found is not None
    return found
