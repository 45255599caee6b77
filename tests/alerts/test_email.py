"""Mail through a real SMTP server on loopback: what is sent, and what each answer means."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message

import aiosmtplib
import pytest

from alerts.email import (
    MESSAGES_PER_CONNECTION,
    EmailChannel,
    EmailSettings,
    Pace,
    Security,
    refusal,
)
from alerts.mime import Mail, Sender, build
from alerts.outcome import Outcome, Refused, Sent
from tests.alerts.playing_smtp import ACCEPT, CERTIFICATES, Play, PlayingRelay

SENDER = Sender(address="rasad@example.ir", domain="rasad.example.ir", reply_to="desk@example.ir")
MAIL = Mail(
    to="sara@example.ir",
    subject="صنعت مس | افزایش تولید کاتد در خاتون‌آباد",
    text="متن ساده\n",
    html='<p dir="rtl">متن</p>',
    delivery_id="dlv_abc",
    thread="sub_1/7",
    unsubscribe_url="https://rasad.example.ir/u/u.sub_1..abcdefghijklmnopqrstuv",
    sent_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
)


def read(mail: Mail) -> Message:
    """Read a built mail as the library does that knows nothing of our builder."""
    return message_from_bytes(build(mail, SENDER).data)


def settings(relay: PlayingRelay) -> EmailSettings:
    return EmailSettings(
        host="127.0.0.1",
        port=relay.port,
        sender=SENDER,
        security=Security.NONE,
        time_limit=timedelta(seconds=5),
    )


def sent_through(relay: PlayingRelay, *changes: dict[str, object], times: int = 1) -> list[Outcome]:
    async def go() -> list[Outcome]:
        async with relay:
            chosen = settings(relay)
            for change in changes:
                chosen = replace(chosen, **change)  # type: ignore[arg-type]  # any field
            channel = EmailChannel(chosen)
            return [await channel.send(build(MAIL, SENDER)) for _ in range(times)]

    return asyncio.run(go())


def test_a_mail_arrives_with_both_alternatives_and_every_header() -> None:
    relay = PlayingRelay()
    outcomes = sent_through(relay)
    assert outcomes == [Sent(receipt="SMTP OK queued as 1")]
    [arrived] = relay.inbox
    assert relay.recipients == ["sara@example.ir"]
    assert relay.greeted_by == "rasad.example.ir"
    assert arrived["Message-ID"] == "<dlv_abc@rasad.example.ir>"
    assert arrived["Subject"] == MAIL.subject
    assert arrived["From"].addresses[0].display_name == "رصد"
    assert arrived["Reply-To"] == "desk@example.ir"
    assert arrived["List-Unsubscribe"] == f"<{MAIL.unsubscribe_url}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in arrived.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    plain, rich = arrived.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert plain.get_content().strip() == "متن ساده"
    assert isinstance(rich, EmailMessage)
    assert 'dir="rtl"' in rich.get_content()


def test_the_unsubscribe_header_is_never_folded() -> None:
    long = replace(MAIL, unsubscribe_url=f"https://rasad.example.ir/u/{'a' * 90}")
    raw = build(long, SENDER).data.decode()
    line = next(line for line in raw.splitlines() if line.startswith("List-Unsubscribe:"))
    assert line == f"List-Unsubscribe: <{long.unsubscribe_url}>"
    assert "\r\n" in raw
    assert max(map(len, raw.replace(line, "").splitlines())) <= 78


def test_a_links_header_promises_one_click_only_over_https() -> None:
    plain = replace(MAIL, unsubscribe_url="http://127.0.0.1:8080/u/x")
    message = read(plain)
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8080/u/x>"
    assert message["List-Unsubscribe-Post"] is None


def test_mails_of_one_story_stand_in_one_thread() -> None:
    first = read(MAIL)
    update = read(replace(MAIL, delivery_id="dlv_update"))
    other = read(replace(MAIL, delivery_id="dlv_other", thread="sub_1/8"))
    assert first["References"] == update["References"] == update["In-Reply-To"]
    assert other["References"] != first["References"]
    assert first["Message-ID"] != update["Message-ID"]
    assert read(replace(MAIL, thread=None))["References"] is None


@pytest.mark.parametrize(
    "evil",
    [
        "خبر\r\nBcc: all@example.ir",
        "خبر\nX-Evil: 1",
        "خبر\u2028Bcc: a@b.ir",
        "خبر\x85Bcc: a@b.ir",
        "خبر\x00\x0b\x0cBcc: a@b.ir",
    ],
)
def test_a_headline_cannot_add_a_header(evil: str) -> None:
    relay = PlayingRelay()

    async def go() -> None:
        async with relay:
            channel = EmailChannel(settings(relay))
            await channel.send(build(replace(MAIL, subject=evil), SENDER))

    asyncio.run(go())
    [arrived] = relay.inbox
    assert arrived["Bcc"] is None
    assert arrived["X-Evil"] is None
    assert relay.recipients == ["sara@example.ir"]


@pytest.mark.parametrize(
    ("play", "permanent", "said"),
    [
        (Play(rcpt="550 5.1.1 no such user"), True, "550"),
        (Play(rcpt="553 not allowed"), True, "553"),
        (Play(data="554 5.7.1 refused as spam"), True, "554"),
        (Play(rcpt="450 4.2.0 greylisted, try later"), False, "450"),
        (Play(data="451 4.3.0 try again later"), False, "451"),
        (Play(rcpt="421 4.3.2 shutting down"), False, "421"),
    ],
)
def test_temporary_and_permanent_refusals_are_told_apart(
    *, play: Play, permanent: bool, said: str
) -> None:
    relay = PlayingRelay().script(play)
    [outcome] = sent_through(relay)
    assert isinstance(outcome, Refused)
    assert outcome.permanent is permanent
    assert said in outcome.error
    assert relay.inbox == []


def test_a_connection_dropped_after_data_is_temporary_and_repeats_the_same_id() -> None:
    relay = PlayingRelay().script(Play(drops=True))
    first, second = sent_through(relay, times=2)
    assert isinstance(first, Refused)
    assert not first.permanent
    assert isinstance(second, Sent)
    assert {mail["Message-ID"] for mail in relay.inbox} == {"<dlv_abc@rasad.example.ir>"}


def test_a_relay_that_hangs_costs_no_more_than_the_limit() -> None:
    relay = PlayingRelay().script(Play(hangs=True))
    began = time.monotonic()
    [outcome] = sent_through(relay, {"time_limit": timedelta(seconds=0.3)})
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert time.monotonic() - began < 3


def test_a_relay_that_is_not_there_is_temporary() -> None:
    async def go() -> Outcome:
        async with PlayingRelay() as relay:
            chosen = settings(relay)
        return await EmailChannel(chosen).send(build(MAIL, SENDER))

    outcome = asyncio.run(go())
    assert isinstance(outcome, Refused)
    assert not outcome.permanent


def test_a_wrong_password_is_the_operators_to_mend_and_never_a_bounce() -> None:
    relay = PlayingRelay(login=("rasad", "right"))
    [outcome] = sent_through(relay, {"username": "rasad", "password": "wrong"})
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert "wrong" not in outcome.error
    assert relay.inbox == []


def test_the_right_password_is_taken() -> None:
    relay = PlayingRelay(login=("rasad", "right"))
    [outcome] = sent_through(relay, {"username": "rasad", "password": "right"})
    assert isinstance(outcome, Sent)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_mail_is_encrypted_when_asked(security: Security) -> None:
    relay = PlayingRelay(starttls=security is Security.STARTTLS, tls=security is Security.TLS)
    authority = str(CERTIFICATES / "loopback.crt")
    [outcome] = sent_through(relay, {"security": security, "authority_file": authority})
    assert isinstance(outcome, Sent), outcome
    assert relay.was_encrypted


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_an_unknown_certificate_is_refused_and_nothing_is_said(security: Security) -> None:
    relay = PlayingRelay(starttls=security is Security.STARTTLS, tls=security is Security.TLS)
    [outcome] = sent_through(relay, {"security": security})
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert relay.inbox == []


def test_a_relay_without_starttls_gets_no_mail_in_clear_when_it_was_asked_for() -> None:
    relay = PlayingRelay()
    [outcome] = sent_through(relay, {"security": Security.STARTTLS})
    assert isinstance(outcome, Refused)
    assert relay.inbox == []


def kept(
    relay: PlayingRelay, times: int, *, between: bool = False, **changes: object
) -> list[Outcome]:
    """Send over kept connections; `between` two mails the relay ends what is idle."""

    async def go() -> list[Outcome]:
        outcomes: list[Outcome] = []
        chosen = replace(settings(relay), **changes)  # type: ignore[arg-type]  # any field
        async with relay, EmailChannel(replace(chosen, port=relay.port)) as channel:
            for _ in range(times):
                outcomes.append(await channel.send(build(MAIL, SENDER)))
                if between:
                    relay.hang_up()
                    await asyncio.sleep(0.02)
        return outcomes

    return asyncio.run(go())


def test_a_kept_connection_carries_many_mails_also_after_a_refusal() -> None:
    relay = PlayingRelay().script(ACCEPT, Play(rcpt="550 5.1.1 unknown"), Play(data="451 later"))
    outcomes = kept(relay, 6)
    assert [isinstance(one, Sent) for one in outcomes] == [True, False, False, True, True, True]
    assert relay.connections == 1
    assert len(relay.inbox) == 4


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_kept_connection_stays_encrypted(security: Security) -> None:
    relay = PlayingRelay(starttls=security is Security.STARTTLS, tls=security is Security.TLS)
    authority = str(CERTIFICATES / "loopback.crt")
    outcomes = kept(relay, 3, security=security, authority_file=authority)
    assert all(isinstance(one, Sent) for one in outcomes)
    assert relay.connections == 1
    assert relay.was_encrypted


def test_a_connection_the_relay_has_ended_is_replaced_without_a_failure() -> None:
    relay = PlayingRelay()
    outcomes = kept(relay, 3, between=True)
    assert all(isinstance(one, Sent) for one in outcomes), outcomes
    assert (relay.connections, len(relay.inbox)) == (3, 3)


@pytest.mark.parametrize("play", [Play(drops=True), Play(hangs=True), Play(rcpt="421 bye")])
def test_a_connection_in_doubt_is_not_used_again(play: Play) -> None:
    relay = PlayingRelay().script(play)
    first, second = kept(relay, 2, time_limit=timedelta(seconds=0.5))
    assert isinstance(first, Refused)
    assert isinstance(second, Sent)


def test_a_connection_is_left_before_a_relay_tires_of_it() -> None:
    relay = PlayingRelay()
    kept(relay, MESSAGES_PER_CONNECTION + 1)
    assert relay.connections == 2


def test_mails_sent_at_once_use_no_more_connections_than_allowed() -> None:
    relay = PlayingRelay()

    async def go() -> None:
        async with relay, EmailChannel(replace(settings(relay), connections=3)) as channel:
            await asyncio.gather(*(channel.send(build(MAIL, SENDER)) for _ in range(30)))

    asyncio.run(go())
    assert len(relay.inbox) == 30
    assert relay.connections == 3


def test_an_error_about_nothing_in_particular_is_temporary() -> None:
    assert refusal("the relay", aiosmtplib.SMTPException("strange")) == Refused(
        error="the relay failed: strange"
    )


def test_a_pace_spreads_messages_over_the_minute() -> None:
    async def go() -> float:
        pace = Pace(per_minute=1200)
        began = time.monotonic()
        for _ in range(5):
            await pace.wait()
        return time.monotonic() - began

    assert 0.19 <= asyncio.run(go()) < 2


def test_no_pace_means_no_waiting() -> None:
    async def go() -> None:
        pace = Pace(None)
        for _ in range(1000):
            await pace.wait()

    asyncio.run(go())
