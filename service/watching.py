"""Tell the watchers of outlets when one breaks, is blocked, or recovers: each once."""

from typing import Final

from sqlalchemy import Connection

from alerts.message import OutletCondition, OutletHealth
from alerts.outlet_watch import announce_outlet
from crawler.diagnosis import Health
from service.condition import why_told
from service.house import House
from storage.delivery import NewDelivery
from storage.outlet_states import OutletState

#: What watchers are told of a state; the states left out are no trouble.
TROUBLES: Final = {
    Health.BLOCKED: OutletCondition.BLOCKED,
    Health.GEO_BLOCKED: OutletCondition.BLOCKED,
    Health.CHANGED: OutletCondition.BROKEN,
    Health.CERTIFICATE: OutletCondition.BROKEN,
    Health.UNREACHABLE: OutletCondition.BROKEN,
    Health.DEAD: OutletCondition.BROKEN,
}


def tell_watchers(
    connection: Connection, house: House, before: OutletState, after: OutletState
) -> tuple[NewDelivery, ...]:
    """Write what is owed because an outlet's state changed, in the transaction that changed it."""
    was, now_is = TROUBLES.get(Health(before.health)), TROUBLES.get(Health(after.health))
    if was is now_is:
        return ()
    condition = now_is or OutletCondition.RECOVERED
    health = OutletHealth(
        outlet_id=after.outlet_id,
        outlet=house.names[after.outlet_id],
        condition=condition,
        detail=why_told(after, now=house.clock()),
        since_at=after.health_since_at if now_is else before.health_since_at,
    )
    return announce_outlet(connection, health, now=house.clock())
