"""Build the mail that is sent: headers, threads, one-click unsubscribe, both alternatives."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Final

from alerts.tidy import one_line

#: A subject beyond this is cut by every client; RFC 5322 §2.1.1 folds far below its own limit.
SUBJECT_LENGTH: Final = 200


class _Policy(EmailPolicy):
    """Fold long headers as usual, but two kinds by hand.

    Folding List-Unsubscribe breaks DKIM signatures. And the library drops the blank at each fold of
    a long Persian subject (seen on CPython 3.11), which joins two words in every client.
    """

    def fold(self, name: str, value: str) -> str:
        """Return one header as text."""
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return one header as bytes."""
        whole = self._whole(name, value)
        return whole.encode("ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str | None:
        if name.startswith("List-Unsubscribe"):
            return f"{name}: {value}{self.linesep}"
        if name == "Subject" and not value.isascii():
            encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {encoded}{self.linesep}"
        return None


_POLICY: Final = _Policy(linesep="\r\n", max_line_length=78)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in words.

    `thread` names what keeps several mails in one conversation, `answers` the delivery that this
    one follows up in it.
    """

    to: str
    subject: str
    text: str
    html: str
    delivery_id: str
    language: str = "fa"
    thread: str | None = None
    answers: str | None = None
    unsubscribe_url: str | None = None
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who the mails come from; `domain` stands in every Message-ID and never changes."""

    address: str
    name: str = "رصد"
    reply_to: str | None = None
    domain: str


def message_id(delivery_id: str, domain: str) -> str:
    """Return the Message-ID of a delivery, the same at every attempt."""
    return f"<{delivery_id}@{domain}>"


def thread_id(thread: str, domain: str) -> str:
    """Return the id of the root that a thread's mails refer to, though it was never sent."""
    return f"<thread-{hashlib.sha256(thread.encode()).hexdigest()[:24]}@{domain}>"


def build(mail: Mail, sender: Sender) -> EmailMessage:
    """Build the message: text first, then HTML (RFC 2046 §5.1.4, the best comes last)."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=one_line(sender.name), addr_spec=sender.address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = one_line(mail.subject, SUBJECT_LENGTH)
    message["Date"] = format_datetime(mail.sent_at)
    message["Message-ID"] = message_id(mail.delivery_id, sender.domain)
    _mark(message, mail, sender)
    message.set_content(mail.text, charset="utf-8", cte="base64")
    message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="base64")
    # only now: setting a content clears every header about content
    message["Content-Language"] = mail.language
    return message


def _mark(message: EmailMessage, mail: Mail, sender: Sender) -> None:
    """Add what tells machines how to treat the mail: thread, list, automatic (RFC 3834)."""
    message["Auto-Submitted"] = "auto-generated"
    if sender.reply_to:
        message["Reply-To"] = Address(addr_spec=sender.reply_to)
    if mail.thread:
        root = thread_id(mail.thread, sender.domain)
        before = message_id(mail.answers, sender.domain) if mail.answers else None
        message["In-Reply-To"] = before or root
        message["References"] = f"{root} {before}" if before else root
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        if mail.unsubscribe_url.startswith("https://"):  # RFC 8058 §3.1 wants HTTPS
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
