"""Sign and read the tokens of links in mails: confirm, manage, unsubscribe, feedback.

A token says what it is for, which subscription, until when, and of feedback on which story; its
signature (HMAC-SHA256, 128 bits) is all that makes it valid, nothing is stored. It is short, so
that List-Unsubscribe is never folded, which would break DKIM signatures.
"""

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from alerts.errors import BadTokenError

_SIGNATURE_BYTES: Final = 16
_MINIMUM_KEY_BYTES: Final = 16


class Purpose(StrEnum):
    """What a token allows; one for one purpose is worth nothing for another."""

    CONFIRM = "c"
    MANAGE = "m"
    UNSUBSCRIBE = "u"
    FEEDBACK = "f"


#: How long a token is good. Unsubscribing must work from the oldest mail (RFC 8058 names no limit).
LIFETIMES: Final[dict[Purpose, timedelta | None]] = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.MANAGE: timedelta(days=90),
    Purpose.UNSUBSCRIBE: None,
    Purpose.FEEDBACK: timedelta(days=365),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a valid token says; `story_id` is what feedback is on."""

    purpose: Purpose
    subscription_id: str
    story_id: int | None = None


class TokenKey:
    """Signs and reads tokens with the service's secret key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _MINIMUM_KEY_BYTES:
            raise BadTokenError(
                f"the token key has {len(key)} bytes; give it at least {_MINIMUM_KEY_BYTES}"
            )
        self._key = key

    def sign(
        self,
        purpose: Purpose,
        subscription_id: str,
        *,
        now: datetime,
        story_id: int | None = None,
    ) -> str:
        """Return a token, good for the purpose's lifetime from `now`."""
        lifetime = LIFETIMES[purpose]
        until = "" if lifetime is None else f"{int((now + lifetime).timestamp()):x}"
        said = f"{purpose.value}.{subscription_id}.{until}"
        if story_id is not None:
            said += f".{story_id}"
        return f"{said}.{self._signature(said)}"

    def read(self, token: str, purpose: Purpose, *, now: datetime) -> Grant:
        """Return what a token says; BadTokenError when it is forged, for something else, or old."""
        said, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            raise BadTokenError("this link is damaged; copy the whole link from the mail")
        wanted, subscription_id, until, *rest = said.split(".")
        if wanted != purpose.value:
            raise BadTokenError("this link is for something else; use the one that fits")
        if until and datetime.fromtimestamp(int(until, 16), UTC) < now:
            raise BadTokenError("this link is too old; ask for a new mail")
        story_id = int(rest[0]) if rest else None
        return Grant(purpose=purpose, subscription_id=subscription_id, story_id=story_id)

    def code(self, subscription_id: str) -> str:
        """Return a code to type: 40 bits, the same for the same subscription."""
        said = f"code.{subscription_id}".encode()
        letters = b32encode(hmac.new(self._key, said, hashlib.sha256).digest()[:5]).decode()
        return f"{letters[:4]}-{letters[4:]}"

    def _signature(self, said: str) -> str:
        digest = hmac.new(self._key, said.encode(), hashlib.sha256).digest()[:_SIGNATURE_BYTES]
        return urlsafe_b64encode(digest).decode().rstrip("=")
