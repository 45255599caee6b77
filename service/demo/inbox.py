"""An SMTP inbox on loopback: keeps every message it accepts, in order of arrival."""

import base64
import email
import email.policy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from service.demo.journal import Journal
from service.demo.loopback import ADDRESS, Loopback

ACCEPTED: Final = "250 kept"
SIZE_LIMIT_BYTES: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message as it arrived; `recipient` is the envelope's, `text` and `html` its two parts."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    headers: Mapping[str, str]
    text: str
    html: str
    raw: bytes
    at: datetime


class Inbox:
    """A real SMTP server that any address may write to.

    `journal` is a file that remembers the messages, also those of an earlier inbox.
    `refuse` makes it answer one recipient with an error of your choice, until `accept` is called.
    """

    def __init__(self, port: int = 0, *, journal: Path | None = None) -> None:
        self._port = port
        self._loopback = Loopback()
        self._journal = Journal(journal)
        self._mails = [_remembered(record) for record in self._journal.read()]
        self._refused: dict[str, str] = {}

    def start(self) -> "Inbox":
        """Open the server."""
        self._journal.mend()
        self._loopback.start()
        self._port = self._loopback.listen(
            lambda: SMTP(
                self, hostname="inbox.demo", enable_SMTPUTF8=True, data_size_limit=SIZE_LIMIT_BYTES
            ),
            self._port,
        )
        return self

    def stop(self) -> None:
        """Close the server; what arrived stays readable."""
        self._loopback.stop()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to send mail to."""
        return ADDRESS, self._port

    @property
    def messages(self) -> tuple[Mail, ...]:
        """Everything that arrived so far."""
        return tuple(self._mails)

    def refuse(self, recipient: str, reply: str) -> None:
        """Answer RCPT TO of `recipient` with `reply`, such as «451 try again»."""
        self._refused[recipient] = reply

    def accept(self, recipient: str) -> None:
        """Take mail for `recipient` again."""
        self._refused.pop(recipient, None)

    async def handle_RCPT(  # noqa: N802  # the names and the shape aiosmtpd calls
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Accept or refuse one recipient."""
        if reply := self._refused.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return ACCEPTED

    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Keep one message for each of its recipients."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        for address in envelope.rcpt_tos:
            self._keep(
                {
                    "raw": base64.b64encode(raw).decode(),
                    "sender": envelope.mail_from or "",
                    "recipient": address,
                    "at": datetime.now(UTC).isoformat(),
                }
            )
        return ACCEPTED

    def _keep(self, record: Mapping[str, str]) -> None:
        self._journal.append(record)
        self._mails.append(_remembered(record))


def _remembered(record: Mapping[str, str]) -> Mail:
    return read_mail(
        base64.b64decode(record["raw"]),
        sender=record["sender"],
        recipient=record["recipient"],
        at=datetime.fromisoformat(record["at"]),
    )


def read_mail(raw: bytes, *, sender: str, recipient: str, at: datetime) -> Mail:
    """Parse one message as its recipient's client would."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return Mail(
        message_id=str(message["Message-ID"] or ""),
        sender=sender,
        recipient=recipient,
        subject=str(message["Subject"] or ""),
        headers={name: str(value) for name, value in message.items()},
        text=_part(message, "plain"),
        html=_part(message, "html"),
        raw=raw,
        at=at,
    )


def _part(message: EmailMessage, kind: str) -> str:
    """Return the body part of a kind («plain», «html»), or nothing when the message has none."""
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
