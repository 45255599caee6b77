"""The address of a chat with a Telegram bot, or with a bot of Bale, whose interface is the same.

tgram://123456789:AAF…/-1001234567890        bale://123456789:abc…/4321
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult

from alerts.chats.address import (
    ChatAddress,
    ChatKind,
    at_endpoint,
    segments,
    without_mentions,
    wrong,
)

#: Where each service's interface stands; a mirror is named in the settings.
ENDPOINTS: Final[Mapping[ChatKind, str]] = {
    ChatKind.TELEGRAM: "https://api.telegram.org",
    ChatKind.BALE: "https://tapi.bale.ai",
}
SCHEMES: Final[Mapping[str, ChatKind]] = {"tgram": ChatKind.TELEGRAM, "bale": ChatKind.BALE}
_TOKEN: Final = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{20,64}")
_CHAT: Final = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,63}")


def read(parts: SplitResult, endpoints: Mapping[ChatKind, str]) -> ChatAddress:
    """Read the token of the bot and the one chat that it speaks to."""
    pieces = segments(parts)
    if not _TOKEN.fullmatch(parts.netloc) or len(pieces) != 1 or not _CHAT.fullmatch(pieces[0]):
        raise wrong("chat: a bot's address is tgram://TOKEN/CHAT or bale://TOKEN/CHAT")
    kind = SCHEMES[parts.scheme]
    host, port, is_encrypted = at_endpoint(endpoints[kind])
    return ChatAddress(
        kind=kind,
        scheme=parts.scheme,
        host=host,
        port=port,
        is_encrypted=is_encrypted,
        url=f"{parts.scheme}://{parts.netloc}/{pieces[0]}/",
        shown=pieces[0],
    )


def plain(text: str) -> str:
    """Keep a text from calling people by @name."""
    return without_mentions(text)
