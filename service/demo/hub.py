"""A WebSub hub on loopback: verifies who subscribes, and tells them when a feed has changed."""

import hashlib
import hmac
import http.client
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from service.demo.http import Request, Response

PATH: Final = "/hub"
LEASE_SECONDS: Final = 86_400
_PATIENCE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who is told of a topic, and the secret that what is told is signed with."""

    topic: str
    callback: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One exchange with a callback: what was done, and the status it answered."""

    what: str
    topic: str
    callback: str
    status: int


class Hub:
    """Plays the hub of a publisher; `answer` is what its server answers with.

    `denies` makes it refuse every subscription, `is_mute` take requests and never ask back.
    """

    def __init__(self, *, lease_seconds: int = LEASE_SECONDS) -> None:
        self.denies = False
        self.is_mute = False
        self.asked: list[Mapping[str, str]] = []
        self.told: list[Told] = []
        self._lease_seconds = lease_seconds
        self._subscribers: dict[tuple[str, str], Subscriber] = {}
        self._lock = threading.Lock()
        self._errands: list[threading.Thread] = []

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """Everybody who is told of something."""
        with self._lock:
            return tuple(self._subscribers.values())

    def answer(self, request: Request) -> Response:
        """Take a request to subscribe or unsubscribe; ask back in a while (§5.2, §5.3)."""
        form = dict(parse_qsl(request.body.decode()))
        if request.method != "POST" or not {"hub.mode", "hub.topic", "hub.callback"} <= form.keys():
            return Response(status=400, body=b"hub.mode, hub.topic and hub.callback are needed")
        self.asked.append(form)
        if not self.is_mute:
            self._run(self._deny if self.denies else self._verify, form)
        return Response(status=202)

    def publish(self, topic: str, content: bytes) -> None:
        """Tell every subscriber of a topic what it says now, each with its own signature (§7)."""
        for one in self.subscribers:
            if one.topic == topic:
                self._run(self._tell, one, content)

    def settle(self) -> None:
        """Wait until everybody has been asked and told."""
        while self._errands:
            self._errands.pop().join(_PATIENCE_SECONDS)

    def _run(self, errand: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=errand, args=arguments, name="hub", daemon=True)
        self._errands.append(thread)
        thread.start()

    def _verify(self, form: Mapping[str, str]) -> None:
        challenge = secrets.token_urlsafe(16)
        question = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": str(self._lease_seconds),
        }
        status, said = self._get(form, question)
        if status != http.client.OK or said != challenge.encode():
            return
        one = Subscriber(
            topic=form["hub.topic"],
            callback=form["hub.callback"],
            secret=form.get("hub.secret", ""),
        )
        with self._lock:
            if form["hub.mode"] == "subscribe":
                self._subscribers[one.topic, one.callback] = one
            else:
                self._subscribers.pop((one.topic, one.callback), None)

    def _deny(self, form: Mapping[str, str]) -> None:
        reason = "this topic is not for you"
        self._get(
            form, {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": reason}
        )

    def _get(self, form: Mapping[str, str], question: Mapping[str, str]) -> tuple[int, bytes]:
        callback = form["hub.callback"]
        mark = "&" if "?" in callback else "?"
        status, said = _exchange("GET", f"{callback}{mark}{urlencode(question)}")
        self._note(question["hub.mode"], form["hub.topic"], callback, status)
        return status, said

    def _tell(self, one: Subscriber, content: bytes) -> None:
        signature = hmac.new(one.secret.encode(), content, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/rss+xml",
            "Link": f'<{one.topic}>; rel="self"',
            "X-Hub-Signature": f"sha256={signature}",
        }
        status, _ = _exchange("POST", one.callback, content, headers)
        if status == http.client.GONE:
            with self._lock:
                self._subscribers.pop((one.topic, one.callback), None)
        self._note("news", one.topic, one.callback, status)

    def _note(self, what: str, topic: str, callback: str, status: int) -> None:
        self.told.append(Told(what=what, topic=topic, callback=callback, status=status))


def _exchange(
    method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_PATIENCE_SECONDS)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body or None, dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()
