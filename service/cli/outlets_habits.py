"""`rasad outlets habits`, `unresolved`: what an outlet writes itself, and names nobody mapped."""

from datetime import timedelta

import click

from service.cli.opening import opened
from service.cli.screen import screen, table
from service.web.views import outlet_name
from storage.habits import outlet_habits
from storage.unresolved import unresolved_credits

Window = click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True)


@click.command("habits")
@click.argument("outlet_id", metavar="OUTLET")
@Window
@click.pass_context
def habits(context: click.Context, outlet_id: str, days: int) -> None:
    """Say how much an outlet writes itself, whom it copies and how fast, and who copies it."""
    with opened(context) as house:
        outlet = house.outlet(outlet_id)
        now = house.clock()
        since = now - timedelta(days=days)
        with house.database.read() as connection:
            found = outlet_habits(connection, outlet.id, since=since, until=now)
        rows = [
            (outlet_name(house, one.outlet_id), one.articles, one.credited, _spell(one.delay))
            for one in found.suppliers
        ]
        copied = [(outlet_name(house, one), count) for one, count in found.copied_by.items()]
    console = screen()
    console.print(f"{outlet.name}: {found.articles} articles, {found.own_share:.0%} its own")
    console.print(table("copies from", ("outlet", "articles", "credited", "after"), rows))
    console.print(table("is copied by", ("outlet", "articles"), copied))


def _spell(delay: timedelta) -> str:
    minutes = int(delay.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02} min"


@click.command("unresolved")
@Window
@click.pass_context
def unresolved(context: click.Context, days: int) -> None:
    """List the names that texts credit and nobody has mapped; add them to an outlet's aliases."""
    with opened(context) as house, house.database.read() as connection:
        found = unresolved_credits(connection, since=house.clock() - timedelta(days=days))
    rows = [(one.name, one.times, one.article_id) for one in found]
    if not rows:
        screen().print(f"every name that texts of the last {days} days credit is mapped")
        return
    screen().print(table("names nobody has mapped", ("name", "times", "latest article"), rows))
