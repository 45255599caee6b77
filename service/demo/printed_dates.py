"""Dates as the families print them, on pages and in feeds."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from persian.calendar import MONTHS, TEHRAN, WEEKDAYS, to_jalali
from persian.digits import to_persian_digits
from service.demo.spelling import ARABIC_DIGITS, LATIN_DIGITS

TO_ARABIC: Final = str.maketrans(LATIN_DIGITS, ARABIC_DIGITS)


def jalali_long(at: datetime, joint: str = " - ") -> str:
    """Print «۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵»."""
    day = to_jalali(at)
    return to_persian_digits(f"{day.day} {MONTHS[day.month - 1]} {day.year}{joint}{clock(at)}")


def jalali_weekday(at: datetime) -> str:
    """Print «چهارشنبه ۲۰ اردیبهشت ۱۴۰۲ ساعت ۱۵:۲۲»."""
    return f"{WEEKDAYS[to_jalali(at).weekday]} {jalali_long(at, ' ساعت ')}"


def jalali_arabic(at: datetime) -> str:
    """Print «۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹» with the Arabic yeh."""
    return jalali_long(at).replace("ی", "ي")


def jalali_slashes(at: datetime, joint: str = " ") -> str:
    """Print «1404/09/18 08:08» in Latin digits."""
    return f"{jalali_path(at)}{joint}{clock(at)}"


def jalali_seconds(at: datetime) -> str:
    """Print «1405/09/02 11:30:00» in Latin digits, as the feed of an old plug-in does."""
    return f"{jalali_slashes(at)}:00"


def jalali_dashes(at: datetime) -> str:
    """Print «۱۳۹۹-۰۲-۲۱ ۱۸:۵۹» in Persian digits, as an old meta element does."""
    return to_persian_digits(jalali_slashes(at).replace("/", "-"))


def jalali_arabic_digits(at: datetime) -> str:
    """Print «١٤٠٤/٠٩/١٨ - ٠٨:٠٨»."""
    return jalali_slashes(at, " - ").translate(TO_ARABIC)


def jalali_both(at: datetime) -> str:
    """Print «۱۰ خرداد ۱۳۹۵ - ۱۵:۵۱ - 30 May 2016»."""
    return f"{jalali_long(at)} - {at.astimezone(TEHRAN):%d %B %Y}"


def jalali_path(at: datetime) -> str:
    """Print «1402/05/28», the folder of a Jalali permalink."""
    day = to_jalali(at)
    return f"{day.year}/{day.month:02}/{day.day:02}"


def clock(at: datetime) -> str:
    """Print the time of day in Tehran, «06:55»."""
    return f"{at.astimezone(TEHRAN):%H:%M}"


def iso_utc(at: datetime) -> str:
    """Print «2026-11-23T05:40:00Z»."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def iso_tehran(at: datetime) -> str:
    """Print «2026-11-23T09:10:00+03:30»."""
    return at.astimezone(TEHRAN).isoformat(timespec="seconds")


def rfc822(at: datetime) -> str:
    """Print «Mon, 23 Nov 2026 05:40:00 GMT», as feeds and Last-Modified do."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def sepehr(at: datetime) -> str:
    """Print «23 Nov 2026 09:10:00 +0330», without the weekday."""
    return f"{at.astimezone(TEHRAN):%d %b %Y %H:%M:%S %z}"


def naive(at: datetime) -> str:
    """Print «2026-11-23 09:10:00», Tehran time without saying so."""
    return f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M:%S}"
