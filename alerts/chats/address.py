"""The address of a chat: which service, on which host, and the tokens that nobody else may see."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

from alerts.errors import BadSubscriptionError
from alerts.tidy import one_line

_MARK_LETTERS: Final = 8
_MAX_URL: Final = 2000


class ChatKind(StrEnum):
    """The services that are spoken to."""

    SLACK = "slack"
    TELEGRAM = "telegram"
    BALE = "bale"
    MATTERMOST = "mattermost"
    NTFY = "ntfy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAddress:
    """One chat. `url` is the whole address with its tokens: a secret, kept as one.

    `port` and `is_encrypted` say how its host is reached; `shown` is what may be read of the path.
    """

    kind: ChatKind
    scheme: str
    host: str
    url: str = field(repr=False)
    port: int = 443
    is_encrypted: bool = True
    shown: str = ""

    @property
    def masked(self) -> str:
        """The address as it may be shown: its tokens are a mark that tells two chats apart."""
        mark = hashlib.sha256(self.url.encode()).hexdigest()[:_MARK_LETTERS]
        tail = f"/{self.shown}" if self.shown else ""
        return f"{self.scheme}://{self.host}/…{mark}{tail}"


def at_endpoint(endpoint: str) -> tuple[str, int, bool]:
    """Return host, port and whether it is encrypted, of where a service's interface stands."""
    parts = urlsplit(endpoint)
    is_encrypted = parts.scheme == "https"
    return parts.hostname or "", parts.port or (443 if is_encrypted else 80), is_encrypted


def split(text: str) -> SplitResult:
    """Take an address apart; BadSubscriptionError when it carries what no chat's address has."""
    url = text.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise wrong("chat: this is no address; see docs/chats.md for the form of each") from None
    if len(url) > _MAX_URL or re.search(r"[\s\x00-\x1f\x7f\\%]", url):
        raise wrong("chat: an address has no spaces and no signs such as % and \\")
    if parts.query or parts.fragment:
        raise wrong("chat: leave out what follows ? and #; options cannot be set in the address")
    return parts


def port_of(parts: SplitResult, standard: int) -> int:
    """Return the port an address names, or the standard one."""
    try:
        return parts.port or standard
    except ValueError:
        raise wrong("chat: the port after the host is a number up to 65535") from None


def segments(parts: SplitResult) -> list[str]:
    """Return the pieces of the path that say something."""
    return [piece for piece in parts.path.split("/") if piece]


def wrong(sentence: str, **values: str) -> BadSubscriptionError:
    """Make the error of an address; what was typed is never repeated, for it holds tokens."""
    return BadSubscriptionError(
        sentence, **{name: one_line(value, 80) for name, value in values.items()}
    )


def is_link(line: str) -> bool:
    """Say whether a line is an address and nothing else, to be left as it is."""
    return line.startswith(("http://", "https://")) and " " not in line


def without_mentions(text: str) -> str:
    """Part every @ from the name after it, links left as they are."""
    return "\n".join(
        line if is_link(line) else line.replace("@", "@\u2060") for line in text.split("\n")
    )
