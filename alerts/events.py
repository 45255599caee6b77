"""What each webhook event carries as `data`, and the JSON Schemas of the events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleData:
    """A rule that fired, with the words that made it fire and their sentence, unmarked."""

    id: str
    name: str
    score: float
    terms: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletData:
    """An outlet by id and Persian name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierData:
    """One outlet that carries the story."""

    outlet: OutletData
    url: str
    at: datetime
    original: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeData:
    """What a material revision changed: `title`, `figures` or `withdrawn`."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryData:
    """A story; `published_at` is null when the outlet printed no believable time.

    A POST to `feedback_url` says that it was not relevant; null where there was no room for it.
    """

    story_id: int
    article_id: int
    outlet: OutletData
    headline: str
    kicker: str | None
    lead: str | None
    published_at: datetime | None
    found_at: datetime
    url: str
    archive_url: str | None
    rules: tuple[RuleData, ...]
    spread: tuple[CarrierData, ...]
    outlets: int
    change: ChangeData | None = None
    feedback_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionData:
    """A story told before from a copy, and the outlet it is really from."""

    story_id: int
    headline: str
    told_outlet: str
    original_outlet: str
    original_at: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadData:
    """An outlet that was not read, since when, and why."""

    outlet: str
    since_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupData:
    """The stories of one rule or topic."""

    rule_id: str
    name: str
    stories: tuple[StoryData, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestData:
    """A digest; `left_out` counts the stories that did not fit."""

    rhythm: str
    from_at: datetime
    until_at: datetime
    groups: tuple[GroupData, ...]
    corrections: tuple[CorrectionData, ...]
    outlets: int | None
    unread: tuple[UnreadData, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletHealthData:
    """An outlet that is `broken`, `blocked` or has `recovered`."""

    outlet: OutletData
    condition: str
    detail: str
    since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PingData:
    """A test event."""

    note: str


Data = StoryData | DigestData | OutletHealthData | PingData

EVENTS: Final[dict[str, type[Data]]] = {
    "story.matched": StoryData,
    "story.updated": StoryData,
    "digest.ready": DigestData,
    "outlet.health": OutletHealthData,
    "ping": PingData,
}


def schema_of(event: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an event's whole body; KeyError for an unknown event."""
    data = TypeAdapter(EVENTS[event]).json_schema(ref_template="#/$defs/{model}")
    definitions = data.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event,
        "type": "object",
        "properties": {
            "type": {"const": event},
            "timestamp": {"type": "string", "format": "date-time"},
            "schema_version": {"const": SCHEMA_VERSION},
            "data": data,
        },
        "required": ["type", "timestamp", "schema_version", "data"],
        "additionalProperties": False,
        "$defs": definitions,
    }
