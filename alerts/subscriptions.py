"""Read what a person types to subscribe: an address, an endpoint, hours, rules. Pure.

Every error names the field, what was given, and what would be right.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

from alerts.catalogues import LANGUAGES
from alerts.errors import BadSubscriptionError
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
        raise _bad("email: '{given}' is not an address such as sara@example.ir", text)
    try:
        host = domain.encode("idna").decode().lower()
    except UnicodeError:
        raise _bad(
            "email: '{given}' is not an address with a real domain after the @", text
        ) from None
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004
        raise _bad(
            "email: '{given}' is not an address with a domain such as example.ir after the @", text
        )
    if labels[-1].isdigit() or len(local) + 1 + len(host) > _MAX_ADDRESS:
        raise _bad(
            "email: '{given}' is not an address with a domain such as example.ir after the @", text
        )
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
        raise _bad(
            "url: '{given}' is not an address such as https://example.com/hook", text
        ) from None
    host = parts.hostname or ""
    allowed = networks(allow_private)
    literal = literal_address(host) if host else None
    is_opened = literal is not None and any(
        literal.version == network.version and literal in network for network in allowed
    )
    schemes = {"https"} if https_only and not is_opened else {"https", "http"}
    if parts.scheme not in schemes or not host or port == 0 or len(url) > _MAX_URL:
        raise _bad("url: '{given}' is not an https address such as https://example.com/hook", text)
    if parts.username or parts.password or parts.fragment:
        raise _bad("url: '{given}' is not an address without user name, password and #", text)
    if re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise _bad("url: '{given}' is not an address without spaces", text)
    why = why_forbidden(literal, allowed) if literal is not None else None
    if why or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise _bad(
            "url: '{given}' is not an address on the public internet ({why})", text, why=why or host
        )
    return url


def parse_quiet(text: str) -> QuietHours | None:
    """Read quiet hours such as «22:00-07:00», in Tehran time; an empty text means none."""
    if not text.strip():
        return None
    begin, dash, end = to_latin_digits(text).replace("–", "-").replace("تا", "-").partition("-")
    if not dash:
        raise _bad("quiet: '{given}' is not two times such as 22:00-07:00", text)
    return QuietHours(
        from_minute=parse_minute(begin, "quiet") % _DAY_MINUTES,
        until_minute=parse_minute(end, "quiet") % _DAY_MINUTES,
    )


def parse_minute(text: str, field: str) -> int:
    """Read a time of day such as «07:30» as minutes since midnight."""
    found = _CLOCK.fullmatch(to_latin_digits(text).strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else _DAY_MINUTES + 1
    if minute > _DAY_MINUTES:
        raise _bad("{field}: '{given}' is not a time between 00:00 and 24:00", text, field=field)
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
        raise _bad(
            "language: '{given}' is not one of {known}",
            preferences.language,
            known=", ".join(LANGUAGES),
        )
    if preferences.minimum_score < 0:
        raise _bad(
            "minimum score: '{given}' is not a number from 0 up", str(preferences.minimum_score)
        )
    if preferences.cap_per_hour is not None and preferences.cap_per_hour < 1:
        raise _bad(
            "cap per hour: '{given}' is not a number from 1 up, or none",
            str(preferences.cap_per_hour),
        )
    if not 0 <= preferences.bulletin_minute < _DAY_MINUTES:
        raise _bad(
            "bulletin time: '{given}' is not a minute of the day", str(preferences.bulletin_minute)
        )
    overlap = preferences.outlets_included & preferences.outlets_excluded
    if overlap:
        raise _bad(
            "outlets: '{given}' is not each either included or left out", ", ".join(sorted(overlap))
        )
    return replace(preferences, name=one_line(preferences.name, _MAX_NAME))


def parse_rhythm(text: str) -> Rhythm:
    """Read a rhythm: at_once, hourly, daily or weekly."""
    try:
        return Rhythm(text.strip().lower().replace("-", "_"))
    except ValueError:
        raise _bad(
            "rhythm: '{given}' is not one of {known}", text, known=", ".join(Rhythm)
        ) from None


def _known(what: str, given: Iterable[str], known: Collection[str]) -> None:
    for one in sorted(given):
        if one not in known:
            near = get_close_matches(one, known, n=1)
            if near:
                raise _bad(
                    "there is no {field} '{given}'; did you mean {near}?",
                    one,
                    field=what,
                    near=near[0],
                )
            raise _bad(
                "there is no {field} '{given}'; known are {known}",
                one,
                field=what,
                known=_listed(known),
            )


def _listed(known: Collection[str]) -> str:
    shown = sorted(known)[:10]
    return ", ".join(shown) + (" …" if len(known) > len(shown) else "") if shown else "none"


def _bad(sentence: str, given: str, **values: object) -> BadSubscriptionError:
    return BadSubscriptionError(sentence, given=one_line(given, 80), **values)
