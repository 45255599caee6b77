"""Decide what follows from an attempt: done, again at a time, or given up; and who is disabled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from alerts.message import DisableCause
from alerts.outcome import Outcome, Refused, Sent
from alerts.phrases import phrase_as
from alerts.retry import EMAIL, WEBHOOK, RetryPolicy, roll_of
from storage.delivery import Delivery
from storage.subscription import Channel, Recipient

POLICIES: Final[Mapping[Channel, RetryPolicy]] = {
    Channel.EMAIL: EMAIL,
    Channel.WEBHOOK: WEBHOOK,
    Channel.CHAT: WEBHOOK,
}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Disabling:
    """Why a recipient is to be disabled; `count` is of days or of messages, by the cause."""

    cause: DisableCause
    count: int
    answer: str

    @property
    def words(self) -> str:
        """Say it in one line, for the recipient's row."""
        why = phrase_as("cause", self.cause, "en", count=self.count)
        return f"{why} ({self.answer})"


def why_disable(recipient: Recipient, refused: Refused, *, now: datetime) -> Disabling | None:
    """Say why a recipient, its latest failure counted, is to be disabled, or None."""
    if refused.gone:
        return Disabling(cause=DisableCause.GONE, count=0, answer=refused.error)
    bounces = recipient.permanent_failures
    if recipient.channel is not Channel.WEBHOOK and bounces >= PERMANENT_FAILURES:
        return Disabling(cause=DisableCause.BOUNCING, count=bounces, answer=refused.error)
    since = recipient.failing_since_at
    if recipient.channel is Channel.EMAIL or since is None or now - since < ENDPOINT_PATIENCE:
        return None
    days = (now - since).days
    return Disabling(cause=DisableCause.FAILING, count=days, answer=refused.error)
