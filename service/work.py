"""What the engine runs: one visit of one outlet, one round through what one lane is owed.

The boundary of a job: a surprise is written down as the outlet's failure and told in the log, so
that no outlet falls silent because of a fault of ours.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Final, assert_never

import structlog

from alerts.attempt import Postman
from alerts.rounds import Round, Turn
from alerts.settle import Again, Done, GivenUp, Settlement
from crawler.outlets import Outlet
from service import pipeline
from service.engine import Report
from service.house import House, Reach
from service.reports import DeliveryReport, VisitReport
from storage.delivery import MAIL_LANE, Claimed
from storage.errors import StorageError
from storage.outlet_states import visit_at

#: An outlet whose visit failed by a fault of ours is visited again after this.
AFTER_A_FAULT: Final = timedelta(minutes=10)

#: Pauses in seconds before a visit begins again when nothing can be kept, ten minutes in all.
AWAY: Final = (1, 2, 4, 8, 15, 30, 60, 120, 180, 180)

#: Mails claimed in one transaction.
MAILS_AHEAD: Final = 64

Listener = Callable[[VisitReport | DeliveryReport], None]
log: Final = structlog.get_logger("rasad")


class Work:
    """The jobs of one process; `listen` is told of every visit and attempt as it ends."""

    def __init__(self, house: House, reach: Reach, listen: Listener) -> None:
        self._house = house
        self._reach = reach
        self._listen = listen
        self._stops = False
        self._postman = Postman(
            database=house.database,
            channels=reach.channels,
            clock=house.clock,
            around=self._marked,
        )

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
        # the host's turn ends with its pause: the next one may be another worker's
        await self._reach.pacing.rest({outlet.host, *outlet.hosts})
        return report.as_dict()

    async def _visit(self, outlet: Outlet, slot: str) -> VisitReport:
        """Visit; while nothing can be kept wait and begin again, for a visit can be repeated."""
        for pause in AWAY:
            try:
                return await pipeline.visit(self._house, self._reach, outlet, visit_id=slot)
            except StorageError as error:
                if error.permanent:
                    raise
                log.warning("nothing can be kept", visit=slot, why=str(error), again_in_s=pause)
                await asyncio.sleep(pause)
        return await pipeline.visit(self._house, self._reach, outlet, visit_id=slot)

    def _after_a_fault(self, outlet_id: str, error: Exception) -> VisitReport:
        with self._house.database.write() as connection:
            visit_at(connection, outlet_id, self._house.clock() + AFTER_A_FAULT)
        name = self._house.outlet(outlet_id).name
        fault = f"a fault of ours: {type(error).__name__}: {error}"
        return VisitReport(outlet_id=outlet_id, name=name, failure=fault)

    async def deliver(self, lane: str, turn: str) -> Report:
        """Go one round through a lane; what another worker has in hand is left to it."""
        round_ = Round(
            self._postman, self._turn(lane, turn), listen=self._tell, is_stopping=self._is_stopping
        )
        try:
            return {"lane": lane, **await round_.go()}
        except Exception:
            log.exception("a round of deliveries failed and is repeated", lane=lane, turn=turn)
            return {"lane": lane, "failure": "a fault of ours"}

    def stop(self) -> None:
        """Take nothing more to send; what is on its way is sent and written down."""
        self._stops = True

    def _is_stopping(self) -> bool:
        return self._stops

    def _turn(self, lane: str, name: str) -> Turn:
        if lane != MAIL_LANE:
            return Turn(lane=lane, name=name)
        smtp = self._house.settings.smtp
        # no more in hand than leaves within ten seconds: a lease must not run out meanwhile
        ahead = min(MAILS_AHEAD, max(1, smtp.messages_per_minute // 6))
        return Turn(lane=lane, name=name, at_once=smtp.connections, ahead=ahead)

    def _marked(self, claimed: Claimed) -> AbstractContextManager[object]:
        one = claimed.delivery
        return self._house.spans.span("delivery", delivery=one.id, channel=one.channel.value)

    def _tell(self, claimed: Claimed, settlement: Settlement) -> None:
        state, detail = _words(settlement)
        self._listen(
            DeliveryReport(
                delivery_id=claimed.delivery.id,
                channel=claimed.delivery.channel.value,
                address=claimed.recipient.address,
                subject=claimed.delivery.subject,
                state=state,
                detail=detail,
            )
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
