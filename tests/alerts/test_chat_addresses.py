"""The addresses of chats: what is read, what is refused, and that no token is ever repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.chats.address import ChatKind, is_link, without_mentions
from alerts.chats.mattermost import plain as mattermost_plain
from alerts.chats.reading import ChatRules, is_chat, read_chat
from alerts.errors import BadSubscriptionError
from tests.alerts.playing_chats import BOT, HOOK

RULES = ChatRules(hosts=("ntfy.sh", "chat.example.ir"))
SLACK = "https://hooks.slack.com/services/T0AAA/B0BBB/cccccccccccccccccccccccc"


@pytest.mark.parametrize(
    ("text", "kind", "host", "port"),
    [
        (SLACK, ChatKind.SLACK, "hooks.slack.com", 443),
        ("slack://T0AAA/B0BBB/cccccccccccccccccccccccc", ChatKind.SLACK, "hooks.slack.com", 443),
        (f"tgram://{BOT}/-100123", ChatKind.TELEGRAM, "api.telegram.org", 443),
        (f"bale://{BOT}/@kerman_news", ChatKind.BALE, "tapi.bale.ai", 443),
        (f"mmosts://chat.example.ir/{HOOK}", ChatKind.MATTERMOST, "chat.example.ir", 443),
        (f"mmost://chat.example.ir:8065/{HOOK}", ChatKind.MATTERMOST, "chat.example.ir", 8065),
        ("ntfys://ntfy.sh/kerman-news", ChatKind.NTFY, "ntfy.sh", 443),
        ("ntfy://ntfy.sh/kerman-news", ChatKind.NTFY, "ntfy.sh", 443),
        ("ntfys://tk_abcdefghijklm@chat.example.ir/news", ChatKind.NTFY, "chat.example.ir", 443),
    ],
)
def test_the_address_of_each_service_is_read(
    text: str, kind: ChatKind, host: str, port: int
) -> None:
    assert is_chat(text)
    read = read_chat(f"  {text} ", RULES)
    assert (read.kind, read.host, read.port) == (kind, host, port)
    assert read_chat(read.url, RULES) == read, "what is kept reads as what was typed"


@pytest.mark.parametrize(
    "text",
    [
        f"tgram://{BOT}",
        f"tgram://{BOT}/1/2",
        "tgram://123:short/5",
        f"bale://{BOT}/a b",
        f"bale://{BOT}/5?parse_mode=x",
        f"mmosts://elsewhere.example.ir/{HOOK}",
        f"mmosts://chat.example.ir@evil.example/{HOOK}",
        f"mmosts://chat.example.ir:99999/{HOOK}",
        "mmosts://chat.example.ir/short",
        f"mmosts://chat.example.ir/{HOOK}#other",
        f"mmosts://127.0.0.1/{HOOK}",
        "ntfys://192.168.1.1/topic",
        "ntfys://user:password@ntfy.sh/topic",
        "ntfys://ntfy.sh/%2e%2e",
        "ntfys://[ntfy.sh/topic",
        "https://hooks.slack.com/services/T0AAA/B0BBB",
        "slack://t0aaa/b0bbb/ccc",
        "matrix://host/room",
    ],
)
def test_what_is_no_chat_is_refused_without_repeating_its_tokens(text: str) -> None:
    with pytest.raises(BadSubscriptionError, match="chat: ") as raised:
        read_chat(text, RULES)
    for secret in ("AAFunny", HOOK, "cccc", "password"):
        assert secret not in str(raised.value)


@pytest.mark.parametrize("text", ["https://example.com/services/T/B/C", "sara@example.ir", "x"])
def test_other_addresses_are_no_chats(text: str) -> None:
    assert not is_chat(text)


def test_two_chats_are_told_apart_though_neither_shows_its_token() -> None:
    one = read_chat(f"tgram://{BOT}/5", RULES)
    other = read_chat(f"tgram://{BOT}x/5", RULES)
    assert one.masked != other.masked
    assert one.masked.startswith("tgram://api.telegram.org/…")
    assert one.masked.endswith("/5")
    assert "AAFunny" not in f"{one!r}{one.masked}"


@given(st.text(max_size=80))
def test_no_text_calls_anybody_in_mattermost(text: str) -> None:
    told = mattermost_plain(text)
    for line in told.split("\n"):
        assert is_link(line) or "@a" not in line
        assert is_link(line) or "![" not in line
    assert without_mentions(text).replace("@\u2060", "@") == text
