"""The subscriber's side of WebSub, as far as it only has to be decided (W3C REC-websub). Pure."""

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import urlsplit

from crawler.addresses import join, split
from crawler.page import Page

#: What is asked for; §8.2 calls ten days a good default.
LEASE_WANTED: Final = timedelta(days=10)
_SHORTEST_LEASE: Final = timedelta(minutes=2)
_LONGEST_LEASE: Final = timedelta(days=365)
_SPENT: Final = 0.75  # of a lease, when it is renewed
#: A hub that refuses, or asks nothing back, is asked again after these.
_AGAIN: Final = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720, 1440))
#: A hub that said no is not asked again before.
AFTER_DENIAL: Final = timedelta(days=1)
#: How long a hub may take to ask whether we meant it.
VERIFIED_WITHIN: Final = timedelta(hours=1)

# Hubs may sign with SHA-1 still (§7.1.1): as an HMAC that is not broken, and it only wakes a visit.
_METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})
_LINK: Final = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\";,]*))?)*)")
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]*))", re.IGNORECASE)
_LONGEST_HEADER: Final = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of a feed, page or header with its relations, lower-case."""

    rels: frozenset[str]
    href: str

    @classmethod
    def of(cls, rel: str, href: str) -> Self:
        """Make a link of what an element's `rel` and `href` say."""
        return cls(rels=frozenset(rel.lower().split()), href=href.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOffer:
    """A hub that tells when a topic changes; `topic` is the feed's own name for itself."""

    hub: str
    topic: str


def offered(page: Page, embedded: Iterable[Link] = ()) -> HubOffer | None:
    """Return the hub a feed offers: by its Link headers, else by the links it holds (§4).

    Of several hubs one reached by https is preferred (§8.1). A feed that offers a hub and does not
    name itself is taken by the address it was read from.
    """
    found = None
    for links in (tuple(_in_header(page.headers.get("link", ""))), tuple(embedded)):
        hubs = [url for url in _with_rel(links, "hub", page.url) if urlsplit(url).netloc]
        if found is None and hubs:
            topic = next(_with_rel(links, "self", page.url), page.url)
            found = HubOffer(hub=min(hubs, key=_is_plain), topic=topic)
    return found


def _is_plain(url: str) -> bool:
    return not url.startswith("https:")


def _with_rel(links: Iterable[Link], rel: str, base: str) -> Iterator[str]:
    for one in links:
        url = join(base, one.href) if rel in one.rels and one.href else None
        if url:
            yield url


def _in_header(header: str) -> Iterator[Link]:
    for target, parameters in _LINK.findall(header[:_LONGEST_HEADER]):
        for quoted, bare in _REL.findall(parameters)[:1]:
            yield Link.of(quoted or bare, target)


def is_private_line(hub: str) -> bool:
    """Tell whether a secret may be told to a hub: over https, or on this machine (§8)."""
    parts = split(hub)
    if parts.scheme == "https":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def is_signed(header: str | None, body: bytes, secret: str) -> bool:
    """Tell whether X-Hub-Signature (`method=hex`) is ours; compared in constant time (§7.1.2)."""
    method, _, signature = (header or "").strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    ours = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(ours.encode(), signature.strip().lower().encode())


def lease_granted(seconds: str | None) -> timedelta:
    """Read `hub.lease_seconds`; what is no sensible number counts as what we had asked for."""
    text = (seconds or "").strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > len("999999999"):
        return LEASE_WANTED
    return min(max(timedelta(seconds=int(text)), _SHORTEST_LEASE), _LONGEST_LEASE)


def renew_at(lease: timedelta, *, now: datetime) -> datetime:
    """Say when a lease is renewed: early enough for a few failures before it ends."""
    return now + lease * _SPENT


def ask_again_at(attempts: int, *, now: datetime) -> datetime:
    """Say when a hub that has not confirmed after so many requests is asked again."""
    return now + _AGAIN[min(max(attempts, 1), len(_AGAIN)) - 1]
