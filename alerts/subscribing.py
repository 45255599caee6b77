"""Subscribe, confirm, unsubscribe and re-enable: the ledger's side of a subscription's life.

Everything runs inside the caller's write transaction.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import compare_digest, token_hex
from typing import Final

from sqlalchemy import Connection

from alerts.chat import is_installed
from alerts.chats.reading import ChatRules, is_chat, read_chat
from alerts.content import to_json
from alerts.errors import BadSubscriptionError
from alerts.links import Links
from alerts.message import Confirmation, Content, Name, Ping
from alerts.subscriptions import parse_email, parse_endpoint
from alerts.webhook import new_secret
from persian.digits import to_latin_digits
from storage.deliveries import keep_content, owe, release_disabled, skip_open
from storage.delivery import DeliveryKind, NewDelivery
from storage.recipients import enable_recipient, keep_recipient, mark_verified, rotate_secret
from storage.subscription import (
    Channel,
    NewRecipient,
    NewSubscription,
    Preferences,
    Subscription,
    SubscriptionState,
)
from storage.subscriptions import (
    add_subscription,
    confirm_subscription,
    find_subscription,
    list_subscriptions,
    mark_ended,
)

#: Strangers can type anybody's address into the form; more questions than this a day are none.
QUESTIONS_PER_DAY: Final = 3

#: How long the old secret signs beside a new one; a deployment on the other side fits in.
SECRET_OVERLAP: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """Where messages may go: the private networks opened to webhooks, and what holds of chats."""

    allow_private: tuple[str, ...] = ()
    chats: ChatRules = field(default_factory=ChatRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for; `address` and `preferences` have been checked (`read_wish` does).

    `is_vouched_for` is set by an operator at the command line, who answers for the address: then
    nothing is asked. `rule_names` are for the question's words.
    """

    channel: Channel
    address: str
    preferences: Preferences
    owner_email: str | None = None
    rule_names: tuple[Name, ...] = ()
    secret: str | None = field(default=None, repr=False)
    is_vouched_for: bool = False
    subscription_id: str | None = None


def read_wish(
    address: str,
    preferences: Preferences,
    *,
    owner: str | None,
    rule_names: Mapping[str, Name],
    reachable: Reachable,
) -> Wish:
    """Read the address of a person, an endpoint or a chat; nobody vouches for it yet.

    `preferences` have been checked against `rule_names`; `reachable` says where messages may go.
    Raises BadSubscriptionError, which names the field and the cure.
    """
    channel, where, secret = _read_address(address, reachable)
    return Wish(
        channel=channel,
        address=where,
        secret=secret,
        preferences=preferences,
        owner_email=parse_email(owner) if owner else None,
        rule_names=tuple(rule_names[one] for one in preferences.rule_ids),
    )


def _read_address(text: str, reachable: Reachable) -> tuple[Channel, str, str | None]:
    """Return the channel, the address as it may be shown, and what of it is secret."""
    if is_chat(text):
        if not is_installed():
            raise BadSubscriptionError(
                "chat: this installation has no chats; install the extra rasad[channels]"
            )
        chat = read_chat(text, reachable.chats)
        return Channel.CHAT, chat.masked, chat.url
    if "://" in text:
        return Channel.WEBHOOK, parse_endpoint(text, allow_private=reachable.allow_private), None
    return Channel.EMAIL, parse_email(text), None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A subscription made; `question` is the delivery that asks, None when nothing needs asking.

    `secret` is a new endpoint's, to be shown once; None for one that stood already, whose secret is
    no business of whoever names the same URL.
    """

    subscription: Subscription
    question: str | None
    secret: str | None


def subscribe(connection: Connection, wish: Wish, *, now: datetime) -> Subscribed:
    """Make a subscription and owe its question: a mail to confirm, or a ping to answer."""
    if not wish.is_vouched_for:
        _refuse_flood(connection, wish, now)
    new = NewRecipient(
        channel=wish.channel,
        address=wish.address,
        owner_email=wish.owner_email,
        secret=new_secret() if wish.channel is Channel.WEBHOOK else wish.secret,
    )
    recipient = keep_recipient(connection, new, now=now)
    state = SubscriptionState.ACTIVE if wish.is_vouched_for else SubscriptionState.PENDING
    subscription = add_subscription(
        connection,
        NewSubscription(
            id=wish.subscription_id or f"sub_{token_hex(10)}",
            recipient_id=recipient.id,
            preferences=wish.preferences,
            state=state,
        ),
        now=now,
    )
    question = None if wish.is_vouched_for else ask(connection, subscription, wish.rule_names, now)
    is_new = wish.channel is Channel.WEBHOOK and recipient.secret == new.secret
    secret = new.secret if is_new else None
    return Subscribed(subscription=subscription, question=question, secret=secret)


def ask(
    connection: Connection, subscription: Subscription, names: tuple[Name, ...], now: datetime
) -> str:
    """Owe the question that a pending subscription waits for; return the delivery's id."""
    if subscription.recipient.channel is not Channel.WEBHOOK:
        kind, content = DeliveryKind.CONFIRMATION, Confirmation(rules=names)
        return _owe(connection, subscription, kind, content, "confirmation", now)
    return ping(connection, subscription, "verification", now=now)


