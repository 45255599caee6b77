"""Reads the Retry-After header: seconds or an HTTP date (RFC 9110 §10.2.3)."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = timedelta(days=1)  # a server may ask for more; an outlet is looked at daily anyway


def retry_after(header: str | None, *, now: datetime) -> timedelta | None:
    """Return how long the server asks to wait, between zero and a day, or None."""
    text = (header or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST)
    wanted_at = _http_date(text)
    if wanted_at is None:
        return None
    return max(timedelta(0), min(wanted_at - now, LONGEST))


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
