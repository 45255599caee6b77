"""Writes one address in one way: escapes, dots, slashes, tracking parameters, print variants."""

import re
import unicodedata
from typing import Final
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    unquote_to_bytes,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

LONGEST_ADDRESS: Final = 4_096  # the longest Persian slug seen takes 1,100 characters
_SPACE: Final = re.compile(r"[\x00-\x20\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SLASHES: Final = re.compile(r"/{2,}")
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.IGNORECASE)
_VARIANT_END: Final = re.compile(r"(?<=.)/(?:amp|print|embed|feed|comment-page-\d+)/?$")
_INDEX: Final = re.compile(r"/index\.(?:php|html?|aspx)(?=/|$)", re.IGNORECASE)
_KEPT_IN_PATH: Final = "/-._~!$&'()*+,;=:@"
_KEPT_IN_QUERY: Final = "-._~!$'()*,;:@/"
_WITHOUT_MEANING: Final = frozenset(
    {
        # tracking
        "fbclid", "gclid", "yclid", "mc_cid", "mc_eid", "igshid", "ref", "referrer", "source",
        "share", "nb", "replytocom", "like_comment", "unapproved", "moderation-hash",
        # shops and counters bolted on to news sites
        "add-to-cart", "add_to_wishlist", "remove_item", "quantity", "doing_wp_cron", "nocache",
        # sessions
        "phpsessid", "jsessionid", "sessionid", "session_id", "asp.net_sessionid", "cfid",
        "cftoken", "oscsid", "zenid", "s_id",
        # print and mobile variants
        "amp", "print", "printable", "tmpl", "format", "mobile", "outputtype", "noamp", "view_as",
    }
)  # fmt: skip
_TRACKING: Final = re.compile(r"utm_|_ga|_hs|pk_|at_|__cf", re.IGNORECASE)
_DEFAULT_PORT: Final = {"http": 80, "https": 443}


def split(url: str) -> SplitResult:
    """Split an address; one that cannot be split is all path, with neither scheme nor host."""
    try:
        return urlsplit(url)
    except ValueError:  # brackets that hold no address
        return SplitResult(scheme="", netloc="", path=url, query="", fragment="")


def join(base: str, href: str) -> str | None:
    """Return a link as an absolute web address; None when it is none, or endless."""
    if len(href) > LONGEST_ADDRESS:
        return None
    try:
        url = urljoin(base, "".join(href.split()))
    except ValueError:
        return None
    return url if split(url).scheme in {"http", "https"} else None


def with_parameter(url: str, name: str, value: str) -> str:
    """Return the address with one query parameter set, the others as they stand."""
    parts = urlsplit(url)
    others = [
        (key, old) for key, old in parse_qsl(parts.query, keep_blank_values=True) if key != name
    ]
    return urlunsplit(parts._replace(query=urlencode([*others, (name, value)])))


def tidy(url: str) -> str:
    """Drop white space, control characters and the fragment from an address as printed."""
    return _SPACE.sub("", url.strip().replace(" ", "%20")).split("#", 1)[0]


def normal_host(url: str) -> str:
    """Return the host in lower case, in ASCII, with its port unless that is the scheme's own."""
    parts = split(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        host = quote(host)
    port = _port(url)
    if port is None or port == _DEFAULT_PORT.get(parts.scheme.lower()):
        return host
    return f"{host}:{port}"


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def normal_path(path: str) -> str:
    """Write a path in one way: one form of escapes, no dots, no variant at its end.

    The slash at the end goes too; `/slug/amp/`, `/slug/print` and `/slug` become one.
    """
    text = _SESSION_IN_PATH.sub("", _escaped(path, _KEPT_IN_PATH))
    text = _without_dots(_SLASHES.sub("/", _INDEX.sub("", text)))
    text = _VARIANT_END.sub("", text)
    return "/" + text.strip("/")


def normal_query(query: str) -> str:
    """Write a query in one way: sorted, without parameters that change no article."""
    pairs = [pair.partition("=") for pair in re.split(r"&(?:amp;)?", query) if pair]
    kept = sorted(
        (_escaped(name, _KEPT_IN_QUERY), _escaped(value, _KEPT_IN_QUERY))
        for name, _, value in pairs
        if value and not _is_without_meaning(name)
    )
    return "&".join(f"{name}={value}" for name, value in kept)


def readable(text: str) -> str:
    """Undo percent escapes where they spell UTF-8; others stay, in capitals."""
    return unquote_to_bytes(text).decode("utf-8", "replace")


def _is_without_meaning(name: str) -> bool:
    return name.lower() in _WITHOUT_MEANING or bool(_TRACKING.match(name))


def _escaped(text: str, kept: str) -> str:
    raw = unquote_to_bytes(text)
    try:
        plain = unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        return quote(raw, safe=kept)
    return quote(plain, safe=kept)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)
