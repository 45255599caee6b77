"""Decides which network addresses may be connected to; used by the crawler and by webhooks alike.

`ipaddress.is_global` alone lets NAT64, 6to4, multicast and 192.0.0.192 pass on Python 3.11, so the
forbidden ranges stand here by name (IANA special-purpose registries, RFC 6890, 8155, 6052, 3056).
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORBIDDEN: Final[tuple[tuple[str, str], ...]] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "a private network"),
    ("100.64.0.0/10", "a carrier's shared network"),
    ("127.0.0.0/8", "this machine"),
    ("169.254.0.0/16", "the local link, where cloud metadata lives"),
    ("172.16.0.0/12", "a private network"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relays"),
    ("192.168.0.0/16", "a private network"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("168.63.129.16/32", "a cloud's own services"),
    ("::/128", "unspecified"),
    ("::1/128", "this machine"),
    ("::/96", "IPv4-compatible"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("::ffff:0:0:0/96", "IPv4-translated"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard"),
    ("2001::/23", "protocol assignments, Teredo among them"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "a private network"),
    ("fe80::/10", "the local link"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_TABLE: Final = tuple((ipaddress.ip_network(text), why) for text, why in _FORBIDDEN)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # all that IANA ever gave out (RFC 4291 §2.4)
_PARTS: Final = 4
_BYTE: Final = 256
_PART: Final = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read addresses and networks as the configuration names them; raises ValueError."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def why_forbidden(address: Address | str, allow: Sequence[Network] = ()) -> str | None:
    """Say why `address` may not be connected to, or None when it may.

    `allow` names what the configuration opens; an IPv4 address embedded in an IPv6 one is never
    opened by it, because a name that resolves to such a form is no honest configuration.
    """
    found = ipaddress.ip_address(address) if isinstance(address, str) else address
    if any(found.version == network.version and found in network for network in allow):
        return None
    for network, why in _TABLE:
        if found.version == network.version and found in network:
            return f"{found} is {why}"
    if isinstance(found, IPv6Address) and found not in _GLOBAL_UNICAST:
        return f"{found} is outside the public IPv6 space"
    return None


def literal_address(host: str) -> Address | None:
    """Read `host` as an address in any form a resolver would take, or None when it is a name.

    Besides the usual forms these are the ones of inet_aton(3): octal, hexadecimal, one number, and
    fewer than four parts (`0177.1`, `0x7f.1`, `2130706433`), in any form of digits (UTS 46).
    """
    text = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".")
    try:
        return ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return _inet_aton(text)


def _inet_aton(text: str) -> IPv4Address | None:
    parts = text.split(".")
    if len(parts) > _PARTS or not all(_PART.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *heads, last = numbers
    if any(head >= _BYTE for head in heads) or last >= _BYTE ** (_PARTS - len(heads)):
        return None
    return IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(heads)) + last)


def _number(part: str) -> int:
    if part[:2] in {"0x", "0X"}:
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") and len(part) > 1 else int(part)
