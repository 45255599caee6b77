"""`rasad subscribe`: subscribe a person or an endpoint; list, pause and end subscriptions."""

from dataclasses import replace
from typing import Final

import click

from alerts import subscribing
from alerts.subscriptions import (
    checked,
    parse_minute,
    parse_quiet,
    parse_rhythm,
)
from service.cli.auditing import name_target
from service.cli.opening import opened
from service.cli.screen import screen, table
from service.errors import UnknownNameError
from storage.subscription import Channel, Preferences, Subscription
from storage.subscriptions import find_subscription, list_subscriptions

_ASKED: Final = {
    Channel.EMAIL: "a mail with a link",
    Channel.WEBHOOK: "a signed ping",
    Channel.CHAT: "a message with a code",
}
_ANSWER: Final = {
    Channel.EMAIL: "the link starts the subscription",
    Channel.WEBHOOK: "the answer starts the subscription",
    Channel.CHAT: "`rasad subscribe confirm ID CODE` starts the subscription",
}


@click.group("subscribe", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List who is subscribed to what; `add` subscribes, `end` unsubscribes."""
    if context.invoked_subcommand:
        return
    with opened(context) as house, house.database.read() as connection:
        found = list_subscriptions(connection)
    columns = ("id", "to", "follows", "rhythm", "state")
    screen().print(table(f"{len(found)} subscriptions", columns, [_row(one) for one in found]))


def _row(one: Subscription) -> tuple[object, ...]:
    state = one.state.value
    if one.recipient.disabled_at is not None:
        state = f"disabled: {one.recipient.disabled_reason}"
    wanted = one.preferences
    return (one.id, one.recipient.address, ", ".join(wanted.rule_ids), wanted.rhythm.value, state)


@command.command("add")
@click.argument("address", metavar="EMAIL-OR-URL-OR-CHAT")
@click.argument("rules", nargs=-1, metavar="TOPIC-OR-RULE...")
@click.option("--rhythm", default="at_once", show_default=True, help="at_once hourly daily weekly")
@click.option("--quiet", default="", help="Quiet hours in Tehran, such as 22:00-07:00.")
@click.option("--bulletin-at", default="07:00", show_default=True, help="When digests leave.")
@click.option("--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True)
@click.option("--cap", type=int, help="At most so many alerts an hour; the rest waits.")
@click.option("--minimum-score", type=float, default=0.0, help="Leave weaker matches out.")
@click.option("--only-outlet", multiple=True, help="Only this outlet; may be repeated.")
@click.option("--no-outlet", multiple=True, help="Not this outlet; may be repeated.")
@click.option("--watch-outlets", is_flag=True, help="Tell when an outlet breaks or recovers.")
@click.option("--owner", help="The email of a webhook's owner, told when it is disabled.")
@click.option("--vouched", is_flag=True, help="You answer for the address: nothing is asked.")
@click.pass_context
def add(  # noqa: PLR0917 - one parameter an option
    context: click.Context,
    address: str,
    rules: tuple[str, ...],
    rhythm: str,
    quiet: str,
    bulletin_at: str,
    language: str,
    cap: int | None,
    minimum_score: float,
    only_outlet: tuple[str, ...],
    no_outlet: tuple[str, ...],
    watch_outlets: bool,
    owner: str | None,
    vouched: bool,
) -> None:
    """Subscribe an address; a mail asks with a link, a chat with a code, an endpoint by a ping."""
    with opened(context) as house:
        house.rulebook.require(rules)
        preferences = checked(
            Preferences(
                rule_ids=rules,
                rhythm=parse_rhythm(rhythm),
                language=language,
                minimum_score=minimum_score,
                cap_per_hour=cap,
                quiet=parse_quiet(quiet),
                bulletin_minute=parse_minute(bulletin_at, "bulletin time"),
                outlets_included=frozenset(only_outlet),
                outlets_excluded=frozenset(no_outlet),
                watches_outlets=watch_outlets,
            ),
            rules=house.rulebook.names,
            outlets=house.outlets,
        )
        wish = subscribing.read_wish(
            address,
            preferences,
            owner=owner,
            rule_names=house.rulebook.names,
            reachable=house.reachable,
        )
        with house.database.write() as connection:
            asked_for = replace(wish, is_vouched_for=vouched)
            made = subscribing.subscribe(connection, asked_for, now=house.clock())
        name_target(context, made.subscription.id)
    click.echo(f"{made.subscription.id}: {made.subscription.state.value}")
    if made.secret:
        click.echo(f"the signing secret, shown only now: {made.secret}")
    if made.question:
        click.echo(
            f"{_ASKED[wish.channel]} leaves at the daemon's next tick; {_ANSWER[wish.channel]}"
        )


@command.command("confirm")
@click.argument("subscription_id", metavar="ID")
@click.argument("code")
@click.pass_context
def confirm(context: click.Context, subscription_id: str, code: str) -> None:
    """Start a chat's subscription by the code that was told in the chat."""
    with opened(context) as house, house.database.write() as connection:
        standing = find_subscription(connection, subscription_id)
        if standing is None:
            raise UnknownNameError(f"no subscription {subscription_id!r}; see `rasad subscribe`")
        subscribing.confirm_by_code(connection, standing, code, house.links, now=house.clock())
    click.echo(f"{subscription_id}: active")


@command.command("end")
@click.argument("subscription_id", metavar="ID")
@click.pass_context
def end(context: click.Context, subscription_id: str) -> None:
    """End a subscription; what it was still owed is skipped."""
    with opened(context) as house, house.database.write() as connection:
        ended = subscribing.unsubscribe(connection, subscription_id, now=house.clock())
    if not ended:
        raise UnknownNameError(f"no open subscription {subscription_id!r}; see `rasad subscribe`")
    click.echo(f"{subscription_id} has ended")
