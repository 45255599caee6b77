"""Decide who asks and what they may do: a session, a token, or anybody on a private loopback.

A private installation listens on loopback and is told of no public address: whoever reaches it sits
at the machine. Everywhere else reading is open, and what changes anything needs a scope.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request, Response

from service.errors import SettingsError
from service.house import House
from service.settings import Settings
from service.web.accounts import SCOPES, Accounts, Role, Scope, User
from service.web.forms import Form
from service.web.refusal import NotAllowedError, NotKnownError, StaleFormError
from service.web.seal import Seal

SEAT: Final = "rasad_seat"
SESSION: Final = "rasad_session"
SESSION_LASTS: Final = timedelta(hours=12)
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PARTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks; `name` stands in histories, `is_signed_in` shows the way out."""

    name: str
    scopes: frozenset[Scope]
    is_signed_in: bool = False

    def may(self, scope: Scope) -> bool:
        """Tell whether this is allowed."""
        return scope in self.scopes


ANYBODY: Final = Asker(name="", scopes=frozenset())
OPERATOR: Final = Asker(name="operator", scopes=SCOPES[Role.ADMIN])


class Access:
    """The door of one installation."""

    def __init__(self, house: House) -> None:
        self._settings = house.settings
        self._clock = house.clock
        self.accounts = Accounts(house.settings.data_folder)
        self._seal = Seal(house.key)
        self.is_private = _is_private(house.settings)
        self._hosts = LOOPBACK | {_host_of(house.settings.public_url)}

    def require_admin(self) -> None:
        """Raise SettingsError when the pages would listen to others and nobody administers."""
        host = self._settings.web.host
        if host not in LOOPBACK and not self.accounts.has_admin():
            raise SettingsError(
                f"web.host: {host} is open to others and there is no admin; run "
                "`rasad users add NAME --role admin` first, or listen on 127.0.0.1"
            )

    def asker(self, request: Request) -> Asker:
        """Return who asks; NotKnownError for a token or session that nobody gave out."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = self.accounts.find_token(text.strip())
            if token is None:
                raise NotKnownError("this token is not known; issue a new one")
            return Asker(name=f"token {token.name}", scopes=token.scopes)
        user = self._signed_in(request.cookies.get(SESSION, ""))
        if user is not None:
            return Asker(name=user.name, scopes=SCOPES[user.role], is_signed_in=True)
        return OPERATOR if self.is_private else ANYBODY

    def demand(self, request: Request, scope: Scope) -> Asker:
        """Return who asks, if they may do this.

        NotAllowedError says what they need, NotKnownError that they have to say who they are.
        """
        asker = self.asker(request)
        if asker.may(scope):
            return asker
        if asker is ANYBODY:
            raise NotKnownError("this needs somebody; sign in, or send a token")
        raise NotAllowedError(
            "this needs the right «{scope}»; sign in, or use a token that has it",
            scope=scope.value,
        )

    def accept(self, request: Request, form: Form, scope: Scope | None = None) -> Asker:
        """Return who sent a form, once it is certain that our page in this browser sent it."""
        seat = request.cookies.get(SEAT, "")
        if not seat or not self._seal.holds("form", seat, form.text("csrf")):
            raise StaleFormError("open the page anew and send the form from there")
        return self.asker(request) if scope is None else self.demand(request, scope)

    def form_token(self, request: Request) -> tuple[str, str]:
        """Return this browser's seat (new for a new browser) and the token of its forms."""
        seat = request.cookies.get(SEAT) or secrets.token_urlsafe(18)
        return seat, self._seal.sign("form", seat)

    def give_seat(self, response: Response, seat: str) -> None:
        """Let the browser keep its seat until it is closed."""
        response.set_cookie(
            SEAT, seat, httponly=True, samesite="strict", secure=self._is_encrypted, path="/"
        )

    def sign_in(self, response: Response, user: User) -> None:
        """Begin a session."""
        until = int((self._clock() + SESSION_LASTS).timestamp())
        said = f"{user.name}|{until}"
        response.set_cookie(
            SESSION,
            quote(f"{said}|{self._seal.sign('session', said + user.password)}"),
            max_age=int(SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=self._is_encrypted,
            path="/",
        )

    def sign_out(self, response: Response) -> None:
        """End the session of this browser."""
        response.delete_cookie(SESSION, path="/")

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> NotAllowedError | None:
        """Return why a request is not even looked at, None for most.

        A private installation answers only to its own names, so that no foreign name that is made
        to point at it (DNS rebinding) speaks with its rights; and no other site's page may send
        what changes something. Links in mails carry their own signature.
        """
        host = _host_of(f"//{headers.get('host', '')}")
        if self.is_private and host not in self._hosts:
            return NotAllowedError(
                "this installation is private and not called «{host}»; use 127.0.0.1", host=host
            )
        if method in {"GET", "HEAD", "OPTIONS"} or path.startswith(("/u/", "/c/", "/m/", "/f/")):
            return None
        origin = headers.get("origin")
        is_ours = origin is None or hmac.compare_digest(
            urlsplit(origin).netloc.encode(), headers.get("host", "").encode()
        )
        if not is_ours or headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return NotAllowedError("another site's page sent this; open Rasad's own page")
        return None

    @property
    def _is_encrypted(self) -> bool:
        return self._settings.public_url.startswith("https:")

    def _signed_in(self, cookie: str) -> User | None:
        parts = unquote(cookie).rsplit("|", 2)
        if len(parts) != _PARTS:
            return None
        name, until, signature = parts
        user = self.accounts.find_user(name)
        if user is None or not until.isdecimal() or _is_past(int(until), self._clock()):
            return None
        said = f"{name}|{until}{user.password}"
        return user if self._seal.holds("session", said, signature) else None


def _is_past(seconds: int, now: datetime) -> bool:
    return seconds < now.timestamp()


def _is_private(settings: Settings) -> bool:
    return settings.web.host in LOOPBACK and _host_of(settings.public_url) in LOOPBACK


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
