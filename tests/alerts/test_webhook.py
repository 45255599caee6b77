"""Webhooks through a real HTTP server on loopback: signatures, answers, limits, the guard."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from alerts.outcome import Outcome, Refused, Sent
from alerts.webhook import (
    Post,
    WebhookChannel,
    WebhookSettings,
    is_secret,
    new_secret,
    refusal,
    signed_headers,
)
from tests.alerts.playing_http import Answer, PlayingReceiver
from tests.alerts.playing_smtp import CERTIFICATES, server_context

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
OLD = "whsec_" + "enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6eno="
LOCAL = WebhookSettings(allow_private=("127.0.0.1/32",), time_limit=timedelta(seconds=2))
BODY = '{"type":"story.matched","data":{"headline":"تولید کاتد"}}'.encode()


def send(
    receiver: PlayingReceiver,
    *,
    settings: WebhookSettings = LOCAL,
    secrets: Sequence[str] = (SECRET,),
    times: int = 1,
) -> list[Outcome]:
    async def go() -> list[Outcome]:
        async with receiver, WebhookChannel(settings) as channel:
            post = Post(url=receiver.url, message_id="dlv_abc", body=BODY, secrets=tuple(secrets))
            return [await channel.send(post, now=datetime.now(UTC)) for _ in range(times)]

    return asyncio.run(go())


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_a_receipt(status: int) -> None:
    [outcome] = send(PlayingReceiver().script(Answer(status=status)))
    assert outcome == Sent(receipt=f"HTTP {status}")


def test_the_receivers_library_verifies_what_arrives() -> None:
    receiver = PlayingReceiver()
    send(receiver)
    [got] = receiver.got
    assert got.method == "POST"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == "dlv_abc"
    verified = Webhook(SECRET).verify(got.body, got.headers)
    assert verified == json.loads(BODY)


def test_during_a_rotation_both_secrets_verify_and_no_other() -> None:
    receiver = PlayingReceiver()
    send(receiver, secrets=(SECRET, OLD))
    [got] = receiver.got
    Webhook(SECRET).verify(got.body, got.headers)
    Webhook(OLD).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(got.body, got.headers)


def test_a_changed_body_an_old_time_and_another_id_do_not_verify() -> None:
    now = datetime.now(UTC)
    headers = signed_headers("dlv_1", BODY, [SECRET], now=now)
    Webhook(SECRET).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers | {"webhook-id": "dlv_2"})
    old = signed_headers("dlv_1", BODY, [SECRET], now=now - timedelta(minutes=6))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, old)


def test_the_signature_is_the_one_the_specification_gives() -> None:
    at = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    ours = signed_headers("msg_1", b'{"a":1}', [SECRET], now=at)["webhook-signature"]
    assert ours == Webhook(SECRET).sign("msg_1", at, '{"a":1}')


def test_new_secrets_are_usable_and_never_alike() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(is_secret(secret) for secret in made)


@pytest.mark.parametrize(
    "bad", ["", "whsec_", "whsec_abc", "whsec_!!!", "QUJD", "whsec_" + "A" * 200]
)
def test_a_bad_secret_is_known(bad: str) -> None:
    assert not is_secret(bad)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(status: int) -> None:
    receiver = PlayingReceiver()
    receiver.script(Answer(status=status, headers=(("location", "/other"),)))
    [outcome] = send(receiver)
    assert isinstance(outcome, Refused)
    assert "redirect" in outcome.error
    assert not outcome.permanent
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 500, 502])
def test_other_statuses_are_failures_that_may_pass(status: int) -> None:
    [outcome] = send(PlayingReceiver().script(Answer(status=status, body=b"no such thing")))
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert not outcome.gone
    assert str(status) in outcome.error
    assert "no such thing" in outcome.error


def test_gone_ends_the_endpoint() -> None:
    [outcome] = send(PlayingReceiver().script(Answer(status=410)))
    assert isinstance(outcome, Refused)
    assert outcome.gone


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_heard(status: int) -> None:
    answer = Answer(status=status, headers=(("retry-after", "120"),))
    [outcome] = send(PlayingReceiver().script(answer))
    assert isinstance(outcome, Refused)
    assert outcome.retry_after == timedelta(minutes=2)


def test_retry_after_means_nothing_on_other_statuses() -> None:
    assert refusal("https://a.ir", 500, asked=timedelta(days=9)).retry_after is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(pause_seconds=5),
        Answer(drips=True),
    ],
    ids=["silent", "drips"],
)
def test_a_receiver_that_takes_too_long_is_left(answer: Answer) -> None:
    quick = replace(LOCAL, time_limit=timedelta(seconds=0.4))
    began = time.monotonic()
    [outcome] = send(PlayingReceiver().script(answer), settings=quick)
    assert isinstance(outcome, Refused)
    assert "0.4 seconds" in outcome.error
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "answer",
    [Answer(resets=True), Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), Answer(raw=b"")],
    ids=["reset", "not http", "closed"],
)
def test_a_broken_answer_is_a_failure_that_may_pass(answer: Answer) -> None:
    [outcome] = send(PlayingReceiver().script(answer))
    assert isinstance(outcome, Refused)
    assert not outcome.permanent


def test_an_answer_of_ten_megabytes_is_not_read() -> None:
    receiver = PlayingReceiver().script(Answer(status=500, body=b"x" * 10_000_000))
    [outcome] = send(receiver)
    assert isinstance(outcome, Refused)
    assert len(outcome.error) < 400


def test_a_broken_answer_after_the_status_still_says_the_status() -> None:
    torn = b"HTTP/1.1 500 No\r\ncontent-length: 1000\r\n\r\nfirst words"
    [outcome] = send(PlayingReceiver().script(Answer(raw=torn)))
    assert isinstance(outcome, Refused)
    assert "500" in outcome.error


def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    receiver = PlayingReceiver(tls=server_context())
    [outcome] = send(receiver)
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert "certificate" in outcome.error
    assert receiver.got == []


def test_https_works_with_a_certificate_that_is_vouched_for() -> None:
    receiver = PlayingReceiver(tls=server_context())
    known = replace(LOCAL, extra_authorities=(str(CERTIFICATES / "loopback.crt"),))
    assert send(receiver, settings=known) == [Sent(receipt="HTTP 200")]


def test_plain_text_on_a_tls_address_is_a_failure() -> None:
    receiver = PlayingReceiver()

    async def go() -> Outcome:
        async with receiver, WebhookChannel(LOCAL) as channel:
            url = receiver.url.replace("http:", "https:")
            post = Post(url=url, message_id="dlv_1", body=BODY, secrets=(SECRET,))
            return await channel.send(post, now=datetime.now(UTC))

    assert isinstance(asyncio.run(go()), Refused)


def test_errors_name_the_host_and_never_the_path_or_the_secret() -> None:
    answers = [Answer(status=500), Answer(resets=True), Answer(pause_seconds=3)]
    outcomes = send(
        PlayingReceiver().script(*answers),
        settings=replace(LOCAL, time_limit=timedelta(seconds=0.4)),
        times=3,
    )
    for outcome in outcomes:
        assert isinstance(outcome, Refused)
        assert "127.0.0.1" in outcome.error
        assert "secret-path" not in outcome.error
        assert SECRET not in outcome.error


def test_without_permission_loopback_is_not_reached() -> None:
    receiver = PlayingReceiver()
    [outcome] = send(receiver, settings=replace(LOCAL, allow_private=()))
    assert isinstance(outcome, Refused)
    assert "forbidden" in outcome.error
    assert receiver.got == []


def test_a_slow_endpoint_delays_no_other() -> None:
    async def go() -> tuple[float, Outcome]:
        slow, quick = PlayingReceiver().script(Answer(pause_seconds=1.5)), PlayingReceiver()
        async with slow, quick, WebhookChannel(LOCAL) as channel:

            def post(receiver: PlayingReceiver) -> Post:
                return Post(url=receiver.url, message_id="m", body=BODY, secrets=(SECRET,))

            waiting = asyncio.create_task(channel.send(post(slow), now=datetime.now(UTC)))
            await asyncio.sleep(0.05)
            began = time.monotonic()
            for _ in range(20):
                await channel.send(post(quick), now=datetime.now(UTC))
            took = time.monotonic() - began
            return took, await waiting

    took, outcome = asyncio.run(go())
    assert took < 1
    assert isinstance(outcome, Sent)
