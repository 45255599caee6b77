"""Diagnoses how an outlet fares from its recent visits. Pure.

A state is for people: what is the matter, since when, and what would help. One failed visit is no
diagnosis; a challenge page or a closed door at two visits in a row is.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from crawler.causes import cause_of, state_of
from crawler.diagnosis import Cause, Circumstances, Diagnosis, Health, Look
from crawler.volume import FROZEN_EXPECTED, anomalies

FAILURES_IN_A_ROW: Final = 2
GONE_AFTER: Final = timedelta(days=14)
SILENT_AFTER: Final = timedelta(days=45)
QUIET_AFTER: Final = timedelta(hours=24)
MISSING_SHARE: Final = 0.6
MANY_ARTICLES: Final = 3  # in one visit; enough to say "changed" without waiting for the next
_AT_ONCE: Final = frozenset(
    {Cause.CHALLENGE, Cause.CERTIFICATE, Cause.FORBIDDEN_ADDRESS, Cause.ROBOTS}
)
_BY_NETWORK: Final = frozenset({Cause.NO_ADDRESS, Cause.NO_ANSWER})
_MAY_BE_DEAD: Final = frozenset({Cause.NO_ADDRESS, Cause.NO_ANSWER, Cause.SERVER_ERROR})


def diagnose(looks: Sequence[Look], around: Circumstances, *, now: datetime) -> Diagnosis:
    """Say how the outlet fares; `looks` are its recent visits in any order."""
    recent = sorted(looks, key=lambda look: look.at, reverse=True)
    if not recent:
        return Diagnosis(state=Health.NEW, cause=Cause.NEVER_VISITED, since_at=now)
    if around.network.is_out and not recent[0].answered:
        return _excused(around, recent[0])
    found = _failing(recent, around, now) or _pages_closed(recent, around) or _changed(recent)
    diagnosis = found or _silent(around, now) or _working(recent)
    return replace(_since(diagnosis, around.before), anomalies=anomalies(around, now=now))


def _excused(around: Circumstances, look: Look) -> Diagnosis:
    """Blame no outlet while most of them fail at once: the state that stood stays."""
    before = around.before
    state = before.state if before else Health.NEW
    return Diagnosis(
        state=state, cause=Cause.OUTAGE, since_at=before.since_at if before else look.at
    )


def _since(diagnosis: Diagnosis, before: Diagnosis | None) -> Diagnosis:
    """Keep the beginning of a state that stood already."""
    if before is None or before.state is not diagnosis.state:
        return diagnosis
    return replace(diagnosis, since_at=min(before.since_at, diagnosis.since_at))


def _working(recent: Sequence[Look]) -> Diagnosis:
    since = recent[-1].at
    for later, earlier in pairwise(recent):
        if not earlier.answered:
            since = later.at
            break
    cause = Cause.WORKING if recent[0].answered else Cause.FAILED_ONCE
    state = Health.HEALTHY if any(look.answered for look in recent) else Health.NEW
    return Diagnosis(state=state, cause=cause, since_at=since, status=recent[0].status)


def _failing(recent: Sequence[Look], around: Circumstances, now: datetime) -> Diagnosis | None:
    failed: list[Look] = []
    for look in recent:
        if look.answered:
            break
        failed.append(look)
    if not failed:
        return None
    cause = cause_of(failed[0], around.access)
    if len(failed) < FAILURES_IN_A_ROW and cause not in _AT_ONCE:
        return None
    since = failed[-1].at
    state = state_of(cause)
    if cause in _BY_NETWORK and around.network.is_doubted(since=since, now=now):
        return None
    began = _stood_since(around.before, state) or since
    if cause in _MAY_BE_DEAD and now - began >= GONE_AFTER:
        state, cause = Health.DEAD, Cause.GONE
    return Diagnosis(state=state, cause=cause, since_at=began, status=failed[0].status)


def _stood_since(before: Diagnosis | None, state: Health) -> datetime | None:
    return before.since_at if before and before.state in {state, Health.DEAD} else None


def _pages_closed(recent: Sequence[Look], around: Circumstances) -> Diagnosis | None:
    """See ways in that answer while every article stands behind a closed door."""
    closed = [look for look in recent if look.articles or look.failure]
    last = closed[:FAILURES_IN_A_ROW]
    failed = sum(look.failed_pages for look in last)
    if len(last) < FAILURES_IN_A_ROW or failed < MANY_ARTICLES:
        return None  # one page that nobody may read is no closed door
    if any(look.articles for look in last):
        return None
    cause = cause_of(last[0], around.access)
    state = state_of(cause)
    if state not in {Health.BLOCKED, Health.GEO_BLOCKED}:
        return None
    since = _began(closed, lambda look: not look.articles)
    return Diagnosis(state=state, cause=cause, since_at=since, status=last[0].status)


def _changed(recent: Sequence[Look]) -> Diagnosis | None:
    """See a profile that stopped matching: fields gone at two visits, or at one full visit."""
    reading = [look for look in recent if look.articles or look.unreadable]
    fields = tuple(sorted(name for name in _fields(reading[:1]) if _is_gone(name, reading)))
    if fields:
        since = _began(reading, lambda look: all(_lacks(look, name) for name in fields))
        return Diagnosis(
            state=Health.CHANGED, cause=Cause.FIELDS_MISSING, since_at=since, fields=fields
        )
    if _no_articles(reading):
        since = _began(reading, lambda look: not look.articles)
        return Diagnosis(state=Health.CHANGED, cause=Cause.PAGES_UNREADABLE, since_at=since)
    return None


def _began(reading: Sequence[Look], holds: Callable[[Look], bool]) -> datetime:
    since = reading[0].at
    for look in reading:
        if not holds(look):
            break
        since = look.at
    return since


def _no_articles(reading: Sequence[Look]) -> bool:
    last = reading[:FAILURES_IN_A_ROW]
    unreadable = sum(look.unreadable for look in last)
    return unreadable >= MANY_ARTICLES and not any(look.articles for look in last)


def _fields(looks: Sequence[Look]) -> set[str]:
    return {name for look in looks for name in look.missing}


def _is_gone(name: str, reading: Sequence[Look]) -> bool:
    last = reading[:FAILURES_IN_A_ROW]
    if last[0].articles >= MANY_ARTICLES and _lacks(last[0], name):
        return True
    return len(last) == FAILURES_IN_A_ROW and all(_lacks(look, name) for look in last)


def _lacks(look: Look, name: str) -> bool:
    return look.articles > 0 and look.missing.get(name, 0) >= MISSING_SHARE * look.articles


def _silent(around: Circumstances, now: datetime) -> Diagnosis | None:
    last = around.last_new_at
    if last is None or now - last < QUIET_AFTER:
        return None
    expected = around.rhythm.expected(last, now)
    if now - last >= SILENT_AFTER and expected >= FROZEN_EXPECTED:
        return Diagnosis(
            state=Health.DEAD, cause=Cause.SILENT_FOR_WEEKS, since_at=last, expected=expected
        )
    cause = Cause.LONG_SILENCE if expected >= FROZEN_EXPECTED else Cause.USUAL_SILENCE
    return Diagnosis(state=Health.QUIET, cause=cause, since_at=last, expected=expected)
