"""Sign and read the tokens of links in mails: confirm, manage, unsubscribe.

A token says what it is for, which subscription, and until when; its signature (HMAC-SHA256, 128
bits) is all that makes it valid, nothing is stored. It is short, so that List-Unsubscribe is never
folded, which would break DKIM signatures.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from alerts.errors import BadTokenError

_SIGNATURE_BYTES: Final = 16
_MINIMUM_KEY_BYTES: Final = 16
_PARTS: Final = 4


class Purpose(StrEnum):
    """What a token allows; one for one purpose is worth nothing for another."""

    CONFIRM = "c"
    MANAGE = "m"
    UNSUBSCRIBE = "u"


#: How long a token is good. Unsubscribing must work from the oldest mail (RFC 8058 names no limit).
LIFETIMES: Final[dict[Purpose, timedelta | None]] = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.MANAGE: timedelta(days=90),
    Purpose.UNSUBSCRIBE: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a valid token says."""

    purpose: Purpose
    subscription_id: str


class TokenKey:
    """Signs and reads tokens with the service's secret key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _MINIMUM_KEY_BYTES:
            raise BadTokenError(
                f"the token key has {len(key)} bytes; give it at least {_MINIMUM_KEY_BYTES}"
            )
        self._key = key

    def sign(self, purpose: Purpose, subscription_id: str, *, now: datetime) -> str:
        """Return a token, good for the purpose's lifetime from `now`."""
        lifetime = LIFETIMES[purpose]
        until = "" if lifetime is None else f"{int((now + lifetime).timestamp()):x}"
        said = f"{purpose.value}.{subscription_id}.{until}"
        return f"{said}.{self._signature(said)}"

    def read(self, token: str, purpose: Purpose, *, now: datetime) -> Grant:
        """Return what a token says; BadTokenError when it is forged, for something else, or old."""
        said, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            raise BadTokenError("this link is damaged; copy the whole link from the mail")
        parts = token.split(".")
        if len(parts) != _PARTS or parts[0] != purpose.value:
            raise BadTokenError("this link is for something else; use the one that fits")
        if parts[2] and datetime.fromtimestamp(int(parts[2], 16), UTC) < now:
            raise BadTokenError("this link is too old; ask for a new mail")
        return Grant(purpose=purpose, subscription_id=parts[1])

    def _signature(self, said: str) -> str:
        digest = hmac.new(self._key, said.encode(), hashlib.sha256).digest()[:_SIGNATURE_BYTES]
        return urlsafe_b64encode(digest).decode().rstrip("=")
