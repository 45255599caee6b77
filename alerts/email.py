"""Send mail by SMTP: TLS, log-in, a pace per relay, temporary told apart from permanent."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import TracebackType
from typing import Final, Protocol, Self

import aiosmtplib

from alerts.mime import Letter, Sender
from alerts.outcome import Outcome, Refused, Sent
from alerts.tidy import one_line

#: One command may take this long; RFC 5321 §4.5.3.2 grants minutes, a worker's slot does not.
TIME_LIMIT: Final = timedelta(seconds=60)


#: Relays end a connection after some number of mails; a polite guest leaves before.
MESSAGES_PER_CONNECTION: Final = 50
QUIT_SECONDS: Final = 2.0
#: A connection used within this is taken to stand; asking would cost every mail a round trip.
FRESH_SECONDS: Final = 1.0


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
    """Anything that sends a letter and says what became of it."""

    async def send(self, letter: Letter) -> Outcome:
        """Send once; an expected failure is a value."""
        ...


@dataclass(slots=True)
class _Line:
    """One connection to the relay; `is_sound` while every command has had its whole answer."""

    client: aiosmtplib.SMTP
    messages: int = 0
    is_sound: bool = True
    used_at: float = 0.0


class EmailChannel:
    """Sends mails through one relay, a bounded number at a time.

    Used as an async context manager it keeps connections for the next mail, which spares most of
    the work where the relay speaks TLS; otherwise each mail has a connection of its own.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.connections)
        self._pace = Pace(settings.per_minute)
        self._keeps = False
        self._idle: list[_Line] = []

    async def __aenter__(self) -> Self:
        self._keeps = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._keeps = False
        while self._idle:
            await _hang_up(self._idle.pop())

    async def send(self, letter: Letter) -> Outcome:
        """Send one letter; an expected failure is a value."""
        await self._pace.wait()
        async with self._slots:
            line: _Line | None = None
            try:
                async with asyncio.timeout(self._settings.time_limit.total_seconds()):
                    line = await self._open()
                    return await _say(line, letter)
            except TimeoutError:
                seconds = self._settings.time_limit.total_seconds()
                return Refused(error=f"{self._relay} did not finish within {seconds:g} seconds")
            except aiosmtplib.SMTPException as error:
                return refusal(self._relay, error)
            except (OSError, EOFError) as error:
                return Refused(error=f"{self._relay} cannot be reached ({error})")
            finally:
                if line is not None:
                    await self._let_go(line)

    @property
    def _relay(self) -> str:
        return f"the mail relay {self._settings.host}:{self._settings.port}"

    async def _open(self) -> _Line:
        """Take up a kept connection that still answers, or make a new one."""
        while self._idle:
            line = self._idle.pop()
            if await _answers(line):
                return line
        client = self._client()
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        return _Line(client=client)

    def _client(self) -> aiosmtplib.SMTP:
        chosen = self._settings
        return aiosmtplib.SMTP(
            hostname=chosen.host,
            port=chosen.port,
            username=chosen.username,
            password=chosen.password,
            use_tls=chosen.security is Security.TLS,
            start_tls=chosen.security is Security.STARTTLS,
            validate_certs=chosen.tls_verify,
            cert_bundle=chosen.authority_file,
            local_hostname=chosen.sender.domain,  # relays distrust an EHLO of localhost
            timeout=chosen.time_limit.total_seconds(),
        )

    async def _let_go(self, line: _Line) -> None:
        """Keep a sound connection for the next mail, or end it; never fails: the mail is out."""
        line.messages += 1
        line.used_at = asyncio.get_running_loop().time()
        if self._keeps and line.is_sound and line.messages < MESSAGES_PER_CONNECTION:
            self._idle.append(line)
        else:
            await _hang_up(line)


async def _say(line: _Line, letter: Letter) -> Sent:
    line.is_sound = False
    try:
        _, response = await line.client.sendmail(letter.sender, [letter.to], letter.data)
    except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
        line.is_sound = line.client.is_connected
        raise
    line.is_sound = line.client.is_connected
    return Sent(receipt=one_line(f"SMTP {response}"))


async def _answers(line: _Line) -> bool:
    """Say whether a kept connection is still there; relays end idle ones when they like."""
    if asyncio.get_running_loop().time() - line.used_at < FRESH_SECONDS:
        return line.client.is_connected
    try:
        await line.client.noop()
    except (aiosmtplib.SMTPException, OSError):
        line.client.close()
        return False
    return True


async def _hang_up(line: _Line) -> None:
    """Say good-bye as far as the relay listens: what it took, it took."""
    if line.is_sound:
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await line.client.quit(timeout=QUIT_SECONDS)
    line.client.close()


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
