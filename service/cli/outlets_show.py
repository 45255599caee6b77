"""`rasad outlets show`: one outlet as the catalogue and the archive know it, with its ways in."""

from datetime import datetime

import click

from crawler.outlets import Outlet
from service.cli.opening import opened
from service.cli.screen import screen, table, when
from service.condition import why
from service.web import views
from service.web.way_view import WayView
from storage.outlet_states import OutletState


@click.command("show")
@click.argument("outlet_id", metavar="OUTLET")
@click.pass_context
def show(context: click.Context, outlet_id: str) -> None:
    """Show an outlet: how it fares, when it is visited, its ways in, the hubs that tell of it."""
    with opened(context) as house:
        outlet = house.outlet(outlet_id)
        (seen,) = (one for one in views.outlets(house) if one.id == outlet.id)
    console = screen()
    console.print(
        table(f"{seen.name} ({seen.id})", ("what", "is"), _facts(outlet, seen.state, house.clock()))
    )
    columns = ("way in", "address", "hub")
    console.print(table(f"{len(seen.ways)} ways in", columns, [_way(one) for one in seen.ways]))


def _facts(outlet: Outlet, state: OutletState | None, now: datetime) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("homepage", outlet.homepage),
        ("role", outlet.role.value),
        ("town", outlet.town or "–"),
        ("group", outlet.independence),
        ("profile", outlet.profile.name),
        ("access", outlet.access.value),
        ("verified", when(outlet.verified_at)),
        ("health", state.health if state else "new"),
    ]
    if state is not None:
        facts += [
            ("why", why(state, language="en", now=now) or "–"),
            ("first good visit", when(state.first_success_at)),
            ("last visit", when(state.last_visit_at)),
            ("next visit", when(state.next_visit_at)),
        ]
    return facts


def _way(one: WayView) -> tuple[object, ...]:
    kind = f"{one.kind} (past only)" if one.backfill_only else one.kind
    return kind, one.url, _hub(one)


def _hub(one: WayView) -> str:
    """Say in a few words how a way in stands with its hub; empty without one."""
    hub = one.hub
    if hub is None:
        return ""
    words = [f"{hub.state.value}: {hub.hub}"]
    if hub.lease_ends_at is not None:
        words.append(f"until {when(hub.lease_ends_at)}")
    if hub.told:
        words.append(f"told {hub.told} times, last {when(hub.told_at)}")
    return ", ".join(words) + (f"; {hub.detail}" if hub.detail else "")
