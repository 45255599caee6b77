"""Make one attempt at a delivery: claim it, send it, record what became of it.

A kill between the send and the record leaves the row `sending`; it is due again when its lease has
run out, and the repeat carries the same id.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import assert_never

from sqlalchemy import Connection

from alerts.content import to_json
from alerts.message import Notice
from alerts.outcome import Outcome, Refused, Sent
from alerts.retry import RetryPolicy
from alerts.sender import Channels, deliver
from alerts.settle import POLICIES, Again, Disabling, Done, GivenUp, Settlement, settle, why_disable
from alerts.webhook import place
from storage.claims import LEASE, claim
from storage.database import Database
from storage.deliveries import keep_content, owe, record_dead, record_failed, record_sent
from storage.delivery import Claimed, DeliveryKind, NewDelivery
from storage.recipients import (
    disable_recipient,
    keep_recipient,
    mark_verified,
    note_failure,
    note_success,
)
from storage.subscription import Channel, NewRecipient
from storage.subscriptions import confirm_subscription
from storage.waiting import mark_told


def utc_now() -> datetime:
    """Return the time; the default clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Makes attempts; everything it needs beside the delivery's id."""

    database: Database
    channels: Channels
    clock: Callable[[], datetime] = utc_now
    policies: Mapping[Channel, RetryPolicy] = field(default_factory=lambda: POLICIES)
    lease: timedelta = LEASE

    async def attempt(self, delivery_id: str, *, claimant: str | None = None) -> Settlement | None:
        """Attempt a delivery once; None when it was not due, not to be sent, or another's.

        `claimant` names the durable workflow that makes the attempt, so that one recovered after a
        crash takes its own claim up again at once.
        """
        claimed = await asyncio.to_thread(self._claim, delivery_id, claimant)
        if claimed is None:
            return None
        outcome = await self._deliver(claimed)
        return await asyncio.to_thread(self._settle, claimed, outcome)

    def _claim(self, delivery_id: str, claimant: str | None) -> Claimed | None:
        with self.database.write() as connection:
            return claim(connection, delivery_id, self.clock(), claimant=claimant, lease=self.lease)

    def _settle(self, claimed: Claimed, outcome: Outcome) -> Settlement:
        now = self.clock()
        settlement = settle(claimed.delivery, outcome, now=now, policies=self.policies)
        with self.database.write() as connection:
            record(connection, claimed, settlement, now=now)
            note_health(connection, claimed, outcome, now=now)
        return settlement

    async def _deliver(self, claimed: Claimed) -> Outcome:
        """Send; a surprise is recorded as a failure too, so that no row spins between workers."""
        try:
            return await deliver(claimed, self.channels, now=self.clock())
        except Exception as error:  # noqa: BLE001 - the boundary of a job, see the docstring
            return Refused(error=f"the message could not be made: {type(error).__name__}: {error}")


def record(
    connection: Connection, claimed: Claimed, settlement: Settlement, *, now: datetime
) -> None:
    """Write into the ledger what became of a claimed delivery."""
    delivery_id = claimed.delivery.id
    match settlement:
        case Done(receipt=receipt):
            record_sent(connection, delivery_id, now=now, receipt=receipt)
            if claimed.delivery.kind is DeliveryKind.DIGEST:
                mark_told(connection, delivery_id, now=now)
        case Again(error=error, next_attempt_at=again_at):
            record_failed(connection, delivery_id, now=now, error=error, next_attempt_at=again_at)
        case GivenUp(error=error):
            record_dead(connection, delivery_id, now=now, error=error)
        case _:
            assert_never(settlement)


def note_health(
    connection: Connection, claimed: Claimed, outcome: Outcome, *, now: datetime
) -> None:
    """Remember how the recipient fares; disable it, and tell its owner, when it is time."""
    recipient = claimed.recipient
    match outcome:
        case Sent():
            if recipient.permanent_failures or recipient.failing_since_at is not None:
                note_success(connection, recipient.id)
            if claimed.delivery.kind is DeliveryKind.PING:
                mark_verified(connection, recipient.id, now=now)
                confirm_subscription(connection, claimed.subscription.id, now=now)
        case Refused():
            after = note_failure(
                connection, recipient.id, now=now, permanent=outcome.permanent or outcome.gone
            )
            why = why_disable(after, outcome, now=now) if after else None
            if why and disable_recipient(connection, recipient.id, why.words, now=now):
                _tell_owner(connection, claimed, why, now)
        case _:
            assert_never(outcome)


def _tell_owner(connection: Connection, claimed: Claimed, why: Disabling, now: datetime) -> None:
    """Owe the owner of a disabled endpoint one mail about it."""
    endpoint = claimed.recipient
    if endpoint.channel is not Channel.WEBHOOK or endpoint.owner_email is None:
        return
    owner = keep_recipient(
        connection,
        NewRecipient(channel=Channel.EMAIL, address=endpoint.owner_email),
        now=now,
    )
    notice = Notice(
        endpoint=place(endpoint.address),
        cause=why.cause,
        count=why.count,
        answer=why.answer,
        since_at=endpoint.failing_since_at or now,
    )
    owe(
        connection,
        [
            NewDelivery(
                subscription_id=claimed.subscription.id,
                recipient_id=owner.id,
                channel=Channel.EMAIL,
                kind=DeliveryKind.NOTICE,
                subject=f"disabled:{now:%Y-%m-%dT%H:%M:%SZ}",
                content_id=keep_content(connection, to_json(notice), now=now),
            )
        ],
        now=now,
    )
