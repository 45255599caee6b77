"""Gather how an outlet is entered: its ways in, and how each stands with the hub it offers."""

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.outlets import Outlet
from storage.hubs import HubSubscription


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One way in; `hub` is None where none is offered, or none was seen yet."""

    kind: str
    url: str
    backfill_only: bool
    hub: HubSubscription | None


def ways_of(outlet: Outlet, hubs: Mapping[tuple[str, str], HubSubscription]) -> tuple[WayView, ...]:
    """Return the ways in of an outlet in the order of its file."""
    return tuple(
        WayView(
            kind=way.kind.value,
            url=way.url,
            backfill_only=way.backfill_only,
            hub=hubs.get((outlet.id, way.url)),
        )
        for way in outlet.ways_in
    )
