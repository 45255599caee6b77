"""When to try again: the back-off of each channel as a value."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how long a channel tries.

    `delays[n]` is the pause after attempt `n + 1` has failed; after the last one the delivery is
    dead. Every pause is spread by ± `jitter` of itself, so that a relay that comes back is not
    met by everybody at once.
    """

    delays: tuple[timedelta, ...]
    jitter: float = 0.1

    @property
    def attempts(self) -> int:
        """How many attempts there are in all."""
        return len(self.delays) + 1

    def next_attempt_at(
        self,
        attempt: int,
        *,
        now: datetime,
        roll: float,
        retry_after: timedelta | None = None,
    ) -> datetime | None:
        """Say when to try again after the failed attempt number `attempt` (1 and up), or None.

        `roll` in [0, 1) places the pause inside its jitter. What the other side asked for by
        Retry-After is never undercut.
        """
        if attempt > len(self.delays):
            return None
        spread = 1 + self.jitter * (2 * roll - 1)
        pause = self.delays[max(attempt, 1) - 1] * spread
        return now + (pause if retry_after is None else max(pause, retry_after))


#: The schedule of Standard Webhooks 1.0, ten attempts within about three days and three hours.
WEBHOOK: Final = RetryPolicy(
    delays=(
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    )
)

#: A greylisting relay takes the second attempt after 5 to 15 minutes (RFC 6647 §4.2); one that is
#: down is given about four days, as RFC 5321 §4.5.4.1 asks.
EMAIL: Final = RetryPolicy(
    delays=(
        timedelta(minutes=1),
        timedelta(minutes=6),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=4),
        timedelta(hours=8),
        timedelta(hours=16),
        timedelta(hours=24),
        timedelta(hours=36),
    )
)


def roll_of(delivery_id: str, attempt: int) -> float:
    """Draw a number in [0, 1) from a delivery and an attempt, the same one every time."""
    digest = hashlib.sha256(f"{delivery_id}#{attempt}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56
