"""A real SMTP server on loopback that plays what relays do: refuse, greylist, drop, hang."""

import asyncio
import email
import email.policy
import ssl
import warnings
from collections import deque
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATES = Path(__file__).parent / "certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What the relay does with one message: a reply at a stage, a drop after it has it, a pause."""

    rcpt: str | None = None
    data: str | None = None
    keeps: bool = True
    drops: bool = False
    hangs: bool = False


ACCEPT = Play()


@dataclass(slots=True)
class PlayingRelay:
    """The server and what it has got; use as an async context manager."""

    plays: deque[Play] = field(default_factory=deque)
    login: tuple[str, str] | None = None
    starttls: bool = False
    tls: bool = False
    inbox: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    attempts: int = 0
    port: int = 0
    was_encrypted: bool = False
    greeted_by: str | None = None
    _server: asyncio.AbstractServer | None = None
    _protocols: list[SMTP] = field(default_factory=list)
    _chosen: dict[Session, Play] = field(default_factory=dict)

    @property
    def connections(self) -> int:
        """How many connections were made."""
        return len(self._protocols)

    def hang_up(self) -> None:
        """End every connection, as relays do with idle ones."""
        for protocol in self._protocols:
            if protocol.transport is not None:
                protocol.transport.abort()

    def script(self, *plays: Play) -> Self:
        """Play these, one for each message; afterwards accept everything."""
        self.plays.extend(plays)
        return self

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._protocol, "127.0.0.1", 0, ssl=server_context() if self.tls else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        self.hang_up()
        await asyncio.sleep(0.05)

    def _protocol(self) -> SMTP:
        with warnings.catch_warnings():
            # aiosmtpd warns of logging in without TLS; a test server on loopback may.
            warnings.simplefilter("ignore", UserWarning)
            protocol = self._made()
        self._protocols.append(protocol)
        return protocol

    def _made(self) -> SMTP:
        return SMTP(
            self,
            hostname="relay.test",
            auth_required=self.login is not None,
            auth_require_tls=False,
            authenticator=self._authenticate if self.login else None,
            tls_context=server_context() if self.starttls else None,
            require_starttls=self.starttls,
            enable_SMTPUTF8=True,
        )

    def _authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login.decode(), data.password.decode()) == self.login
        return AuthResult(success=right)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.attempts += 1
        play = self.plays.popleft() if self.plays else ACCEPT
        if play.rcpt is not None:
            return play.rcpt
        self._chosen[session] = play
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        play = self._chosen.pop(session)
        if play.hangs:
            await asyncio.sleep(30)
        if play.data is not None:
            return play.data
        if play.keeps:
            self._keep(session, envelope)
        if play.drops and server.transport is not None:
            server.transport.abort()
        return f"250 OK queued as {len(self.inbox)}"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        raw = envelope.content
        assert isinstance(raw, bytes)
        self.inbox.append(email.message_from_bytes(raw, policy=email.policy.default))
        self.recipients.extend(envelope.rcpt_tos)
        self.greeted_by = session.host_name
        self.was_encrypted = session.ssl is not None or self.tls


def server_context() -> ssl.SSLContext:
    """The server's side of TLS, with the loopback certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "loopback.crt", CERTIFICATES / "loopback.key")
    return context