def ping(connection: Connection, subscription: Subscription, key: str, *, now: datetime) -> str:
    """Owe a test event to an endpoint; one for each `key`. Return the delivery's id."""
    return _owe(connection, subscription, DeliveryKind.PING, Ping(), f"ping:{key}", now)


def confirm(connection: Connection, subscription_id: str, *, now: datetime) -> Subscription:
    """Start a subscription whose link was used; confirming twice is once.

    Raises BadSubscriptionError for one that has ended or never was.
    """
    standing = find_subscription(connection, subscription_id)
    if standing is None or standing.state is SubscriptionState.ENDED:
        raise BadSubscriptionError("this subscription has ended; subscribe anew")
    confirm_subscription(connection, subscription_id, now=now)
    mark_verified(connection, standing.recipient.id, now=now)
    return find_subscription(connection, subscription_id) or standing


def confirm_by_code(
    connection: Connection, standing: Subscription, code: str, links: Links, *, now: datetime
) -> Subscription:
    """Start a chat's subscription by the code that was told there; in any spelling of it."""
    letters = re.sub(r"[\s-]", "", to_latin_digits(code)).upper()
    expected = links.code(standing.id).replace("-", "")
    if standing.recipient.channel is not Channel.CHAT or not compare_digest(
        letters.encode(), expected.encode()
    ):
        raise BadSubscriptionError("code: this is not the code that was told in the chat")
    return confirm(connection, standing.id, now=now)


def unsubscribe(connection: Connection, subscription_id: str, *, now: datetime) -> bool:
    """End a subscription and skip what it was owed; return whether it had not ended before."""
    ended = mark_ended(connection, subscription_id, now=now)
    skip_open(connection, subscription_id, now=now)
    return ended


def enable(connection: Connection, subscription: Subscription, *, now: datetime) -> int:
    """Serve a disabled recipient again; return how many held deliveries that releases."""
    enable_recipient(connection, subscription.recipient.id)
    return release_disabled(connection, subscription.recipient.id, now=now)


def renew_secret(connection: Connection, subscription: Subscription, *, now: datetime) -> str:
    """Give an endpoint a new secret, shown once; the old one signs beside it for a while."""
    secret = new_secret()
    endpoint = subscription.recipient.id
    if not rotate_secret(connection, endpoint, secret, now=now, overlap=SECRET_OVERLAP):
        raise BadSubscriptionError("only a webhook has a secret; this subscription is by mail")
    return secret


def _refuse_flood(connection: Connection, wish: Wish, now: datetime) -> None:
    pending = list_subscriptions(
        connection,
        state=SubscriptionState.PENDING,
        channel=wish.channel,
        address=wish.address,
    )
    recent = [one for one in pending if now - one.created_at < timedelta(days=1)]
    is_repeat = any(one.id == wish.subscription_id for one in recent)
    if len(recent) >= QUESTIONS_PER_DAY and not is_repeat:
        raise BadSubscriptionError(
            "this address has been asked to confirm several times today; use the link in the mail"
        )


def _owe(  # noqa: PLR0913, PLR0917 - what a delivery is made of
    connection: Connection,
    subscription: Subscription,
    kind: DeliveryKind,
    content: Content,
    subject: str,
    now: datetime,
) -> str:
    new = NewDelivery(
        subscription_id=subscription.id,
        recipient_id=subscription.recipient.id,
        channel=subscription.recipient.channel,
        kind=kind,
        subject=subject,
        content_id=keep_content(connection, to_json(content), now=now),
    )
    owe(connection, [new], now=now)
    return new.id
