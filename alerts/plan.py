"""Decide who is owed which alert of a story, and who has to wait for it.

Pure: a story's matches, what has been told already and the subscriptions go in, decisions come out;
`alerts.announce` writes them into the ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from alerts.match import Match
from alerts.times import paused_until, quiet_until
from storage.delivery import DeliveryKind, DeliveryState, Reason, story_subject
from storage.subscription import Preferences, Rhythm, Subscription

#: An article older than this when it is found is history, not news.
AGE_LIMIT: Final = timedelta(hours=48)

CAP_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryNews:
    """What the plan has to know about a story whose article has just matched.

    `published_at` is None when nobody believes the printed date; then the time it was found decides
    alone. `is_backfill` marks an article that a first or historical visit brought.
    """

    story_id: int
    outlet_id: str
    found_at: datetime
    published_at: datetime | None = None
    is_backfill: bool = False
    age_limit: timedelta = AGE_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the ledger says so far.

    `recipients` have a delivery about the story already; `recent` counts the alerts every
    subscription was owed within the last hour.
    """

    recipients: frozenset[str] = frozenset()
    recent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One delivery to write: for whom, about which rules, owed or held, and until when."""

    subscription: Subscription
    kind: DeliveryKind
    subject: str
    rule_ids: tuple[str, ...]
    weight: float
    state: DeliveryState = DeliveryState.OWED
    reason: Reason | None = None


def plan_story(
    news: StoryNews,
    matches: Sequence[Match],
    subscriptions: Iterable[Subscription],
    *,
    told: Told,
    now: datetime,
) -> tuple[Decision, ...]:
    """Decide on the one alert of a story for everyone who follows a rule that matched.

    A recipient hears of a story once, whatever rules fired and however many subscriptions ask: the
    one that speaks soonest names all the rules, the others are skipped with the reason. Whoever has
    been told already is left alone; a copy that comes later is for the digest's spread.
    """
    too_old = _why_too_old(news, now)
    decisions: list[Decision] = []
    for group in _by_recipient(subscriptions, matches, news):
        speaker, *others = sorted(group, key=_soonest)
        if speaker.recipient.id in told.recipients:
            continue
        fired = _fired(matches, (rule for s in group for rule in s.preferences.rule_ids))
        first = Decision(
            subscription=speaker,
            kind=DeliveryKind.STORY,
            subject=story_subject(news.story_id),
            rule_ids=tuple(match.rule_id for match in fired),
            weight=max(match.score for match in fired),
        )
        decisions.append(_timed(first, too_old, told.recent.get(speaker.id, 0), now))
        decisions.extend(_skipped(first, other, Reason.SAME_PERSON) for other in others)
    return tuple(decisions)


def accepts(preferences: Preferences, outlet_id: str, matches: Iterable[Match]) -> bool:
    """Say whether a subscription wants a story of this outlet for at least one of the matches."""
    if outlet_id in preferences.outlets_excluded:
        return False
    if preferences.outlets_included and outlet_id not in preferences.outlets_included:
        return False
    wanted = frozenset(preferences.rule_ids)
    return any(
        match.rule_id in wanted and match.score >= preferences.minimum_score for match in matches
    )


def _by_recipient(
    subscriptions: Iterable[Subscription], matches: Sequence[Match], news: StoryNews
) -> Iterable[list[Subscription]]:
    groups: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        if accepts(subscription.preferences, news.outlet_id, matches):
            groups.setdefault(subscription.recipient.id, []).append(subscription)
    return groups.values()


_SOONEST: Final = tuple(Rhythm)


def _soonest(subscription: Subscription) -> tuple[int, datetime, str]:
    """Order one person's subscriptions: the quickest rhythm first, then the oldest."""
    rhythm = subscription.preferences.rhythm
    return _SOONEST.index(rhythm), subscription.created_at, subscription.id


def _fired(matches: Sequence[Match], followed: Iterable[str]) -> list[Match]:
    """Return the matches of the rules followed, the strongest first."""
    rule_ids = frozenset(followed)
    fired = (match for match in matches if match.rule_id in rule_ids)
    return sorted(fired, key=lambda match: (-match.score, match.rule_id))


def _why_too_old(news: StoryNews, now: datetime) -> Reason | None:
    if news.is_backfill:
        return Reason.BACKFILL
    dated_at = news.published_at or news.found_at
    return Reason.TOO_OLD if now - dated_at > news.age_limit else None


def _timed(decision: Decision, too_old: Reason | None, recent: int, now: datetime) -> Decision:
    """Let a decision stand as owed now, or hold it with the first reason that applies."""
    preferences = decision.subscription.preferences
    if decision.subscription.recipient.disabled_at is not None:
        return replace(decision, state=DeliveryState.SKIPPED, reason=Reason.DISABLED)
    reason = too_old or why_wait(preferences, recent, now)
    return decision if reason is None else _held(decision, reason)


def why_wait(preferences: Preferences, recent: int, now: datetime) -> Reason | None:
    """Say why an alert waits for the next digest, or None when it may go out now."""
    if paused_until(preferences, now) is not None:
        return Reason.PAUSED
    if preferences.rhythm is not Rhythm.AT_ONCE:
        return Reason.DIGEST
    if quiet_until(preferences.quiet, now) is not None:
        return Reason.QUIET_HOURS
    if preferences.cap_per_hour is not None and recent >= preferences.cap_per_hour:
        return Reason.CAP
    return None


def _held(decision: Decision, reason: Reason) -> Decision:
    return replace(decision, state=DeliveryState.HELD, reason=reason)


def _skipped(first: Decision, other: Subscription, reason: Reason) -> Decision:
    return replace(first, subscription=other, state=DeliveryState.SKIPPED, reason=reason)
