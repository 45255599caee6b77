"""The inbox and the receiver of the demo, each against a client library that is not ours."""

import base64
import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from service.demo.inbox import Inbox
from service.demo.journal import Journal
from service.demo.receiver import Receiver

SECRET = "whsec_" + base64.b64encode(b"a secret of the demo, 32 letters").decode()
OTHER = "whsec_" + base64.b64encode(b"another one, as long as the first").decode()
BODY = json.dumps({"type": "story.matched", "timestamp": "2026-11-23T08:00:00Z", "data": {"n": 1}})


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox().start()
    yield inbox
    inbox.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(OTHER, SECRET).start()
    yield receiver
    receiver.stop()


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "rasad@demo", "reader@demo", "مس: کوره روشن شد"
    mail["Message-ID"] = "<1@demo>"
    mail.set_content("متن")
    mail.add_alternative("<p>متن</p>", subtype="html")
    return mail


def signed(at: datetime, body: str = BODY) -> dict[str, str]:
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", at, body),
    }


def test_a_mail_arrives_with_its_id_subject_and_parts(inbox: Inbox) -> None:
    with smtplib.SMTP(*inbox.address) as client:
        client.send_message(a_mail())
    (mail,) = inbox.messages
    assert (mail.message_id, mail.subject) == ("<1@demo>", "مس: کوره روشن شد")
    assert (mail.sender, mail.recipient) == ("rasad@demo", "reader@demo")
    assert (mail.text.strip(), mail.html.strip()) == ("متن", "<p>متن</p>")


def test_each_recipient_gets_a_mail_of_their_own(inbox: Inbox) -> None:
    with smtplib.SMTP(*inbox.address) as client:
        client.sendmail("rasad@demo", ["one@demo", "two@demo"], a_mail().as_bytes())
    assert [mail.recipient for mail in inbox.messages] == ["one@demo", "two@demo"]


def test_a_refused_recipient_is_refused_until_accepted_again(inbox: Inbox) -> None:
    inbox.refuse("reader@demo", "451 come back later")
    with smtplib.SMTP(*inbox.address) as client:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.send_message(a_mail())
        inbox.accept("reader@demo")
        client.send_message(a_mail())
    assert len(inbox.messages) == 1


def test_a_webhook_signed_by_the_reference_library_is_accepted(receiver: Receiver) -> None:
    answer = httpx.post(receiver.url, content=BODY, headers=signed(datetime.now(UTC)))
    (event,) = receiver.events
    assert answer.status_code == 204
    assert (event.webhook_id, event.type, event.data, event.refused) == (
        "msg_1",
        "story.matched",
        {"n": 1},
        None,
    )


@pytest.mark.parametrize(
    ("minutes_old", "added", "body", "reason"),
    [
        (0, {}, BODY + " ", "no signature fits"),
        (60, {}, BODY, "more than"),
        (0, {"webhook-timestamp": "soon"}, BODY, "not a number"),
    ],
)
def test_a_webhook_that_cannot_be_trusted_is_refused(
    receiver: Receiver, minutes_old: int, added: dict[str, str], body: str, reason: str
) -> None:
    headers = signed(datetime.now(UTC) - timedelta(minutes=minutes_old)) | added
    answer = httpx.post(receiver.url, content=body, headers=headers)
    assert answer.status_code == 401
    assert reason in (receiver.events[0].refused or "")


def test_a_webhook_without_a_signature_is_refused(receiver: Receiver) -> None:
    assert httpx.post(receiver.url, content=BODY).status_code == 401
    assert "no header webhook-id" in (receiver.events[0].refused or "")


def test_a_body_that_is_not_json_is_kept_as_an_empty_event(receiver: Receiver) -> None:
    httpx.post(receiver.url, content="hello", headers=signed(datetime.now(UTC), "hello"))
    assert receiver.events[0].payload == {}


def test_the_receiver_can_play_any_status(receiver: Receiver) -> None:
    receiver.answer(503)
    assert (
        httpx.post(receiver.url, content=BODY, headers=signed(datetime.now(UTC))).status_code == 503
    )
    receiver.answer(None)
    assert (
        httpx.post(receiver.url, content=BODY, headers=signed(datetime.now(UTC))).status_code == 204
    )


def test_a_second_inbox_remembers_what_the_first_was_sent(tmp_path: Path) -> None:
    first = Inbox(journal=tmp_path / "mails").start()
    with smtplib.SMTP(*first.address) as client:
        client.send_message(a_mail())
    first.stop()
    assert Inbox(journal=tmp_path / "mails").messages == first.messages != ()


def test_a_second_receiver_remembers_what_the_first_was_sent(tmp_path: Path) -> None:
    first = Receiver(SECRET, journal=tmp_path / "events").start()
    httpx.post(first.url, content=BODY, headers=signed(datetime.now(UTC)))
    first.stop()
    assert Receiver(SECRET, journal=tmp_path / "events").events == first.events != ()


def test_a_record_that_a_kill_cut_short_is_forgotten(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "records")
    journal.append({"n": 1})
    with (tmp_path / "records").open("ab") as file:
        file.write(b'{"n": 2, "half')
    assert journal.read() == ({"n": 1},)
    journal.mend()
    journal.append({"n": 3})
    assert journal.read() == ({"n": 1}, {"n": 3})
