"""`rasad audit`: who changed what on the pages, through the API and at the command line."""

import click

from service.cli.opening import opened
from service.cli.screen import screen, table, when
from storage.audit import Act, list_audit


@click.command("audit")
@click.option("--who", help="Only this user's acts, or a token's («token NAME»).")
@click.option("--act", type=click.Choice([act.value for act in Act]), help="Only such acts.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.pass_context
def command(context: click.Context, who: str | None, act: str | None, limit: int) -> None:
    """Show the audit log, the newest first."""
    asked = Act(act) if act else None
    with opened(context) as house, house.database.read() as connection:
        found = list_audit(connection, limit=limit, who=who, act=asked)
    rows = [
        (when(one.at), one.who or "?", one.source, one.act, one.target or "", one.outcome)
        for one in found
    ]
    columns = ("when", "who", "from", "act", "on", "outcome")
    screen().print(table("audit log", columns, rows))
