"""The values that are told: a story's Alert, a Digest, an outlet's health, and the small ones.

Each has a literal `kind`, by which `alerts.content` turns it into the ledger's JSON and back.
Texts are as printed; `alerts.tidy` makes them harmless when they are rendered.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What something is called in Persian and in English."""

    fa: str
    en: str = ""

    def told(self, language: str) -> str:
        """Return the name in a language, the Persian one when there is no English."""
        return self.en if language == "en" and self.en else self.fa


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a sentence; `marked` when it is what made the rule fire."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredRule:
    """Why a story is told: the rule, how strongly it fired, on which words, in which sentence."""

    rule_id: str
    name: Name
    score: float
    terms: tuple[str, ...] = ()
    sentence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One outlet that carries a story, and when it had it."""

    outlet_id: str
    name: Name
    url: str
    at: datetime
    is_original: bool = False


class ChangeKind(StrEnum):
    """What makes a revision material, so that it is told as an update."""

    TITLE = "title"
    FIGURES = "figures"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a material revision changed; `before` and `after` are short enough to print."""

    kind: ChangeKind
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One story told at once, or as one item of a digest.

    `published_at` is None when the outlet printed no believable time. `archive_url` is absolute and
    None when the service has no public address. `change` is set for an update only.
    """

    kind: Literal["story"] = "story"
    story_id: int
    article_id: int
    outlet_id: str
    outlet: Name
    headline: str
    kicker: str | None = None
    lead: str | None = None
    published_at: datetime | None = None
    found_at: datetime
    url: str
    archive_url: str | None = None
    rules: tuple[FiredRule, ...] = ()
    spread: tuple[Carrier, ...] = ()
    change: Change | None = None

    @property
    def weight(self) -> float:
        """The strongest rule's score."""
        return max((rule.score for rule in self.rules), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    """The stories of one topic, the weightiest first."""

    rule_id: str
    name: Name
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A story told before through a copy, whose original has turned up since."""

    kind: Literal["correction"] = "correction"
    story_id: int
    headline: str
    told_outlet: Name
    original_outlet: Name
    original_at: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadOutlet:
    """An outlet that could not be read, since when, and why in a person's words."""

    name: Name
    since_at: datetime
    why: Name = Name(fa="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the press a digest rests on."""

    outlets: int
    unread: tuple[UnreadOutlet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything one subscription has to hear for one period; `left_out` did not fit."""

    kind: Literal["digest"] = "digest"
    rhythm: str
    from_at: datetime
    until_at: datetime
    groups: tuple[DigestGroup, ...]
    corrections: tuple[Correction, ...] = ()
    coverage: Coverage | None = None
    left_out: int = 0

    @property
    def stories(self) -> int:
        """How many stories it tells."""
        return sum(len(group.alerts) for group in self.groups)


class OutletCondition(StrEnum):
    """What happened to an outlet."""

    BROKEN = "broken"
    BLOCKED = "blocked"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletHealth:
    """An outlet broke, is blocked, or recovered; `detail` is a sentence a person can act on.

    `since_at` is when the failure began, for its recovery too.
    """

    kind: Literal["outlet_health"] = "outlet_health"
    outlet_id: str
    outlet: Name
    condition: OutletCondition
    detail: Name
    since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A test event by which an endpoint proves that it listens."""

    kind: Literal["ping"] = "ping"
    note: str = "Rasad is checking this endpoint. Answer with any 2xx status."


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The question of double opt-in, whether it was really this person who subscribed."""

    kind: Literal["confirmation"] = "confirmation"
    rules: tuple[Name, ...] = ()


class DisableCause(StrEnum):
    """Why a recipient gets nothing more."""

    GONE = "gone"
    FAILING = "failing"
    BOUNCING = "bouncing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Tells the owner of an endpoint that it was disabled, why, and what it answered last.

    `count` is of days for one that is failing, of messages for one that is bouncing.
    """

    kind: Literal["notice"] = "notice"
    endpoint: str
    cause: DisableCause
    count: int = 0
    answer: str = ""
    since_at: datetime


Content = Alert | Digest | Correction | OutletHealth | Ping | Confirmation | Notice
