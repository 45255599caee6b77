"""`rasad rules`: list topics and rules, save a rule, silence it, try a query over the archive."""

import click

from alerts.workbench import dry_run
from service.cli.opening import opened
from service.cli.rules_judging import evaluate, judge_alert, opinions
from service.cli.rules_named import parsed
from service.cli.rules_workbench import compare_rules, suggest, try_rule
from service.cli.screen import screen, table, when
from storage.rules import enable_rule, get_rule, list_rules, save_rule, versions_of


@click.group("rules", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the shipped topics and the saved rules."""
    if context.invoked_subcommand:
        return
    with opened(context) as house:
        rows = [(one.id, one.name, "topic", one.about) for one in house.rulebook.topics.values()]
        with house.database.read() as connection:
            saved = list_rules(connection)
    rows += [(one.id, one.name, _state(one.is_enabled, one.version), one.query) for one in saved]
    screen().print(table("topics and rules", ("id", "name", "kind", "about or query"), rows))


def _state(enabled: object, version: int) -> str:
    return f"rule, version {version}" + ("" if enabled else ", silenced")


@command.command("save")
@click.argument("rule_id", metavar="ID")
@click.argument("query")
@click.option("--name", help="What subscribers read.")
@click.option("--note", default="", help="Why this version.")
@click.pass_context
def save(context: click.Context, rule_id: str, query: str, *, name: str | None, note: str) -> None:
    """Save a rule; another query than before becomes its next version and alerts nothing old."""
    with opened(context) as house:
        house.rulebook.check_id(rule_id)
        rule = parsed(house, rule_id, query)
        with house.database.write() as connection:
            saved = save_rule(
                connection, rule_id, query=query, now=house.clock(), name=name, note=note
            )
        with house.database.read() as connection:
            warning = dry_run(connection, rule, now=house.clock()).warning
    click.echo(f"{saved.id} is at version {saved.version}; it decides from the next article on")
    if warning:
        click.echo(f"careful: {warning}", err=True)


@command.command("silence")
@click.argument("rule_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Let it fire again.")
@click.pass_context
def silence(context: click.Context, rule_id: str, *, undo: bool) -> None:
    """Let a rule fire no more; its versions and matches stay."""
    with opened(context) as house, house.database.write() as connection:
        enable_rule(connection, rule_id, enabled=undo, now=house.clock())
    click.echo(f"{rule_id} {'fires again' if undo else 'is silent'}")


@command.command("versions")
@click.argument("rule_id", metavar="ID")
@click.pass_context
def versions(context: click.Context, rule_id: str) -> None:
    """Show every query a rule has had."""
    with opened(context) as house, house.database.read() as connection:
        get_rule(connection, rule_id)
        rows = [
            (one.version, when(one.saved_at), one.query, one.note)
            for one in versions_of(connection, rule_id)
        ]
    screen().print(table(rule_id, ("version", "saved", "query", "note"), rows))


for one in (try_rule, compare_rules, suggest, evaluate, opinions, judge_alert):
    command.add_command(one)
