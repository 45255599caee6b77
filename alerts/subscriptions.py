"""Read what a person types to subscribe: an address, an endpoint, hours, rules. Pure.

Every error names the field, what was given, and what would be right.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

from alerts.errors import BadSubscriptionError
from alerts.phrases import LANGUAGES
from alerts.tidy import one_line
from crawler.guard import literal_address, networks, why_forbidden
from persian.digits import to_latin_digits
from storage.subscription import Preferences, QuietHours, Rhythm

#: RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all.
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_ADDRESS: Final = 254
_MAX_URL: Final = 2000
_CLOCK: Final = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DAY_MINUTES: Final = 24 * 60
_MAX_NAME: Final = 100


def parse_email(text: str) -> str:
    """Return an email address with its domain in lower-case ASCII; BadSubscriptionError if none."""
    address = text.strip()
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or ".." in local:
        raise _bad("email", text, "an address such as sara@example.ir")
    try:
        host = domain.encode("idna").decode().lower()
    except UnicodeError:
        raise _bad("email", text, "an address with a real domain after the @") from None
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004
        raise _bad("email", text, "an address with a domain such as example.ir after the @")
    if labels[-1].isdigit() or len(local) + 1 + len(host) > _MAX_ADDRESS:
        raise _bad("email", text, "an address with a domain such as example.ir after the @")
    return f"{local}@{host}"


def parse_endpoint(text: str, *, allow_private: Iterable[str] = (), https_only: bool = True) -> str:
    """Return a webhook URL that may be posted to; BadSubscriptionError says why another may not.

    Names are resolved and checked again at every send; here only what the URL itself shows.
    """
    url = text.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad("url", text, "an address such as https://example.com/hook") from None
    host = parts.hostname or ""
    allowed = networks(allow_private)
    literal = literal_address(host) if host else None
    is_opened = literal is not None and any(
        literal.version == network.version and literal in network for network in allowed
    )
    schemes = {"https"} if https_only and not is_opened else {"https", "http"}
    if parts.scheme not in schemes or not host or port == 0 or len(url) > _MAX_URL:
        raise _bad("url", text, "an https address such as https://example.com/hook")
    if parts.username or parts.password or parts.fragment:
        raise _bad("url", text, "an address without user name, password and #")
    if re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise _bad("url", text, "an address without spaces")
    why = why_forbidden(literal, allowed) if literal is not None else None
    if why or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise _bad("url", text, f"an address on the public internet ({why or host})")
    return url


def parse_quiet(text: str) -> QuietHours | None:
    """Read quiet hours such as «22:00-07:00», in Tehran time; an empty text means none."""
    if not text.strip():
        return None
    begin, dash, end = to_latin_digits(text).replace("–", "-").replace("تا", "-").partition("-")
    if not dash:
        raise _bad("quiet", text, "two times such as 22:00-07:00")
    return QuietHours(
        from_minute=parse_minute(begin, "quiet") % _DAY_MINUTES,
        until_minute=parse_minute(end, "quiet") % _DAY_MINUTES,
    )


def parse_minute(text: str, field: str) -> int:
    """Read a time of day such as «07:30» as minutes since midnight."""
    found = _CLOCK.fullmatch(to_latin_digits(text).strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else _DAY_MINUTES + 1
    if minute > _DAY_MINUTES:
        raise _bad(field, text, "a time between 00:00 and 24:00")
    return minute


def checked(
    preferences: Preferences, *, rules: Collection[str], outlets: Collection[str]
) -> Preferences:
    """Return preferences that can be kept; BadSubscriptionError names the first that cannot."""
    _known("rule", preferences.rule_ids, rules)
    _known("outlet", preferences.outlets_included | preferences.outlets_excluded, outlets)
    if not preferences.rule_ids and not preferences.watches_outlets:
        raise BadSubscriptionError("follow at least one topic or rule, or the outlets' health")
    if preferences.language not in LANGUAGES:
        raise _bad("language", preferences.language, " or ".join(LANGUAGES))
    if preferences.minimum_score < 0:
        raise _bad("minimum score", str(preferences.minimum_score), "a number from 0 up")
    if preferences.cap_per_hour is not None and preferences.cap_per_hour < 1:
        raise _bad("cap per hour", str(preferences.cap_per_hour), "a number from 1 up, or none")
    if not 0 <= preferences.bulletin_minute < _DAY_MINUTES:
        raise _bad("bulletin time", str(preferences.bulletin_minute), "a minute of the day")
    overlap = preferences.outlets_included & preferences.outlets_excluded
    if overlap:
        raise _bad("outlets", ", ".join(sorted(overlap)), "each either included or left out")
    return replace(preferences, name=one_line(preferences.name, _MAX_NAME))


def parse_rhythm(text: str) -> Rhythm:
    """Read a rhythm: at_once, hourly, daily or weekly."""
    try:
        return Rhythm(text.strip().lower().replace("-", "_"))
    except ValueError:
        raise _bad("rhythm", text, ", ".join(rhythm.value for rhythm in Rhythm)) from None


def _known(what: str, given: Iterable[str], known: Collection[str]) -> None:
    for one in sorted(given):
        if one not in known:
            near = get_close_matches(one, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {_listed(known)}"
            raise BadSubscriptionError(f"there is no {what} {one!r}; {hint}")


def _listed(known: Collection[str]) -> str:
    shown = sorted(known)[:10]
    return ", ".join(shown) + (" …" if len(known) > len(shown) else "") if shown else "none"


def _bad(field: str, given: str, wanted: str) -> BadSubscriptionError:
    return BadSubscriptionError(f"{field}: {one_line(given, 80)!r} is not {wanted}")
