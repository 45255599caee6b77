"""`rasad outlets`: the catalogue with each outlet's health, and a check of the outlets' files."""

import json
import sys
from datetime import datetime

import click

from service.cli.opening import opened, settings_of
from service.cli.outlets_add import add
from service.cli.outlets_check import check
from service.cli.outlets_habits import habits, unresolved
from service.cli.outlets_show import show
from service.cli.screen import screen, table, when
from service.condition import why
from service.house import catalogue
from service.web import views
from service.web.shapes import outlet_shape
from service.web.way_view import WayView
from storage.hubs import HubState


@click.group("outlets", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """List the outlets and how they fare."""
    if context.invoked_subcommand:
        return
    with opened(context) as house:
        found, now = views.outlets(house), house.clock()
    if as_json:
        for one in found:
            shape = outlet_shape(one, now=now).model_dump(mode="json")
            sys.stdout.write(json.dumps(shape, ensure_ascii=False) + "\n")
        return
    columns = ("id", "name", "role", "town", "ways in", "health", "last visit", "why")
    screen().print(table(f"{len(found)} outlets", columns, [_row(one, now) for one in found]))


def _row(one: views.OutletView, now: datetime) -> tuple[object, ...]:
    state = one.state
    return (
        one.id,
        one.name,
        one.role,
        one.town or "",
        ", ".join(dict.fromkeys(way for each in one.ways for way in _ways(each))),
        state.health if state else "new",
        when(state.last_visit_at) if state else "–",
        why(state, language="en", now=now) if state else "",
    )


def _ways(one: WayView) -> list[str]:
    """Name a way in, and its hub while that tells of news."""
    tells = one.hub is not None and one.hub.state is HubState.ACTIVE
    return [one.kind, *(["hub"] if tells else [])]


@command.command("validate")
@click.pass_context
def validate(context: click.Context) -> None:
    """Read every outlet's file and say what is wrong, without touching the network."""
    found = catalogue(settings_of(context))
    click.echo(f"{len(found)} outlets, every file is right")


command.add_command(add)
command.add_command(check)
command.add_command(habits)
command.add_command(show)
command.add_command(unresolved)
