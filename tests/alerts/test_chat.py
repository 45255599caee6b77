"""Chats through a server on loopback: what each service is told, and what its answers mean."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

import pytest

from alerts.chat import ChatChannel, ChatMessage, ChatSettings
from alerts.chats.address import ChatKind
from alerts.chats.reading import ChatRules
from alerts.outcome import Outcome, Refused, Sent
from tests.alerts.playing_chats import BOT, HOOK, PlayingChats

TITLE = "صنعت مس | تولید بالا رفت"
TEXT = "خبر <!channel> و @all\nhttps://a.example.ir/x?a=1&b=2\n![تصویر](https://evil.example/p.png)"


def settings(server: PlayingChats, *, allow: Sequence[str] = ("127.0.0.1/32",)) -> ChatSettings:
    base = f"http://{server.place}"
    return ChatSettings(
        rules=ChatRules(
            hosts=("127.0.0.1", "chat.example.ir"),
            endpoints={
                ChatKind.SLACK: f"{base}/services",
                ChatKind.TELEGRAM: base,
                ChatKind.BALE: base,
            },
        ),
        allow_private=tuple(allow),
        time_limit=timedelta(seconds=2),
    )


def address(kind: ChatKind, server: PlayingChats) -> str:
    return {
        ChatKind.SLACK: "https://hooks.slack.com/services/T0AAA/B0BBB/cccccccccccccccccccccccc",
        ChatKind.TELEGRAM: f"tgram://{BOT}/-100123",
        ChatKind.BALE: f"bale://{BOT}/4321",
        ChatKind.MATTERMOST: f"mmost://{server.place}/{HOOK}",
        ChatKind.NTFY: f"ntfy://{server.place}/kerman-news",
    }[kind]


def tell(kind: ChatKind, *answers: int, times: int = 1) -> tuple[list[Outcome], PlayingChats]:
    server = PlayingChats()
    server.answers.extend(answers)

    async def go() -> list[Outcome]:
        async with server, ChatChannel(settings(server)) as channel:
            message = ChatMessage(url=address(kind, server), title=TITLE, text=TEXT)
            return [await channel.send(message) for _ in range(times)]

    return asyncio.run(go()), server


def words(server: PlayingChats) -> str:
    (said,) = server.said
    return str(said.body)


@pytest.mark.parametrize("kind", list(ChatKind))
def test_each_service_is_told_headline_text_and_link(kind: ChatKind) -> None:
    outcomes, server = tell(kind)
    assert outcomes == [Sent(receipt=f"{kind}: accepted")]
    said = words(server)
    assert "تولید بالا رفت" in said
    assert "https://a.example.ir/x?a=1" in said
    assert "apprise" not in f"{said} {server.said[0].headers}", "a picture of somebody else's"


def test_every_service_is_spoken_to_at_its_own_place() -> None:
    paths = {kind: tell(kind)[1].said[0] for kind in ChatKind}
    assert paths[ChatKind.SLACK].path == "/services/T0AAA/B0BBB/cccccccccccccccccccccccc"
    assert paths[ChatKind.TELEGRAM].path == f"/bot{BOT}/sendMessage"
    assert str(paths[ChatKind.TELEGRAM].body["chat_id"]) == "-100123"
    assert paths[ChatKind.BALE].path == f"/bot{BOT}/sendMessage"
    assert str(paths[ChatKind.BALE].body["chat_id"]) == "4321"
    assert paths[ChatKind.MATTERMOST].path == f"/hooks/{HOOK}"
    assert paths[ChatKind.NTFY].body["topic"] == "kerman-news"


def test_a_headline_calls_nobody_and_brings_no_picture() -> None:
    assert "<!channel>" not in words(tell(ChatKind.SLACK)[1])
    assert "@all" not in words(tell(ChatKind.TELEGRAM)[1])
    assert "@all" not in words(tell(ChatKind.BALE)[1])
    mattermost = tell(ChatKind.MATTERMOST)[1].said[0].body["text"]
    assert "@all" not in mattermost
    assert "![" not in mattermost
    assert "https://a.example.ir/x?a=1&b=2" in mattermost


@pytest.mark.parametrize("kind", list(ChatKind))
@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (403, True), (404, True), (429, False), (500, False), (503, False), (302, False)],
)
def test_what_will_not_pass_is_told_apart_from_what_will(
    kind: ChatKind,
    status: int,
    permanent: bool,  # noqa: FBT001  # a parameter of the table
) -> None:
    (outcome,), server = tell(kind, status)
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, str(status) in outcome.error) == (permanent, True)
    assert len(server.said) == 1, "a redirect is not followed, a failure not repeated by itself"


def test_a_service_that_hangs_is_given_up_in_time() -> None:
    (outcome,), _ = tell(ChatKind.NTFY, 0)
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert "did not answer within 2 seconds" in outcome.error


@pytest.mark.parametrize("kind", list(ChatKind))
def test_no_token_is_in_an_error_or_a_log(kind: ChatKind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = [*tell(kind, 403)[0], *tell(kind, 500)[0], *tell(kind)[0]]
    told = f"{outcomes} {caplog.text}"
    for secret in ("AAFunny", HOOK, "cccccccc", "kerman-news"):
        assert secret not in told


def test_a_host_that_points_into_a_private_network_is_not_spoken_to() -> None:
    server = PlayingChats()

    async def go() -> Outcome:
        async with server, ChatChannel(settings(server, allow=())) as channel:
            url = address(ChatKind.MATTERMOST, server)
            return await channel.send(ChatMessage(url=url, title=TITLE, text=TEXT))

    outcome = asyncio.run(go())
    assert isinstance(outcome, Refused)
    assert "forbidden address" in outcome.error
    assert server.said == []


def test_a_host_that_left_the_settings_is_not_spoken_to() -> None:
    async def go() -> Outcome:
        async with ChatChannel(ChatSettings()) as channel:
            url = f"mmosts://chat.example.ir/{HOOK}"
            return await channel.send(ChatMessage(url=url, title=TITLE, text=TEXT))

    outcome = asyncio.run(go())
    assert isinstance(outcome, Refused)
    assert "chats.hosts" in outcome.error


def test_a_host_nobody_listens_on_is_tried_again() -> None:
    async def go() -> Outcome:
        async with ChatChannel(settings(PlayingChats(port=1))) as channel:
            url = f"mmost://127.0.0.1:1/{HOOK}"
            return await channel.send(ChatMessage(url=url, title=TITLE, text=TEXT))

    outcome = asyncio.run(go())
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert "cannot be reached" in outcome.error
