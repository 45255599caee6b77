"""Build the JSON body of a webhook from what is told.

`{"type", "timestamp", "schema_version", "data"}` as Standard Webhooks 1.0 asks. The timestamp is
when the delivery was owed, so a repeat has the same bytes. A body stays under 20 KB: long texts are
cut at a word, long lists at their end, with the whole count or the number left out beside them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from pydantic import TypeAdapter

from alerts.events import (
    SCHEMA_VERSION,
    CarrierData,
    ChangeData,
    CorrectionData,
    Data,
    DigestData,
    GroupData,
    OutletData,
    OutletHealthData,
    PingData,
    RuleData,
    StoryData,
    UnreadData,
)
from alerts.message import (
    Alert,
    Change,
    Confirmation,
    Content,
    Correction,
    Coverage,
    Digest,
    DigestGroup,
    FiredRule,
    Name,
    Notice,
    OutletHealth,
    Ping,
)
from alerts.tidy import one_line

MAX_BYTES: Final = 20_000
MAX_CARRIERS: Final = 20
MAX_RULES: Final = 10
MAX_TERMS: Final = 10
MAX_CORRECTIONS: Final = 10

_ADAPTER: Final[TypeAdapter[Data]] = TypeAdapter(Data)


def body_of(
    content: Content, *, owed_at: datetime, feedback_url: Callable[[int], str] | None = None
) -> bytes:
    """Return the body of a webhook, at most MAX_BYTES of UTF-8.

    `feedback_url` makes the link by which a receiver says that a story was not relevant.
    """
    event, data = _event(content)
    if feedback_url is not None:
        data = _with_feedback(data, feedback_url)
    body = _encoded(event, data, owed_at)
    while len(body) > MAX_BYTES:
        data = _smaller(data)
        body = _encoded(event, data, owed_at)
    return body


def holds_all(digest: Digest) -> bool:
    """Say whether a digest's body has room for every story of it, if without their spread."""
    bare = _digest(digest)
    bare = _each_story(bare, _bare)
    return len(_encoded("digest.ready", bare, digest.until_at)) <= MAX_BYTES


