"""Reads the date of a feed's item, whatever dialect it is written in, into a DateClaim."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

from crawler.article import DateClaim, DateSource, Trust
from persian.calendar import TEHRAN, JalaliDate
from persian.dates import parse_date
from persian.digits import to_latin_digits

CLOCK_SKEW: Final = timedelta(minutes=15)  # further ahead than this a stamp is not to be believed
_LONGEST_STAMP: Final = 100
_FIRST_NEWS_YEAR: Final = 1995  # no outlet on the web is older
_JALALI_YEARS: Final = range(1300, 1500)
_ISO: Final = re.compile(
    r"^(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)"
    r"(?:[T ]+(?P<H>\d\d?):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d?(?::?\d\d)?)?$",
    re.IGNORECASE,
)
_RFC822: Final = re.compile(r"\d{1,2}\s+[A-Za-z]{3,9}\.?\s+\d{2,4}\s+\d{1,2}:\d\d")
_SHORT_OFFSET: Final = re.compile(r"([+-])(\d):?(\d\d)$")
_TEHRAN_NAMES: Final = re.compile(r"\b(?:IRST|IRDT|IRT|Asia/Tehran)$", re.IGNORECASE)


def feed_date(text: str | None, *, naive_zone: str, now: datetime) -> DateClaim | None:
    """Read one stamp; None when it says nothing.

    A stamp without a zone is in `naive_zone`; a year of 13xx or 14xx is Jalali, in Tehran time
    where no zone stands. A stamp ahead of `now` or before the web is `Trust.DOUBTFUL`.
    """
    printed = (text or "").strip()[:_LONGEST_STAMP]
    plain = to_latin_digits(printed)
    if not plain:
        return None
    zone = ZoneInfo(naive_zone)
    found = _iso(plain, zone) or _rfc822(plain, zone) or _persian(printed, now)
    if found is None:
        return None
    at, trust = found
    trust = trust if _is_plausible(at, now) else Trust.DOUBTFUL
    return DateClaim(at=at, source=DateSource.FEED, trust=trust, printed=printed)


def _is_plausible(at: datetime, now: datetime) -> bool:
    return at <= now + CLOCK_SKEW and at.year >= _FIRST_NEWS_YEAR


def _iso(text: str, naive_zone: tzinfo) -> tuple[datetime, Trust] | None:
    found = _ISO.match(text)
    if not found:
        return None
    year, month, day = (int(found[name]) for name in ("y", "m", "d"))
    zone = _zone(found["zone"]) or naive_zone
    try:
        if year in _JALALI_YEARS:
            zone = zone if _is_real_offset(found["zone"]) else TEHRAN
            gregorian = JalaliDate(year, month, day).to_gregorian()
            year, month, day = gregorian.year, gregorian.month, gregorian.day
        if found["H"] is None:
            return datetime(year, month, day, tzinfo=TEHRAN).astimezone(UTC), Trust.DAY
        clock = (int(found["H"]), int(found["M"]), int(found["S"] or 0))
        return datetime(year, month, day, *clock, tzinfo=zone).astimezone(UTC), Trust.EXACT
    except ValueError:
        return None


def _is_real_offset(zone: str | None) -> bool:
    # a theme that prints a Jalali year prints Tehran's clock with a zone of zero behind it
    return bool(zone) and zone not in {"Z", "+00:00", "+0000", "-00:00"}


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("00") else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text.startswith("-") else offset)


def _rfc822(text: str, naive_zone: tzinfo) -> tuple[datetime, Trust] | None:
    if not _RFC822.search(text):
        return None
    tehran = bool(_TEHRAN_NAMES.search(text))
    plain = _SHORT_OFFSET.sub(r"\g<1>0\2\3", _TEHRAN_NAMES.sub("", text).strip())
    try:
        at = parsedate_to_datetime(plain)
    except (ValueError, OverflowError):
        return None
    if at.year in _JALALI_YEARS:
        return None  # Jalali months in Latin letters are read as Persian dates
    if at.tzinfo is None:
        at = at.replace(tzinfo=TEHRAN if tehran else naive_zone)
    return at.astimezone(UTC), Trust.EXACT


def _persian(text: str, now: datetime) -> tuple[datetime, Trust] | None:
    found = parse_date(text, now=now)
    if found is None:
        return None
    return found.at, Trust.EXACT if found.has_time else Trust.DAY
