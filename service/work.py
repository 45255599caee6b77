"""What the engine runs: one visit of one outlet, one attempt at one delivery.

The boundary of a job: a surprise is written down as the outlet's failure and told in the log, so
that no outlet falls silent because of a fault of ours.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final, assert_never

import structlog

from alerts.attempt import Postman
from alerts.settle import Again, Done, GivenUp, Settlement
from crawler.outlets import Outlet
from service import pipeline
from service.engine import Report
from service.house import House, Reach
from service.reports import DeliveryReport, VisitReport
from storage.errors import BusyError, UnreachableError
from storage.ledger import find_delivery
from storage.outlet_states import visit_at
from storage.recipients import find_recipient

#: An outlet whose visit failed by a fault of ours is visited again after this.
AFTER_A_FAULT: Final = timedelta(minutes=10)

#: Pauses in seconds before a visit begins again when the archive was away, ten minutes in all.
AWAY: Final = (1, 2, 4, 8, 15, 30, 60, 120, 180, 180)

Listener = Callable[[VisitReport | DeliveryReport], None]
log: Final = structlog.get_logger("rasad")


class Work:
    """The jobs of one process; `listen` is told of every visit and attempt as it ends."""

    def __init__(self, house: House, reach: Reach, listen: Listener) -> None:
        self._house = house
        self._reach = reach
        self._listen = listen
        self._postman = Postman(database=house.database, channels=reach.channels, clock=house.clock)

    async def visit(self, outlet_id: str, slot: str) -> Report:
        """Give one outlet its turn; `slot` names the visit."""
        outlet = self._house.outlets.get(outlet_id)
        if outlet is None:
            return {"outlet_id": outlet_id, "failure": "left the catalogue"}
        try:
            report = await self._visit(outlet, slot)
        except Exception as error:
            log.exception("visit failed", outlet=outlet_id, visit=slot)
            report = await asyncio.to_thread(self._after_a_fault, outlet_id, error)
        self._listen(report)
        return report.as_dict()

    async def _visit(self, outlet: Outlet, slot: str) -> VisitReport:
        """Visit; while the archive is away wait and begin again, for a visit can be repeated."""
        for pause in AWAY:
            try:
                return await pipeline.visit(self._house, self._reach, outlet, visit_id=slot)
            except (UnreachableError, BusyError) as error:
                log.warning("the archive is away", visit=slot, why=str(error), again_in_s=pause)
                await asyncio.sleep(pause)
        return await pipeline.visit(self._house, self._reach, outlet, visit_id=slot)

    def _after_a_fault(self, outlet_id: str, error: Exception) -> VisitReport:
        with self._house.database.write() as connection:
            visit_at(connection, outlet_id, self._house.clock() + AFTER_A_FAULT)
        name = self._house.outlet(outlet_id).name
        fault = f"a fault of ours: {type(error).__name__}: {error}"
        return VisitReport(outlet_id=outlet_id, name=name, failure=fault)

    async def deliver(self, delivery_id: str, turn: str) -> Report:
        """Make one attempt; another worker's or a needless one changes nothing."""
        settlement = await self._postman.attempt(delivery_id, claimant=turn)
        if settlement is None:
            return {"delivery_id": delivery_id, "state": "nothing to do"}
        report = await asyncio.to_thread(self._told, delivery_id, settlement)
        self._listen(report)
        return report.as_dict()

    def _told(self, delivery_id: str, settlement: Settlement) -> DeliveryReport:
        state, detail = _words(settlement)
        with self._house.database.read() as connection:
            delivery = find_delivery(connection, delivery_id)
            recipient = delivery and find_recipient(connection, delivery.recipient_id)
        return DeliveryReport(
            delivery_id=delivery_id,
            channel=delivery.channel.value if delivery else "",
            address=recipient.address if recipient else "",
            subject=delivery.subject if delivery else "",
            state=state,
            detail=detail,
        )


def _words(settlement: Settlement) -> tuple[str, str]:
    match settlement:
        case Done(receipt=receipt):
            return "sent", receipt
        case Again(error=error, next_attempt_at=again_at):
            return "failed", f"{error}; again at {again_at:%Y-%m-%d %H:%M:%S}Z"
        case GivenUp(error=error):
            return "dead", error
        case _:
            assert_never(settlement)
