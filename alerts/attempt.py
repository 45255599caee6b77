"""Make attempts at deliveries: claim them, send each, record what became of them.

A kill between the send and the record leaves the row `sending`; it is due again when its lease has
run out, and the repeat carries the same id.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
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
from storage.claims import LEASE, claim_all, give_back, held_by
from storage.database import Database
from storage.deliveries import keep_content, owe, record_dead, record_failed, record_sent
from storage.delivery import Claimed, DeliveryKind, NewDelivery
from storage.ledger import due
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


@dataclass(frozen=True, slots=True)
class Attempted:
    """A claimed delivery, and what the other side said to it."""

    claimed: Claimed
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Makes attempts; everything it needs beside the delivery's id.

    `around` is entered for as long as one message is being sent.
    """

    database: Database
    channels: Channels
    clock: Callable[[], datetime] = utc_now
    policies: Mapping[Channel, RetryPolicy] = field(default_factory=lambda: POLICIES)
    lease: timedelta = LEASE
    around: Callable[[Claimed], AbstractContextManager[object]] = lambda _: nullcontext()

    async def attempt(self, delivery_id: str, *, claimant: str | None = None) -> Settlement | None:
        """Attempt one delivery once; None when it was not due, not to be sent, or another's."""
        claimed = await self.claim((delivery_id,), claimant=claimant)
        if not claimed:
            return None
        (settlement,) = await self.settle([Attempted(claimed[0], await self.deliver(claimed[0]))])
        return settlement

    async def claim(
        self, delivery_ids: Sequence[str], *, claimant: str | None = None
    ) -> tuple[Claimed, ...]:
        """Take those of the deliveries that are due, in one transaction.

        `claimant` names the durable workflow that takes them, so that one recovered after a crash
        takes its own claims up again at once.
        """
        return await asyncio.to_thread(self._claim, delivery_ids, claimant)

    async def take(
        self, lane: str, most: int, *, claimant: str | None = None
    ) -> tuple[Claimed, ...]:
        """Take at most `most` deliveries that are due in a lane; none when none is to be sent."""
        return await asyncio.to_thread(self._take, lane, most, claimant)

    async def take_up_again(self, claimant: str) -> tuple[Claimed, ...]:
        """Take what this very claimant had in hand when it was killed; nothing for a new one."""
        return await asyncio.to_thread(self._take_up_again, claimant)

    async def give_back(self, delivery_ids: Sequence[str]) -> None:
        """Owe again what was taken and never tried."""
        await asyncio.to_thread(self._give_back, delivery_ids)

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Send; a surprise is recorded as a failure too, so that no row spins between workers."""
        try:
            with self.around(claimed):
                return await deliver(claimed, self.channels, now=self.clock())
        except Exception as error:  # noqa: BLE001 - the boundary of a job, see the docstring
            return Refused(error=f"the message could not be made: {type(error).__name__}: {error}")

    async def settle(self, attempted: Sequence[Attempted]) -> tuple[Settlement, ...]:
        """Record what became of deliveries that were tried, in one transaction."""
        return await asyncio.to_thread(self._settle, attempted)

    def _claim(self, delivery_ids: Sequence[str], claimant: str | None) -> tuple[Claimed, ...]:
        with self.database.write() as connection:
            return self._claim_in(connection, delivery_ids, claimant)

    def _claim_in(
        self, connection: Connection, delivery_ids: Sequence[str], claimant: str | None
    ) -> tuple[Claimed, ...]:
        now = self.clock()
        return claim_all(connection, delivery_ids, now, claimant=claimant, lease=self.lease)

    def _take(self, lane: str, most: int, claimant: str | None) -> tuple[Claimed, ...]:
        """Claim until something is to be sent: what is held or skipped instead is due no more."""
        with self.database.write() as connection:
            while ready := due(connection, self.clock(), most, lane=lane):
                claimed = self._claim_in(connection, [one.id for one in ready], claimant)
                if claimed:
                    return claimed
        return ()

    def _take_up_again(self, claimant: str) -> tuple[Claimed, ...]:
        with self.database.write() as connection:
            return self._claim_in(connection, held_by(connection, claimant), claimant)

    def _give_back(self, delivery_ids: Sequence[str]) -> None:
        with self.database.write() as connection:
            give_back(connection, delivery_ids, now=self.clock())

    def _settle(self, attempted: Sequence[Attempted]) -> tuple[Settlement, ...]:
        now = self.clock()
        settled = tuple(
            settle(one.claimed.delivery, one.outcome, now=now, policies=self.policies)
            for one in attempted
        )
        with self.database.write() as connection:
            for one, settlement in zip(attempted, settled, strict=True):
                record(connection, one.claimed, settlement, now=now)
                note_health(connection, one.claimed, one.outcome, now=now)
        return settled


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
    if endpoint.channel is Channel.EMAIL or endpoint.owner_email is None:
        return
    owner = keep_recipient(
        connection,
        NewRecipient(channel=Channel.EMAIL, address=endpoint.owner_email),
        now=now,
    )
    notice = Notice(
        endpoint=endpoint.address if endpoint.channel is Channel.CHAT else place(endpoint.address),
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
