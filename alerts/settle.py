"""Decide what follows from an attempt: done, again at a time, or given up; and who is disabled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from alerts.outcome import Outcome, Refused, Sent
from alerts.retry import EMAIL, WEBHOOK, RetryPolicy, roll_of
from storage.delivery import Delivery
from storage.subscription import Channel, Recipient

POLICIES: Final[Mapping[Channel, RetryPolicy]] = {Channel.EMAIL: EMAIL, Channel.WEBHOOK: WEBHOOK}

#: Refusals in a row after which an address gets no more mail; one can be a full mailbox.
PERMANENT_FAILURES: Final = 3

#: Standard Webhooks 1.0: an endpoint that failed for several days is disabled.
ENDPOINT_PATIENCE: Final = timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The delivery is sent."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The delivery failed and is tried again."""

    error: str
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """The delivery is dead."""

    error: str


Settlement = Done | Again | GivenUp


def settle(
    delivery: Delivery,
    outcome: Outcome,
    *,
    now: datetime,
    policies: Mapping[Channel, RetryPolicy] = POLICIES,
) -> Settlement:
    """Decide what becomes of a claimed delivery (`attempts` counts the one just made)."""
    match outcome:
        case Sent(receipt=receipt):
            return Done(receipt=receipt)
        case Refused(error=error) if outcome.permanent or outcome.gone:
            return GivenUp(error=error)
        case Refused(error=error, retry_after=asked):
            again_at = policies[delivery.channel].next_attempt_at(
                delivery.attempts,
                now=now,
                roll=roll_of(delivery.id, delivery.attempts),
                retry_after=asked,
            )
            if again_at is None:
                return GivenUp(error=f"given up after {delivery.attempts} attempts: {error}")
            return Again(error=error, next_attempt_at=again_at)
        case _:
            assert_never(outcome)


def why_disable(recipient: Recipient, refused: Refused, *, now: datetime) -> str | None:
    """Say why a recipient, its latest failure counted, is to be disabled, or None."""
    if refused.gone:
        return f"it answered that it is gone for good ({refused.error})"
    if recipient.channel is Channel.EMAIL:
        if recipient.permanent_failures < PERMANENT_FAILURES:
            return None
        return f"it refused {recipient.permanent_failures} messages in a row ({refused.error})"
    since = recipient.failing_since_at
    if since is None or now - since < ENDPOINT_PATIENCE:
        return None
    return f"it has failed for {(now - since).days} days without a success ({refused.error})"
