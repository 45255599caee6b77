"""A webhook receiver on loopback that checks every signature by itself (Standard Webhooks 1.0)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from service.demo.http import Request, Response, http_protocol
from service.demo.journal import Journal
from service.demo.loopback import ADDRESS, Loopback

TOLERANCE: Final = timedelta(minutes=5)  # the specification's advice against replayed requests
PREFIX: Final = "whsec_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One request as it arrived; `refused` says why its signature did not hold (None: it did)."""

    webhook_id: str
    type: str
    data: Mapping[str, Any]
    payload: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    refused: str | None = None
    at: datetime


class Receiver:
    """A real HTTP endpoint for webhooks.

    `secrets` are the ones it knows, `whsec_…`; a message is accepted (204) when any of its
    signatures fits any of them, else refused (401). `answer` makes it play another status.
    `journal` is a file that remembers the events, also those of an earlier receiver.
    """

    def __init__(self, *secrets: str, port: int = 0, journal: Path | None = None) -> None:
        self._secrets = secrets
        self._port = port
        self._loopback = Loopback()
        self._journal = Journal(journal)
        self._events = [_remembered(record) for record in self._journal.read()]
        self._status: int | None = None

    def start(self) -> "Receiver":
        """Open the endpoint."""
        self._journal.mend()
        self._loopback.start()
        self._port = self._loopback.listen(http_protocol(self._receive), self._port)
        return self

    def stop(self) -> None:
        """Close the endpoint; what arrived stays readable."""
        self._loopback.stop()

    @property
    def url(self) -> str:
        """The address to send webhooks to."""
        return f"http://{ADDRESS}:{self._port}/hook"

    @property
    def events(self) -> tuple[Event, ...]:
        """Every request so far, refused ones included."""
        return tuple(self._events)

    def answer(self, status: int | None) -> None:
        """Answer every request with `status` from now on; None: by its signature again."""
        self._status = status

    def _receive(self, request: Request) -> Response:
        received_at = datetime.now(UTC)
        refused = refusal(request, self._secrets, now=received_at)
        event = _event(request, refused, received_at)
        self._journal.append({**asdict(event), "at": received_at.isoformat()})
        self._events.append(event)
        return Response(status=self._status or (401 if refused else 204))


def _remembered(record: Mapping[str, Any]) -> Event:
    return Event(**{**record, "at": datetime.fromisoformat(record["at"])})


def _event(request: Request, refused: str | None, received_at: datetime) -> Event:
    try:
        payload = json.loads(request.body)
    except ValueError:
        payload = {}
    return Event(
        webhook_id=request.headers.get("webhook-id", ""),
        type=str(payload.get("type", "")),
        data=payload.get("data", {}),
        payload=payload,
        headers=request.headers,
        refused=refused,
        at=received_at,
    )


def refusal(request: Request, secrets: tuple[str, ...], *, now: datetime) -> str | None:
    """Say why a webhook is not to be trusted; None when it is."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    if missing := [name for name in names if name not in request.headers]:
        return f"no header {missing[0]}"
    webhook_id, timestamp, signatures = (request.headers[name] for name in names)
    if not timestamp.isdecimal():
        return f"webhook-timestamp is not a number: {timestamp}"
    if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > TOLERANCE:
        return f"webhook-timestamp is more than {TOLERANCE} from now: {timestamp}"
    signed = f"{webhook_id}.{timestamp}.".encode() + request.body
    expected = {signature(secret, signed) for secret in secrets}
    offered = signatures.split(" ")
    if any(hmac.compare_digest(one, other) for one in offered for other in expected):
        return None
    return "no signature fits"


def signature(secret: str, signed: bytes) -> str:
    """Sign `id.timestamp.body` with one secret: «v1,» and the base64 of HMAC-SHA256."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
