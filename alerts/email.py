"""Send mail by SMTP: TLS, log-in, a pace per relay, temporary told apart from permanent."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from enum import StrEnum
from typing import Final, Protocol

import aiosmtplib

from alerts.mime import Sender
from alerts.outcome import Outcome, Refused, Sent
from alerts.tidy import one_line

#: One command may take this long; RFC 5321 §4.5.3.2 grants minutes, a worker's slot does not.
TIME_LIMIT: Final = timedelta(seconds=60)


class Security(StrEnum):
    """How the connection to the relay is encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """The relay, how to log in there, and how fast it may be used."""

    host: str
    port: int
    sender: Sender
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    per_minute: int | None = None
    time_limit: timedelta = TIME_LIMIT
    tls_verify: bool = True
    authority_file: str | None = None
    connections: int = 4


class SendsMail(Protocol):
    """Anything that sends a built message and says what became of it."""

    async def send(self, message: EmailMessage) -> Outcome:
        """Send once; an expected failure is a value."""
        ...


class EmailChannel:
    """Sends mails through one relay, one connection for each, a bounded number at a time."""

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.connections)
        self._pace = Pace(settings.per_minute)

    async def send(self, message: EmailMessage) -> Outcome:
        """Send one message to its one recipient; an expected failure is a value."""
        await self._pace.wait()
        async with self._slots:
            try:
                async with asyncio.timeout(self._settings.time_limit.total_seconds()):
                    return await self._exchange(message)
            except TimeoutError:
                seconds = self._settings.time_limit.total_seconds()
                return Refused(error=f"{self._relay} did not finish within {seconds:g} seconds")
            except aiosmtplib.SMTPException as error:
                return refusal(self._relay, error)
            except (OSError, EOFError) as error:
                return Refused(error=f"{self._relay} cannot be reached ({error})")

    @property
    def _relay(self) -> str:
        return f"the mail relay {self._settings.host}:{self._settings.port}"

    async def _exchange(self, message: EmailMessage) -> Outcome:
        _, response = await aiosmtplib.send(
            message.as_bytes(),  # by the message's own policy; the library would fold anew
            sender=message["From"].addresses[0].addr_spec,
            recipients=[address.addr_spec for address in message["To"].addresses],
            hostname=self._settings.host,
            port=self._settings.port,
            username=self._settings.username,
            password=self._settings.password,
            use_tls=self._settings.security is Security.TLS,
            start_tls=self._settings.security is Security.STARTTLS,
            validate_certs=self._settings.tls_verify,
            cert_bundle=self._settings.authority_file,
            local_hostname=self._settings.sender.domain,  # relays distrust an EHLO of localhost
            timeout=self._settings.time_limit.total_seconds(),
        )
        return Sent(receipt=one_line(f"SMTP {response}"))


def refusal(relay: str, error: aiosmtplib.SMTPException) -> Refused:
    """Say what an SMTP error means.

    Permanent is only a 5xx about this recipient or this message. A refused log-in, a refused sender
    or a relay that is closed is for the operator to mend, and tried again on schedule.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        first = error.recipients[0]
        return _about_message(relay, first.code, first.message)
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        return _about_message(relay, error.code, error.message)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Refused(error=one_line(f"{relay} answered {error.code} {error.message}", 500))
    return Refused(error=one_line(f"{relay} failed: {error}", 500))


def _about_message(relay: str, code: int, words: str) -> Refused:
    permanent = 500 <= code < 600  # noqa: PLR2004 - RFC 5321 §4.2.1, a permanent negative reply
    return Refused(error=one_line(f"{relay} answered {code} {words}", 500), permanent=permanent)


class Pace:
    """Spreads messages evenly over a minute, so that no relay is used faster than it allows."""

    def __init__(self, per_minute: int | None) -> None:
        self._pause = 60 / per_minute if per_minute else 0.0
        self._free_at = 0.0

    async def wait(self) -> None:
        """Wait for this message's turn; turns are given in the order of asking."""
        if not self._pause:
            return
        clock = asyncio.get_running_loop()
        turn = max(clock.time(), self._free_at)
        self._free_at = turn + self._pause
        await asyncio.sleep(turn - clock.time())
