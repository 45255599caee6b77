"""The address of a Mattermost channel: an incoming webhook, mmosts://chat.example.ir/TOKEN."""

import re
from typing import Final
from urllib.parse import SplitResult

from alerts.chats.address import (
    ChatAddress,
    ChatKind,
    is_link,
    port_of,
    segments,
    without_mentions,
    wrong,
)

SCHEMES: Final = ("mmosts", "mmost")
_TOKEN: Final = re.compile(r"[a-z0-9]{24,32}")
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#!|~<>])")


def read(parts: SplitResult) -> ChatAddress:
    """Read the host and the token of an incoming webhook."""
    pieces = segments(parts)
    host = parts.hostname
    if host is None or "@" in parts.netloc or len(pieces) != 1 or not _TOKEN.fullmatch(pieces[0]):
        raise wrong("chat: a Mattermost address is mmosts://HOST/TOKEN, of an incoming webhook")
    is_encrypted = parts.scheme == "mmosts"
    port = port_of(parts, 443 if is_encrypted else 80)
    return ChatAddress(
        kind=ChatKind.MATTERMOST,
        scheme=parts.scheme,
        host=host,
        port=port,
        is_encrypted=is_encrypted,
        url=f"{parts.scheme}://{host}:{port}/{pieces[0]}/",
    )


def plain(text: str) -> str:
    """Write markup as text, so that a headline brings no picture and calls nobody."""
    lines = without_mentions(text).split("\n")
    return "\n".join(line if is_link(line) else _MARKUP.sub(r"\\\1", line) for line in lines)
