"""`rasad deliveries`: the ledger of what is owed, held, sent, failed or dead; retry by hand."""

import click

from service.cli.opening import opened
from service.cli.screen import MOST_ID, screen, table, when
from service.errors import UnknownNameError
from storage.deliveries import retry
from storage.delivery import Delivery, DeliveryState
from storage.ledger import LedgerFilter, count_by_state, list_deliveries
from storage.recipients import find_recipient


@click.command("deliveries")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]))
@click.option(
    "--story", "story_id", type=click.IntRange(1, MOST_ID), help="Only those about this story."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=30, show_default=True)
@click.option("--retry", "retried", metavar="ID", help="Owe this delivery again, with the same id.")
@click.pass_context
def command(
    context: click.Context, state: str | None, story_id: int | None, limit: int, retried: str | None
) -> None:
    """Show what is owed, held (and why), sent or failed, the newest first."""
    with opened(context) as house:
        if retried:
            with house.database.write() as connection:
                if not retry(connection, retried, now=house.clock()):
                    raise UnknownNameError(
                        f"no delivery {retried!r}; `rasad deliveries` lists them"
                    )
            click.echo(f"{retried} is owed again and leaves at the next tick")
            return
        wanted = LedgerFilter(state=DeliveryState(state) if state else None, story_id=story_id)
        with house.database.read() as connection:
            found = list_deliveries(connection, wanted, limit=limit)
            counts = count_by_state(connection)
            rows = [_row(one, find_recipient(connection, one.recipient_id)) for one in found]
    console = screen()
    console.print(table("deliveries", COLUMNS, rows))
    told = (f"{count} {_state(*key)}" for key, count in counts.items())
    console.print(
        ", ".join(told) or "the ledger is empty: nobody is subscribed, or nothing matched"
    )


COLUMNS = ("id", "when", "to", "about", "state", "tries", "receipt or error")


def _row(one: Delivery, recipient: object) -> tuple[object, ...]:
    address = getattr(recipient, "address", "?")
    state = _state(one.state, one.reason)
    said = one.receipt or one.last_error or ""
    return (one.id, when(one.changed_at), address, one.subject, state, one.attempts, said)


def _state(state: DeliveryState, reason: object) -> str:
    return f"{state.value} ({reason})" if reason else state.value
