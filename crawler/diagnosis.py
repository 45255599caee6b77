"""What is said of an outlet's health: the visits looked at, the states, the Diagnosis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from crawler.outlets import Access
from crawler.page import FailureKind
from crawler.rhythm import Rhythm

#: For so long an outlet that fails by the network is not blamed while no other has answered since.
DOUBT: Final = timedelta(minutes=30)


class Health(StrEnum):
    """The states of an outlet; `new` is one nobody has visited yet."""

    NEW = "new"
    HEALTHY = "healthy"
    QUIET = "quiet"
    CHANGED = "changed"
    BLOCKED = "blocked"
    GEO_BLOCKED = "geo_blocked"
    CERTIFICATE = "certificate"
    UNREACHABLE = "unreachable"
    DEAD = "dead"


class Cause(StrEnum):
    """Why an outlet is in its state; `crawler.health_words` spells each in Persian and English."""

    NEVER_VISITED = "never_visited"
    WORKING = "working"
    FAILED_ONCE = "failed_once"
    USUAL_SILENCE = "usual_silence"
    LONG_SILENCE = "long_silence"
    FIELDS_MISSING = "fields_missing"
    PAGES_UNREADABLE = "pages_unreadable"
    WAY_CHANGED = "way_changed"
    CHALLENGE = "challenge"
    NOT_ALLOWED = "not_allowed"
    ROBOTS = "robots"
    GEO_BLOCK = "geo_block"
    CERTIFICATE = "certificate"
    NO_ADDRESS = "no_address"
    NO_ANSWER = "no_answer"
    SERVER_ERROR = "server_error"
    BUSY = "busy"
    FORBIDDEN_ADDRESS = "forbidden_address"
    GONE = "gone"
    SILENT_FOR_WEEKS = "silent_for_weeks"
    OUTAGE = "outage"


class Anomaly(StrEnum):
    """A volume or dates far from usual, beside whatever the state is."""

    LOW = "low"
    HIGH = "high"
    FROZEN = "frozen"
    EQUAL_DATES = "equal_dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visit, as far as health is concerned.

    `answered` is whether a way in answered; `articles` were extracted, `unreadable` pages were no
    articles, `failed_pages` did not come or were none. `missing` counts per field the articles that
    lacked it though the profile promises it. `failure` and `status` are those of the first failing
    way in, or page.
    """

    at: datetime
    answered: bool
    new: int = 0
    articles: int = 0
    unreadable: int = 0
    failed_pages: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    failure: FailureKind | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an outlet is in its state, and what else is unusual: data, said by `health_words`.

    `fields` are those that went missing; `expected` is how many articles the silence should have
    brought.
    """

    cause: Cause
    status: int | None = None
    fields: tuple[str, ...] = ()
    expected: float = 0.0
    anomalies: tuple[Anomaly, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The state of an outlet, why, since when; the rest is that of a `Reason`."""

    state: Health
    cause: Cause
    since_at: datetime
    status: int | None = None
    fields: tuple[str, ...] = ()
    expected: float = 0.0
    anomalies: tuple[Anomaly, ...] = ()

    @property
    def reason(self) -> Reason:
        """Why, without the state and its beginning."""
        return Reason(
            cause=self.cause,
            status=self.status,
            fields=self.fields,
            expected=self.expected,
            anomalies=self.anomalies,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the network fares, as the latest visits to all outlets show it.

    `is_out`: most outlets fail at once. `answered_at`: when one last answered; None when too few
    were looked at to tell.
    """

    is_out: bool = False
    answered_at: datetime | None = None

    def is_doubted(self, *, since: datetime, now: datetime) -> bool:
        """Say whether it may be the network that failed an outlet since then: nobody answered."""
        if self.answered_at is None:
            return False
        return self.answered_at < since and now - since < DOUBT


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known beside the visits.

    `published_at` are the instants of the latest articles; `last_new_at` is when one was last found
    new; `network` how the network fares; `before` the diagnosis that stands.
    """

    rhythm: Rhythm
    access: Access = Access.UNKNOWN
    published_at: Sequence[datetime] = ()
    last_new_at: datetime | None = None
    network: Network = field(default_factory=Network)
    before: Diagnosis | None = None
