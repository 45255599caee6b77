"""Reads a page's dates: each claim with where it stood and how far it is trusted."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from crawler.article import DateClaim, DateSource, Trust
from persian.calendar import TEHRAN, at_tehran, from_jalali
from persian.dates import parse_date
from persian.digits import to_latin_digits

_CLOCK_SLACK: Final = timedelta(hours=26)  # an outlet's clock may be a day ahead
_OLDEST: Final = datetime(1995, 1, 1, tzinfo=UTC)  # before the first Iranian news site
_ISO: Final = re.compile(
    r"(?P<y>\d{4})[-/](?P<mo>\d{1,2})[-/](?P<d>\d{1,2})"
    r"(?:[T ,|/-]{1,3}(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}:?\d{2})?)?",
    re.IGNORECASE,
)
_URL_DAY: Final = re.compile(r"/(1[34]\d\d|20\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
_URL_JOINED_DAY: Final = re.compile(r"/(1[34]\d\d|20\d\d)(\d\d)(\d\d)/")
_URL_ISNA_ID: Final = re.compile(r"/(\d\d)(\d\d)(\d\d)\d{5}(?:/|$)")  # isna's ids: 95102918901
_JALALI_YEARS: Final = range(1300, 1500)
_MAIL: Final = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d{1,2}:\d{2}")
_TODAY: Final = ("امروز", "اكنون", "اکنون")  # a header's clock: the day of the crawl
_RANK: Final = {Trust.EXACT: 0, Trust.DAY: 1, Trust.DOUBTFUL: 2}
_FAR: Final = timedelta(days=2)
_SAME_DAY: Final = timedelta(hours=36)  # a day of Tehran against an instant of another zone
_RENDERING: Final = timedelta(minutes=10)


def claim(printed: str, source: DateSource, *, now: datetime) -> DateClaim | None:
    """Read one printed date; None when it is none or names no possible day («۰/۰۰/۰۰»).

    A year 13xx or 14xx is Jalali whatever the notation, and then the time is Tehran's whatever the
    zone says (a theme's `the_time('c')` stamps Jalali years with `+00:00`). A stamp without a zone
    is Tehran's. Midnight in Tehran counts as a day without a time.
    """
    text = to_latin_digits(printed).strip()
    read = _from_iso(text) or _from_mail(text) or _from_print(printed, now)
    if read is None:
        return None
    at, has_time = read
    return DateClaim(
        at=at, source=source, trust=_trust(at, has_time=has_time, now=now), printed=printed
    )


def _trust(at: datetime, *, has_time: bool, now: datetime) -> Trust:
    if not _OLDEST <= at <= now + _CLOCK_SLACK:
        return Trust.DOUBTFUL
    local = at.astimezone(TEHRAN)
    is_midnight = not (local.hour or local.minute or local.second)
    return Trust.EXACT if has_time and not is_midnight else Trust.DAY


def _from_iso(text: str) -> tuple[datetime, bool] | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found["y"]), int(found["mo"]), int(found["d"])
    hour, minute, second = (int(found[part] or 0) for part in ("h", "mi", "s"))
    has_time = found["h"] is not None
    try:
        if year in _JALALI_YEARS:
            return from_jalali(year, month, day, hour, minute, second), has_time
        zone = _zone(found["zone"])
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(
            UTC
        ), has_time
    except ValueError:
        return None


def _zone(printed: str | None) -> tzinfo:
    if printed is None:
        return TEHRAN
    if printed.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    hours, minutes = int(printed[1:-2].rstrip(":")), int(printed[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if printed[0] == "-" else offset)


def _from_mail(text: str) -> tuple[datetime, bool] | None:
    if not _MAIL.search(text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=TEHRAN)).astimezone(UTC), True


def _from_print(printed: str, now: datetime) -> tuple[datetime, bool] | None:
    if printed.lstrip().startswith(_TODAY):
        return None
    read = parse_date(printed, now=now)
    return (read.at, read.has_time) if read else None


def claim_from_url(url: str, *, now: datetime) -> DateClaim | None:
    """Read the day an address carries: `/1402/05/28/`, `/2017/05/24/`, `/13950802/`, isna's ids."""
    path = unquote(urlsplit(url).path)
    for pattern in (_URL_DAY, _URL_JOINED_DAY, _URL_ISNA_ID):
        found = pattern.search(path)
        at = _url_day(*(int(part) for part in found.groups())) if found else None
        if found and at and _OLDEST <= at <= now + _CLOCK_SLACK:
            return DateClaim(at=at, source=DateSource.URL, trust=Trust.DAY, printed=found[0])
    return None


def _url_day(year: int, month: int, day: int) -> datetime | None:
    try:
        if year < 100:  # noqa: PLR2004 - a year of two digits: isna's ids began in 1380
            return from_jalali(1300 + year, month, day) if year >= 80 else None  # noqa: PLR2004
        if year in _JALALI_YEARS:
            return from_jalali(year, month, day)
        return at_tehran(date(year, month, day))
    except ValueError:
        return None


def settle_published(claims: Iterable[DateClaim], *, fetched_at: datetime) -> DateClaim | None:
    """Choose the publication date among claims in order of preference.

    An exact claim beats a day, a day beats a doubtful one; the order decides among equals. More
    than two days apart, another claim overrules the chosen one when the chosen one is the minute of
    the fetch (the time of rendering) and the other older, or when more kinds of places agree on it.
    """
    ranked = sorted(claims, key=lambda each: _RANK[each.trust])
    for other in ranked[1:]:
        if _overrules(other, ranked, fetched_at):
            return other
    return ranked[0] if ranked else None


def _overrules(other: DateClaim, ranked: list[DateClaim], fetched_at: datetime) -> bool:
    chosen = ranked[0]
    if other.trust is Trust.DOUBTFUL or abs(other.at - chosen.at) <= _FAR:
        return False
    if _is_rendering(chosen, fetched_at) and other.at < chosen.at:
        return True
    return len(_backers(other, ranked)) > len(_backers(chosen, ranked))


def _is_rendering(claimed: DateClaim, fetched_at: datetime) -> bool:
    """Tell whether a claim is the minute of the fetch, or its day in Tehran."""
    if claimed.trust is Trust.DAY:
        return claimed.at.astimezone(TEHRAN).date() == fetched_at.astimezone(TEHRAN).date()
    return abs(claimed.at - fetched_at) <= _RENDERING


def _backers(claimed: DateClaim, all_claims: list[DateClaim]) -> set[DateSource]:
    return {each.source for each in all_claims if abs(each.at - claimed.at) <= _SAME_DAY}


def settle_modified(claims: Iterable[DateClaim], published: DateClaim | None) -> DateClaim | None:
    """Choose the date of the last change; one before the publication is doubtful."""
    chosen = min(claims, key=lambda each: _RANK[each.trust], default=None)
    if chosen and published and chosen.at < published.at:
        return replace(chosen, trust=Trust.DOUBTFUL)
    return chosen
