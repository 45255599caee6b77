"""The address of a Slack channel: an incoming webhook, as Slack shows it or as slack://T/B/X."""

import re
from typing import Final
from urllib.parse import SplitResult

from alerts.chats.address import ChatAddress, ChatKind, at_endpoint, segments, wrong

HOST: Final = "hooks.slack.com"
ENDPOINT: Final = f"https://{HOST}/services"
SCHEMES: Final = ("slack",)
_PIECES: Final = (r"[A-Z0-9]{1,15}", r"[A-Z0-9]{1,15}", r"[A-Za-z0-9]{1,64}")


def read(parts: SplitResult, endpoint: str) -> ChatAddress:
    """Read the three pieces of an incoming webhook."""
    pieces = segments(parts)
    tokens = pieces[1:] if parts.scheme == "https" else [parts.netloc, *pieces]
    if len(tokens) != len(_PIECES) or not all(
        re.fullmatch(form, token) for form, token in zip(_PIECES, tokens, strict=True)
    ):
        raise wrong("chat: a Slack address is https://hooks.slack.com/services/T…/B…/…")
    host, port, is_encrypted = at_endpoint(endpoint)
    return ChatAddress(
        kind=ChatKind.SLACK,
        scheme="slack",
        host=host,
        port=port,
        is_encrypted=is_encrypted,
        url=f"slack://{'/'.join(tokens)}/",
    )
