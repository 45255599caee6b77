"""Who is told: the Recipient (a person or an endpoint) and what it subscribed to."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """How a recipient is reached."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    CHAT = "chat"


class Rhythm(StrEnum):
    """How often a subscription speaks."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriptionState(StrEnum):
    """The life of a subscription; only an `ACTIVE` one is told anything but its confirmation."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One email address, webhook URL or chat, with its health and its secrets.

    The secrets of a webhook sign; that of a chat is its whole address, of which `address` is the
    masked form. `previous_secret` signs beside `secret` until `previous_secret_until_at`.
    `permanent_failures` counts refusals in a row; `failing_since_at` is the first failure since
    the last success.
    `disabled_at` set means nothing is sent until somebody enables the recipient again.
    """

    id: str
    channel: Channel
    address: str
    owner_email: str | None = None
    secret: str | None = field(default=None, repr=False)
    previous_secret: str | None = field(default=None, repr=False)
    previous_secret_until_at: datetime | None = None
    created_at: datetime
    verified_at: datetime | None = None
    permanent_failures: int = 0
    failing_since_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecipient:
    """A recipient before it is kept; `(channel, address)` is the natural key."""

    channel: Channel
    address: str
    owner_email: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Minutes of the Tehran day between which nothing is sent; may pass midnight (22:00–07:00)."""

    from_minute: int
    until_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a subscriber chose; every field may be changed later.

    `minimum_score` is on the scale of `alerts.match`. `bulletin_minute` is the minute of the Tehran
    day at which daily and weekly digests leave. Empty `outlets_included` means every outlet.
    """

    name: str = ""
    rule_ids: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm.AT_ONCE
    language: str = "fa"
    minimum_score: float = 0.0
    cap_per_hour: int | None = None
    quiet: QuietHours | None = None
    bulletin_minute: int = 7 * 60
    working_days_only: bool = False
    outlets_included: frozenset[str] = frozenset()
    outlets_excluded: frozenset[str] = frozenset()
    watches_outlets: bool = False
    paused_until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscription:
    """A subscription before it is kept; the caller chooses the id, so adding can be repeated."""

    id: str
    recipient_id: str
    preferences: Preferences
    state: SubscriptionState = SubscriptionState.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One promise: this recipient hears of these rules in this way."""

    id: str
    recipient: Recipient
    state: SubscriptionState
    preferences: Preferences
    created_at: datetime
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    digested_until_at: datetime | None = None
