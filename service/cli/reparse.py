"""`rasad reparse`: read kept pages again with the profiles of today, without fetching."""

import click
from rich.progress import Progress

from service.cli.auditing import name_target
from service.cli.opening import opened
from service.cli.screen import screen
from service.house import page_store
from service.reparsing import Reparsed, reparse


@click.command("reparse")
@click.argument("outlet_ids", nargs=-1, metavar="[OUTLET]...")
@click.pass_context
def command(context: click.Context, outlet_ids: tuple[str, ...]) -> None:
    """Read the kept pages of these outlets (default: all) again; a changed text is a revision."""
    with opened(context) as house, page_store(house.settings) as store:
        console = screen()
        name_target(context, ", ".join(outlet_ids))
        outlets = [house.outlet(one) for one in outlet_ids] or list(house.outlets.values())
        for outlet in outlets:
            with Progress(
                console=console, transient=True, disable=not console.is_terminal
            ) as progress:
                task = progress.add_task(outlet.name, total=None)
                count = Reparsed()
                for count in reparse(house, store, outlet):
                    progress.update(task, completed=count.pages)
            if count.pages:
                click.echo(
                    f"{outlet.name}: {count.pages} pages, {count.new} new, {count.revised} "
                    f"revised, {count.unchanged} unchanged, {count.failed} not readable"
                )
            elif outlet_ids:
                click.echo(f"{outlet.name}: no kept pages here")
