"""The JSON shapes of an outlet's ways in and of the hubs that tell of them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from service.web.way_view import WayView
from storage.hubs import HubSubscription


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class HubShape(_Shape):
    """A WebSub hub that a way in offers, and how we stand with it; never its secret."""

    url: str
    state: str
    lease_ends_at: datetime | None
    told: int
    told_at: datetime | None
    detail: str | None


class WayShape(_Shape):
    """One way in to an outlet."""

    kind: str
    url: str
    backfill_only: bool
    hub: HubShape | None


def way_shape(one: WayView) -> WayShape:
    """Return a way in for the API."""
    return WayShape(
        kind=one.kind,
        url=one.url,
        backfill_only=one.backfill_only,
        hub=None if one.hub is None else _hub_shape(one.hub),
    )


def _hub_shape(hub: HubSubscription) -> HubShape:
    return HubShape(
        url=hub.hub,
        state=hub.state.value,
        lease_ends_at=hub.lease_ends_at,
        told=hub.told,
        told_at=hub.told_at,
        detail=hub.detail,
    )
