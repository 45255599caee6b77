"""Spells why an outlet fares as it does, in one sentence, in Persian and in English."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from crawler.diagnosis import Anomaly, Cause, Health, Reason
from persian.calendar import TEHRAN, WEEKDAYS, JalaliStyle, format_jalali, to_jalali
from persian.digits import to_persian_digits

_LATELY: Final = timedelta(days=6)  # a weekday alone says when, up to here

STATES: Final[Mapping[Health, tuple[str, str]]] = {
    Health.NEW: ("تازه", "new"),
    Health.HEALTHY: ("سالم", "healthy"),
    Health.QUIET: ("خاموش", "quiet"),
    Health.CHANGED: ("دگرگون‌شده", "changed"),
    Health.BLOCKED: ("بسته", "blocked"),
    Health.GEO_BLOCKED: ("بسته از خارج", "geo-blocked"),
    Health.CERTIFICATE: ("گواهی نامعتبر", "certificate"),
    Health.UNREACHABLE: ("در دسترس نیست", "unreachable"),
    Health.DEAD: ("از کار افتاده", "dead"),
}

_CAUSES: Final[Mapping[Cause, tuple[str, str]]] = {
    Cause.NEVER_VISITED: ("هنوز دیده نشده است", "not visited yet"),
    Cause.WORKING: ("بی‌مشکل خوانده می‌شود", "read without trouble"),
    Cause.FAILED_ONCE: (
        "آخرین دیدار ناکام ماند؛ یک بار ناکامی نشانهٔ چیزی نیست",
        "the last visit failed; one failure means nothing yet",
    ),
    Cause.USUAL_SILENCE: (
        "{since} خبر تازه‌ای نداشته است و این با روال خودش جور است",
        "nothing new since {since}, which is within its own rhythm",
    ),
    Cause.LONG_SILENCE: (
        "{since} خبر تازه‌ای نداشته است، حال آنکه به روال خودش باید حدود {expected} خبر می‌داشت",
        "nothing new since {since}, although its rhythm promised about {expected} articles",
    ),
    Cause.FIELDS_MISSING: (
        "صفحه‌هایش {since} دیگر این بخش‌ها را به ما نمی‌دهند: {fields}؛ الگویش باید بازبینی شود",
        "its pages no longer give {fields} since {since}; its profile needs a look",
    ),
    Cause.PAGES_UNREADABLE: (
        "صفحه‌هایش {since} دیگر مانند خبر نیستند؛ الگویش باید بازبینی شود",
        "its pages no longer read as articles since {since}; its profile needs a look",
    ),
    Cause.WAY_CHANGED: (
        "خوراک یا فهرست خبرهایش {since} دیگر سر جایش نیست یا دگرگون شده است{status}",
        "its feed or list has moved or changed since {since}{status}",
    ),
    Cause.CHALLENGE: (
        "{since} پشت صفحهٔ چالش مرورگر است",
        "blocked by a challenge page since {since}",
    ),
    Cause.NOT_ALLOWED: (
        "{since} به ما اجازهٔ خواندن نمی‌دهد{status}",
        "refuses us since {since}{status}",
    ),
    Cause.ROBOTS: (
        "robots.txt آن {since} می‌خواهد خوانده نشود",
        "its robots.txt asks not to be read since {since}",
    ),
    Cause.GEO_BLOCK: (
        "{since} از بیرون ایران پاسخ نمی‌دهد",
        "does not answer from outside Iran since {since}",
    ),
    Cause.CERTIFICATE: (
        "گواهی امنیتی آن {since} نامعتبر است",
        "its certificate is not valid since {since}",
    ),
    Cause.NO_ADDRESS: (
        "نام دامنه‌اش {since} به نشانی نمی‌رسد",
        "its domain name does not resolve since {since}",
    ),
    Cause.NO_ANSWER: ("{since} پاسخ نمی‌دهد", "does not answer since {since}"),
    Cause.SERVER_ERROR: (
        "کارسازش {since} خطا می‌دهد{status}",
        "its server fails since {since}{status}",
    ),
    Cause.BUSY: (
        "{since} می‌گوید سرش شلوغ است و دیرتر بیاییم{status}",
        "asks us to come back later since {since}{status}",
    ),
    Cause.FORBIDDEN_ADDRESS: (
        "نامش {since} به نشانی‌ای خصوصی می‌رسد که اجازه‌اش داده نشده است",
        "its name points at a private address that is not allowed, since {since}",
    ),
    Cause.GONE: (
        "{since} از دسترس بیرون است؛ شاید برای همیشه",
        "out of reach since {since}, perhaps for good",
    ),
    Cause.SILENT_FOR_WEEKS: (
        "{since} هیچ خبری نداده است؛ شاید دیگر کار نمی‌کند",
        "has published nothing since {since}; it may have stopped",
    ),
    Cause.OUTAGE: (
        "بیشتر رسانه‌ها با هم از دسترس بیرون‌اند؛ گناه این رسانه نیست",
        "most outlets are out of reach at once; this one is not to blame",
    ),
}

_ANOMALIES: Final[Mapping[Anomaly, tuple[str, str]]] = {
    Anomaly.LOW: ("بسیار کمتر از همیشه خبر دارد", "far fewer articles than usual"),
    Anomaly.HIGH: ("بسیار بیشتر از همیشه خبر دارد", "far more articles than usual"),
    Anomaly.FROZEN: ("یک روز است چیزی تازه نداشته", "nothing new for a day"),
    Anomaly.EQUAL_DATES: (
        "تاریخ همهٔ خبرهای تازه‌اش یکی است",
        "all its latest articles bear one date",
    ),
}

_FIELDS_FA: Final[Mapping[str, str]] = {
    "kicker": "روتیتر",
    "title": "تیتر",
    "lead": "لید",
    "body": "متن",
    "published": "تاریخ",
    "byline": "نام خبرنگار",
    "section": "بخش",
    "tags": "برچسب‌ها",
    "image": "عکس",
}


def sentence(reason: Reason, since_at: datetime, *, language: str, now: datetime) -> str:
    """Return the sentence in `fa` or `en` (anything else is `en`), anomalies at its end."""
    persian = language == "fa"
    template = _CAUSES[reason.cause][0 if persian else 1]
    told = [_ANOMALIES[anomaly][0 if persian else 1] for anomaly in reason.anomalies]
    main = template.format(
        since=_since(since_at, now, persian=persian),
        fields=_fields(reason.fields, persian=persian),
        status=_status(reason.status, persian=persian),
        expected=_number(round(reason.expected), persian=persian),
    )
    return ("؛ " if persian else "; ").join([main, *told])


def state_name(state: Health, *, language: str) -> str:
    """Return the state in one or two words."""
    return STATES[state][0 if language == "fa" else 1]


def _since(at: datetime, now: datetime, *, persian: bool) -> str:
    local = at.astimezone(TEHRAN)
    if persian:
        style = JalaliStyle.LONG if now - at > _LATELY else None
        day = format_jalali(at, style) if style else WEEKDAYS[to_jalali(at).weekday]
        time = "" if style else f" ساعت {to_persian_digits(f'{local:%H:%M}')}"
        return f"از {day}{time}"
    return f"{local:%d %B %Y}" if now - at > _LATELY else f"{local:%A %H:%M}"


def _fields(names: tuple[str, ...], *, persian: bool) -> str:
    if persian:
        return "، ".join(_FIELDS_FA.get(name, name) for name in names)
    return ", ".join(names)


def _status(status: int | None, *, persian: bool) -> str:
    if status is None:
        return ""
    return f" (پاسخ {to_persian_digits(str(status))})" if persian else f" (status {status})"


def _number(value: int, *, persian: bool) -> str:
    return to_persian_digits(str(value)) if persian else str(value)
