"""The values of the ledger: a delivery, its state and why it is held, skipped or dead."""

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from storage.subscription import Channel, Recipient, Subscription


class DeliveryState(StrEnum):
    """Where a delivery stands; `SENT`, `DEAD` and `SKIPPED` are final until a person retries."""

    OWED = "owed"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    SKIPPED = "skipped"


class DeliveryKind(StrEnum):
    """What a delivery says."""

    STORY = "story"
    UPDATE = "update"
    CORRECTION = "correction"
    DIGEST = "digest"
    OUTLET_HEALTH = "outlet_health"
    PING = "ping"
    CONFIRMATION = "confirmation"
    NOTICE = "notice"


class Reason(StrEnum):
    """Why a delivery is held or skipped."""

    TOO_OLD = "too old"
    BACKFILL = "backfill"
    QUIET_HOURS = "quiet hours"
    DIGEST = "waits for the digest"
    CAP = "hourly cap reached"
    PAUSED = "paused"
    SAME_PERSON = "the same person hears by another subscription"
    DISABLED = "the recipient is disabled"
    ENDED = "the subscription ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery as decided, before the ledger knows it.

    `(subscription_id, subject, channel)` is the natural key; the id is derived from it, so owing
    the same thing twice is one row. `not_before_at` delays an owed one and releases a held one.
    """

    subscription_id: str
    recipient_id: str
    channel: Channel
    kind: DeliveryKind
    subject: str
    story_id: int | None = None
    content_id: str
    state: DeliveryState = DeliveryState.OWED
    reason: Reason | None = None
    weight: float = 0.0
    not_before_at: datetime | None = None

    @property
    def id(self) -> str:
        """The delivery's id, the same for the same natural key on every machine."""
        return delivery_id(self.subscription_id, self.subject, self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger."""

    id: str
    subscription_id: str
    recipient_id: str
    channel: Channel
    kind: DeliveryKind
    subject: str
    story_id: int | None
    content_id: str
    state: DeliveryState
    reason: Reason | None
    digest_id: str | None
    weight: float
    attempts: int
    next_attempt_at: datetime | None
    owed_at: datetime
    first_attempt_at: datetime | None
    sent_at: datetime | None
    changed_at: datetime
    receipt: str | None
    last_error: str | None


#: All mail goes through one relay, so it is one lane; every other recipient is a lane of its own.
MAIL_LANE: Final = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery a worker may take up now.

    `due_at` changes with every attempt and every retry by hand, so it names the turn.
    """

    id: str
    recipient_id: str
    channel: Channel
    attempts: int
    due_at: datetime

    @property
    def lane(self) -> str:
        """What stands in line with it: all mail, or what one endpoint is owed."""
        return MAIL_LANE if self.channel is Channel.EMAIL else self.recipient_id

    @property
    def turn(self) -> str:
        """The turn's name, the same for every process that sees it: `delivery-ID-2026…Z`."""
        return f"delivery-{self.id}-{self.due_at:%Y%m%dT%H%M%S.%fZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery taken by one worker, with everything needed to send it.

    `subscription.recipient` is whom the subscription serves; `recipient` is whom this very delivery
    goes to (they differ for a notice to a webhook's owner). `waiting` counts what the hourly cap of
    the subscription holds back for its digest.
    """

    delivery: Delivery
    subscription: Subscription
    recipient: Recipient
    content: Mapping[str, object]
    waiting: int = 0


def delivery_id(subscription_id: str, subject: str, channel: Channel) -> str:
    """Derive a delivery's id from its natural key: `dlv_` and 26 base-32 letters (130 bits)."""
    key = f"{subscription_id}\x1f{subject}\x1f{channel.value}".encode()
    return "dlv_" + b32encode(hashlib.sha256(key).digest())[:26].decode().lower()


def story_subject(story_id: int) -> str:
    """Name the one alert of a story."""
    return f"story:{story_id}"


def update_subject(story_id: int, number: int = 1) -> str:
    """Name the update `number` of a story (1 and up)."""
    return f"story:{story_id}#update{number}"
