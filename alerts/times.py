"""When a subscription speaks: quiet hours, digest periods, pauses. All pure, all in Tehran time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, assert_never

from alerts.week import is_working_day, is_working_time, tehran_minute
from persian.calendar import TEHRAN
from storage.subscription import Preferences, QuietHours, Rhythm

_SATURDAY: Final = 5  # the first day of Iran's week, as date.weekday() counts
_MAX_DAYS_BACK: Final = 40  # longer than any run of holidays, Nowruz and a weekly rhythm included


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What one digest covers; `key` names it in the ledger's natural key."""

    key: str
    from_at: datetime
    until_at: datetime


def quiet_until(quiet: QuietHours | None, now: datetime) -> datetime | None:
    """Say when the quiet hours around `now` end, or None when it is not quiet."""
    if quiet is None or quiet.from_minute == quiet.until_minute:
        return None
    local = now.astimezone(TEHRAN)
    minute = local.hour * 60 + local.minute
    today = local.date()
    if quiet.from_minute < quiet.until_minute:
        inside = quiet.from_minute <= minute < quiet.until_minute
        return tehran_minute(today, quiet.until_minute) if inside else None
    if minute >= quiet.from_minute:
        return tehran_minute(today + timedelta(days=1), quiet.until_minute)
    return tehran_minute(today, quiet.until_minute) if minute < quiet.until_minute else None


def paused_until(preferences: Preferences, now: datetime) -> datetime | None:
    """Say until when a subscription is paused, or None when it is not."""
    until = preferences.paused_until_at
    return until if until is not None and until > now else None


def latest_digest_at(preferences: Preferences, now: datetime) -> datetime | None:
    """Return the latest instant up to `now` at which a digest was to leave, or None.

    At once: every full hour of Tehran, and the end of quiet hours, for what was held back. Hourly:
    every full hour. Daily: the chosen minute of every day, or of working days only. Weekly: of the
    first day of the week, or with working days only the first working day of the week.
    """
    match preferences.rhythm:
        case Rhythm.AT_ONCE:
            return max(_full_hour(now), _latest_quiet_end(preferences.quiet, now))
        case Rhythm.HOURLY:
            return _full_hour(now)
        case Rhythm.DAILY | Rhythm.WEEKLY:
            return _latest_day(preferences, now)
        case _:
            assert_never(preferences.rhythm)


def digest_period(preferences: Preferences, *, since: datetime, now: datetime) -> Period | None:
    """Return the period whose digest is due, or None when that of `since` is the latest one.

    A service that slept over several periods makes one digest of them all, never a pile.
    """
    until = latest_digest_at(preferences, now)
    if until is None or until <= since:
        return None
    if quiet_until(preferences.quiet, now) is not None or paused_until(preferences, now):
        return None
    return Period(key=f"{until:%Y-%m-%dT%H:%MZ}", from_at=since, until_at=until)


def _full_hour(now: datetime) -> datetime:
    local = now.astimezone(TEHRAN).replace(minute=0, second=0, microsecond=0)
    return local.astimezone(UTC)


def _latest_quiet_end(quiet: QuietHours | None, now: datetime) -> datetime:
    if quiet is None:
        return datetime.min.replace(tzinfo=UTC)
    today = now.astimezone(TEHRAN).date()
    end_at = tehran_minute(today, quiet.until_minute)
    if end_at <= now:
        return end_at
    return tehran_minute(today - timedelta(days=1), quiet.until_minute)


def _latest_day(preferences: Preferences, now: datetime) -> datetime | None:
    today = now.astimezone(TEHRAN).date()
    for back in range(_MAX_DAYS_BACK):
        day = today - timedelta(days=back)
        at = tehran_minute(day, preferences.bulletin_minute)
        if at <= now and _is_bulletin_day(preferences, day, at):
            return at
    return None


def _is_bulletin_day(preferences: Preferences, day: date, at: datetime) -> bool:
    if preferences.working_days_only and not is_working_time(at):
        return False
    if preferences.rhythm is Rhythm.DAILY:
        return True
    first = day - timedelta(days=(day.weekday() - _SATURDAY) % 7)
    if not preferences.working_days_only:
        return day == first
    earlier = (first + timedelta(days=offset) for offset in range((day - first).days))
    return not any(is_working_day(other) for other in earlier)
