"""No webhook reaches an address nobody allowed, in whatever form it is written."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from alerts.outcome import Outcome, Refused
from alerts.webhook import Post, WebhookChannel, WebhookSettings
from tests.alerts.playing_http import Answer, PlayingReceiver

LITERALS = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "0177.0.0.1",
    "0177.1",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "0X7F000001",
    "2130706433",
    "017700000001",
    "0",
    "0.0.0.0",  # noqa: S104 - nothing is bound, it is refused
    "127.0.0.1.",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "10.10.34.35",
)
SETTINGS = WebhookSettings(time_limit=timedelta(seconds=2))


async def attempt(url: str, settings: WebhookSettings = SETTINGS) -> Outcome:
    async with WebhookChannel(settings) as channel:
        post = Post(url=url, message_id="dlv_1", body=b"{}", secrets=())
        return await channel.send(post, now=datetime.now(UTC))


@pytest.mark.parametrize("host", LITERALS)
def test_a_forbidden_literal_is_not_reached(host: str) -> None:
    async def go() -> tuple[Outcome, int]:
        async with PlayingReceiver() as receiver:
            return await attempt(f"http://{host}:{receiver.port}/"), len(receiver.got)

    outcome, reached = asyncio.run(go())
    assert isinstance(outcome, Refused), host
    assert reached == 0


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "10.1.2.3", "64:ff9b::7f00:1"])
def test_a_name_with_one_forbidden_address_among_public_ones_is_not_reached(inside: str) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ("93.184.216.34", inside)

    settings = WebhookSettings(time_limit=timedelta(seconds=2), resolver=resolver)
    outcome = asyncio.run(attempt("http://hooks.example.com/", settings))
    assert isinstance(outcome, Refused)
    assert "forbidden" in outcome.error


def test_a_name_that_changes_its_mind_is_asked_once_and_gains_nothing() -> None:
    asked: list[str] = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) > 1 else ("0.0.0.0",)  # noqa: S104 - refused below

    async def go() -> int:
        async with PlayingReceiver() as receiver:
            settings = WebhookSettings(time_limit=timedelta(seconds=2), resolver=resolver)
            for _ in range(3):
                await attempt(f"http://rebind.example.com:{receiver.port}/", settings)
            return len(receiver.got)

    assert asyncio.run(go()) == 0
    assert len(asked) == 3


def test_a_redirect_into_the_house_is_not_followed() -> None:
    async def go() -> int:
        async with PlayingReceiver() as inside, PlayingReceiver() as outside:
            target = f"http://127.0.0.1:{inside.port}/admin"
            outside.script(Answer(status=307, headers=(("location", target),)))
            settings = WebhookSettings(allow_private=("127.0.0.1/32",))
            await attempt(outside.url, settings)
            return len(inside.got)

    assert asyncio.run(go()) == 0


def test_the_allowance_of_one_address_opens_no_other_form_of_it() -> None:
    async def go() -> int:
        async with PlayingReceiver() as receiver:
            settings = WebhookSettings(
                allow_private=("127.0.0.1/32",), time_limit=timedelta(seconds=2)
            )
            for host in ("[::ffff:127.0.0.1]", "[::1]", "127.0.0.2", "[64:ff9b::127.0.0.1]"):
                await attempt(f"http://{host}:{receiver.port}/", settings)
            return len(receiver.got)

    assert asyncio.run(go()) == 0
