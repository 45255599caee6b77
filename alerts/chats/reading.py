"""Read the address of a chat, whatever the service; say which hosts may be spoken to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from alerts.chats import mattermost, ntfy, slack, telegram
from alerts.chats.address import ChatAddress, ChatKind, split, wrong

SCHEMES: Final = frozenset((*slack.SCHEMES, *telegram.SCHEMES, *mattermost.SCHEMES, *ntfy.SCHEMES))


#: Where the interfaces stand of the services that have one place only.
ENDPOINTS: Final[Mapping[ChatKind, str]] = {
    ChatKind.SLACK: slack.ENDPOINT,
    **telegram.ENDPOINTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRules:
    """What the settings say of chats.

    `hosts` are the servers of Mattermost and ntfy that may be named: whoever subscribes must not
    choose where we connect to. `endpoints` replaces those of ENDPOINTS, as for a mirror.
    """

    hosts: tuple[str, ...] = (ntfy.HOST,)
    endpoints: Mapping[ChatKind, str] = field(default_factory=lambda: ENDPOINTS)


def is_chat(text: str) -> bool:
    """Say whether an address is meant as a chat's."""
    scheme, _, rest = text.strip().partition("://")
    return scheme.lower() in SCHEMES or (
        scheme.lower() == "https" and rest.lower().startswith(f"{slack.HOST}/services/")
    )


def read_chat(text: str, rules: ChatRules) -> ChatAddress:
    """Read a chat's address; BadSubscriptionError says what is wrong without repeating tokens."""
    parts = split(text)
    match parts.scheme:
        case "slack" | "https":
            return slack.read(parts, rules.endpoints[ChatKind.SLACK])
        case "tgram" | "bale":
            return telegram.read(parts, rules.endpoints)
        case "mmosts" | "mmost":
            return _named(mattermost.read(parts), rules)
        case "ntfys" | "ntfy":
            return _named(ntfy.read(parts), rules)
        case _:
            raise wrong("chat: begin with slack, tgram, bale, mmosts or ntfys and ://")


def _named(address: ChatAddress, rules: ChatRules) -> ChatAddress:
    if address.host not in rules.hosts:
        raise wrong("chat: {host} is not among chats.hosts of the settings", host=address.host)
    return address
