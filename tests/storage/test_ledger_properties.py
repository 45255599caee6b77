"""Whatever happens in whatever order, the ledger loses nothing and says nothing twice."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from storage.claims import LEASE, claim
from storage.database import Database
from storage.deliveries import hold, owe, record_dead, record_failed, record_sent, retry
from storage.delivery import Claimed, DeliveryState, Reason
from storage.ledger import due, list_deliveries
from storage.schema.deliveries import deliveries
from storage.subscription import Subscription
from tests.storage.ledger_examples import NOW, story_delivery, subscribe

STORIES = st.integers(1, 4)
PAUSES = st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), LEASE, 3 * LEASE])


class Ledger(RuleBasedStateMachine):
    """Workers that claim, fail, die and come back, beside people who retry."""

    claims = Bundle("claims")
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.owed: set[str] = set()
        self.leases: dict[str, datetime] = {}
        self.subscription: Subscription | None = None

    @initialize()
    def begin(self) -> None:
        with self.database.write() as connection:
            connection.execute(deliveries.delete())
            self.subscription = subscribe(connection)

    @rule(story=STORIES)
    def owe_again(self, story: int) -> None:
        assert self.subscription is not None
        with self.database.write() as connection:
            new = story_delivery(connection, self.subscription, story)
            written = owe(connection, [new], now=self.now)
        assert (written == (new.id,)) == (new.id not in self.owed)
        self.owed.add(new.id)

    @rule(target=claims, which=st.integers(0, 3))
    def take(self, which: int) -> Claimed | None:
        with self.database.write() as connection:
            ready = due(connection, self.now, 10)
            if not ready:
                return None
            identity = ready[which % len(ready)].id
            claimed = claim(connection, identity, self.now)
        assert claimed is not None, "what is due can be claimed"
        assert self.leases.get(identity, NOW - LEASE) <= self.now, "two hold one lease"
        self.leases[identity] = self.now + LEASE
        return claimed

    @rule(claimed=claims, pause=PAUSES)
    def fail(self, claimed: Claimed | None, pause: timedelta) -> None:
        if claimed is not None and self._holds(claimed):
            with self.database.write() as connection:
                record_failed(
                    connection,
                    claimed.delivery.id,
                    now=self.now,
                    error="451",
                    next_attempt_at=self.now + pause,
                )
            self.leases.pop(claimed.delivery.id, None)

    @rule(claimed=claims)
    def succeed(self, claimed: Claimed | None) -> None:
        if claimed is not None:
            with self.database.write() as connection:
                record_sent(connection, claimed.delivery.id, now=self.now, receipt="250")
            self.leases.pop(claimed.delivery.id, None)

    @rule(claimed=claims)
    def give_up(self, claimed: Claimed | None) -> None:
        if claimed is not None and self._holds(claimed):
            with self.database.write() as connection:
                record_dead(connection, claimed.delivery.id, now=self.now, error="550")
            self.leases.pop(claimed.delivery.id, None)

    @rule(claimed=claims, pause=PAUSES)
    def hold_back(self, claimed: Claimed | None, pause: timedelta) -> None:
        if claimed is not None and self._holds(claimed):
            with self.database.write() as connection:
                until = self.now + pause
                hold(connection, claimed.delivery.id, Reason.PAUSED, now=self.now, until=until)
            self.leases.pop(claimed.delivery.id, None)

    @rule(claimed=claims)
    def retry_by_hand(self, claimed: Claimed | None) -> None:
        if claimed is not None:
            with self.database.write() as connection:
                retry(connection, claimed.delivery.id, now=self.now)

    @rule(pause=PAUSES)
    def wait(self, pause: timedelta) -> None:
        self.now += pause

    @invariant()
    def every_message_stands_once(self) -> None:
        with self.database.read() as connection:
            count = connection.execute(select(func.count()).select_from(deliveries)).scalar_one()
            rows = list_deliveries(connection)
        assert count == len(self.owed)
        assert {row.id for row in rows} == self.owed

    @invariant()
    def what_is_open_is_due_some_day_and_what_is_closed_never(self) -> None:
        with self.database.read() as connection:
            rows = list_deliveries(connection)
        closed = {DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.SKIPPED}
        for row in rows:
            assert (row.next_attempt_at is None) == (row.state in closed), row

    def _holds(self, claimed: Claimed) -> bool:
        """Whether this worker's lease still runs: another's row is not its to settle."""
        return self.leases.get(claimed.delivery.id, NOW) > self.now


def test_no_order_of_events_loses_or_doubles_a_message(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    machine = type("OpenLedger", (Ledger,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    database.close()
