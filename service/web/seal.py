"""Sign what browsers carry for us: the token of a form, the session of a person."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Final

_KEY_NAME: Final = b"rasad web seal 1"


class Seal:
    """Signs short texts; a signature for one use is worth nothing for another."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.new(key, _KEY_NAME, hashlib.sha256).digest()

    def sign(self, use: str, said: str) -> str:
        """Return the signature of a text for a use."""
        digest = hmac.new(self._key, f"{use}\0{said}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def holds(self, use: str, said: str, signature: str) -> bool:
        """Tell whether a signature is ours, in constant time."""
        return hmac.compare_digest(self.sign(use, said).encode(), signature.encode())
