"""The address of an ntfy topic: ntfys://ntfy.sh/TOPIC, on any host; a topic's name is its key."""

import re
from typing import Final
from urllib.parse import SplitResult

from alerts.chats.address import ChatAddress, ChatKind, port_of, segments, wrong

HOST: Final = "ntfy.sh"
SCHEMES: Final = ("ntfys", "ntfy")
_TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN: Final = re.compile(r"tk_[A-Za-z0-9]{10,64}")


def read(parts: SplitResult) -> ChatAddress:
    """Read the host, the topic and, where the topic is guarded, the token before the @."""
    pieces = segments(parts)
    host, token = parts.hostname, parts.username
    is_guarded = token is not None
    if (
        host is None
        or parts.password is not None
        or len(pieces) != 1
        or not _TOPIC.fullmatch(pieces[0])
        or (is_guarded and not _TOKEN.fullmatch(token or ""))
    ):
        raise wrong("chat: an ntfy address is ntfys://HOST/TOPIC or ntfys://tk_TOKEN@HOST/TOPIC")
    is_encrypted = parts.scheme == "ntfys" or host == HOST
    port = port_of(parts, 443 if is_encrypted else 80)
    key = f"{token}@" if is_guarded else ""
    scheme = "ntfys" if is_encrypted else "ntfy"
    return ChatAddress(
        kind=ChatKind.NTFY,
        scheme=scheme,
        host=host,
        port=port,
        is_encrypted=is_encrypted,
        url=f"{scheme}://{key}{host}:{port}/{pieces[0]}/",
    )