def _encoded(event: str, data: Data, owed_at: datetime) -> bytes:
    whole = {
        "type": event,
        "timestamp": owed_at.isoformat().replace("+00:00", "Z"),
        "schema_version": SCHEMA_VERSION,
        "data": _ADAPTER.dump_python(data, mode="json"),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _event(content: Content) -> tuple[str, Data]:
    match content:
        case Alert():
            return "story.matched" if content.change is None else "story.updated", _story(content)
        case Digest():
            return "digest.ready", _digest(content)
        case OutletHealth():
            return "outlet.health", _health(content)
        case Ping():
            return "ping", PingData(note=one_line(content.note))
        case Correction() | Confirmation() | Notice():
            raise ValueError(f"a {content.kind} is told by mail, never by a webhook")
        case _:
            assert_never(content)


def _story(alert: Alert) -> StoryData:
    carriers = sorted(alert.spread, key=lambda carrier: carrier.at)[:MAX_CARRIERS]
    return StoryData(
        story_id=alert.story_id,
        article_id=alert.article_id,
        outlet=_outlet(alert.outlet_id, alert.outlet),
        headline=one_line(alert.headline),
        kicker=_optional(alert.kicker, 200),
        lead=_optional(alert.lead, 700),
        published_at=alert.published_at,
        found_at=alert.found_at,
        url=_address(alert.url),
        archive_url=alert.archive_url,
        rules=tuple(_rule(rule) for rule in alert.rules[:MAX_RULES]),
        spread=tuple(
            CarrierData(
                outlet=_outlet(carrier.outlet_id, carrier.name),
                url=_address(carrier.url),
                at=carrier.at,
                original=carrier.is_original,
            )
            for carrier in carriers
        ),
        outlets=max(len(alert.spread), 1),
        change=None if alert.change is None else _change(alert.change),
    )


def _rule(rule: FiredRule) -> RuleData:
    return RuleData(
        id=rule.rule_id,
        name=one_line(rule.name.fa, 120),
        score=rule.score,
        terms=tuple(one_line(term, 80) for term in rule.terms[:MAX_TERMS]),
        sentence=one_line("".join(span.text for span in rule.sentence), 400),
    )


def _change(change: Change) -> ChangeData:
    return ChangeData(
        kind=change.kind.value, before=one_line(change.before), after=one_line(change.after)
    )


def _digest(digest: Digest) -> DigestData:
    return DigestData(
        rhythm=digest.rhythm,
        from_at=digest.from_at,
        until_at=digest.until_at,
        groups=tuple(_group(group) for group in digest.groups),
        corrections=tuple(_correction(one) for one in digest.corrections[:MAX_CORRECTIONS]),
        outlets=digest.coverage.outlets if digest.coverage else None,
        unread=_unread(digest.coverage),
        left_out=digest.left_out,
    )


def _group(group: DigestGroup) -> GroupData:
    return GroupData(
        rule_id=group.rule_id,
        name=one_line(group.name.fa, 120),
        stories=tuple(_story(alert) for alert in group.alerts),
    )


def _correction(correction: Correction) -> CorrectionData:
    return CorrectionData(
        story_id=correction.story_id,
        headline=one_line(correction.headline),
        told_outlet=one_line(correction.told_outlet.fa, 120),
        original_outlet=one_line(correction.original_outlet.fa, 120),
        original_at=correction.original_at,
        url=_address(correction.url),
    )


def _unread(coverage: Coverage | None) -> tuple[UnreadData, ...]:
    if coverage is None:
        return ()
    return tuple(
        UnreadData(
            outlet=one_line(outlet.name.fa, 120),
            since_at=outlet.since_at,
            why=one_line(outlet.why.told("en"), 200),
        )
        for outlet in coverage.unread[:MAX_CARRIERS]
    )


def _health(health: OutletHealth) -> OutletHealthData:
    return OutletHealthData(
        outlet=_outlet(health.outlet_id, health.outlet),
        condition=health.condition.value,
        detail=one_line(health.detail.told("en"), 600),
        since_at=health.since_at,
    )


def _outlet(outlet_id: str, name: Name) -> OutletData:
    return OutletData(id=outlet_id, name=one_line(name.fa, 120))


def _optional(text: str | None, limit: int) -> str | None:
    return None if text is None else one_line(text, limit)


def _address(url: str) -> str:
    """Keep an address whole while it is one a browser would take; a longer one is cut."""
    return one_line(url, 2000)


def _smaller(data: Data) -> Data:
    """Drop what matters least from a body that is too large; ValueError when nothing can go."""
    match data:
        case StoryData() if data.spread or len(data.rules) > 1:
            return _smaller_story(data)
        case DigestData() if data.groups:
            return _smaller_digest(data)
        case _:
            raise ValueError(
                f"a webhook body of {MAX_BYTES} bytes cannot hold {type(data).__name__}"
            )


def _smaller_story(data: StoryData) -> StoryData:
    if data.spread:
        return replace(data, spread=_half(data.spread))
    return replace(data, rules=data.rules[: (len(data.rules) + 1) // 2])


def _smaller_digest(data: DigestData) -> DigestData:
    """First shorten every story, then leave out the lightest of the largest group."""
    shorter = _each_story(data, _bare)
    if shorter != data:
        return shorter
    largest = max(data.groups, key=lambda group: len(group.stories))
    rest = replace(largest, stories=largest.stories[:-1])
    groups = tuple(rest if group is largest else group for group in data.groups)
    return replace(
        data, groups=tuple(group for group in groups if group.stories), left_out=data.left_out + 1
    )


def _bare(story: StoryData) -> StoryData:
    return replace(story, spread=(), feedback_url=None)


def _with_feedback(data: Data, feedback_url: Callable[[int], str]) -> Data:
    def linked(story: StoryData) -> StoryData:
        return replace(story, feedback_url=feedback_url(story.story_id))

    match data:
        case StoryData():
            return linked(data)
        case DigestData():
            return _each_story(data, linked)
        case _:
            return data


def _each_story(digest: DigestData, change: Callable[[StoryData], StoryData]) -> DigestData:
    return replace(
        digest,
        groups=tuple(
            replace(group, stories=tuple(map(change, group.stories))) for group in digest.groups
        ),
    )


def _half(spread: Sequence[CarrierData]) -> tuple[CarrierData, ...]:
    return tuple(spread[: len(spread) // 2])
