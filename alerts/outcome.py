"""What became of one attempt to send: Sent with its receipt, or Refused with the reason."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The other side took the message; `receipt` is what it said (SMTP response, HTTP status)."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The message was not taken.

    `permanent` means that trying again cannot help and that the recipient is at fault (a bounce).
    `retry_after` is what the other side asked for. `gone` means that it wants nothing ever again.
    """

    error: str
    permanent: bool = False
    retry_after: timedelta | None = None
    gone: bool = False


Outcome = Sent | Refused
