"""`rasad rules try`, `compare`, `suggest`: see what a rule does before trusting it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import click

from alerts.workbench import compare, suggest_terms
from service.cli.opening import opened
from service.cli.rules_named import rule_or_query
from service.cli.screen import marked, screen, table, when
from service.web.rule_view import Sample, Trial, samples, trial

Window = click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True)


@click.command("try")
@click.argument("rule", metavar="TOPIC, RULE OR QUERY")
@Window
@click.pass_context
def try_rule(context: click.Context, rule: str, days: int) -> None:
    """Run a rule over the archive without alerting: hits, near misses, expected mails."""
    with opened(context) as house:
        found = trial(house, rule_or_query(house, rule), days=days, standing=None)
        console = screen()
        for told in _trial(found, days):
            console.print(told, markup=False)


@click.command("compare")
@click.argument("rule", metavar="TOPIC, RULE OR QUERY")
@click.argument("other", metavar="ANOTHER")
@Window
@click.pass_context
def compare_rules(context: click.Context, rule: str, other: str, days: int) -> None:
    """Say what ANOTHER would gain and lose against a rule over the archive."""
    console = screen()
    with opened(context) as house:
        old, new = rule_or_query(house, rule), rule_or_query(house, other)
        with house.database.read() as connection:
            found = compare(connection, old, new, now=house.clock(), window=timedelta(days=days))
        console.print(f"{found.kept} kept, {len(found.gained)} gained, {len(found.lost)} lost")
        console.print(_shown("gained", samples(house, found.gained)))
        console.print(_shown("lost", samples(house, found.lost)))


@click.command("suggest")
@click.argument("rule", metavar="TOPIC, RULE OR QUERY")
@Window
@click.pass_context
def suggest(context: click.Context, rule: str, days: int) -> None:
    """List words that stand in a rule's articles much more than elsewhere."""
    with opened(context) as house, house.database.read() as connection:
        found = suggest_terms(
            connection, rule_or_query(house, rule), now=house.clock(), window=timedelta(days=days)
        )
    rows = [(one.words, one.inside, one.outside, f"{one.weight:.1f}") for one in found]
    screen().print(table("words to add", ("words", "inside", "elsewhere", "weight"), rows))


def _trial(found: Trial, days: int) -> Iterator[object]:
    run = found.run
    yield f"{run.articles} articles, {run.stories} stories in {days} days"
    if run.is_partial:
        yield "the window held more than was read; these are its newest"
    weekly = ", ".join(f"{count:.1f} {rhythm.value}" for rhythm, count in run.weekly.items())
    yield f"mails a week by rhythm: {weekly}"
    if run.warning:
        yield f"careful: {run.warning}"
    yield table("by day", ("day", "articles"), run.per_day)
    yield _shown("the newest", found.newest)
    yield _shown("near misses (why: what is in the way)", found.near)
    yield table("other rules on the same articles", ("rule", "both", "share"), _overlaps(found))


def _overlaps(found: Trial) -> list[tuple[object, ...]]:
    return [(one.rule_id, one.both, f"{one.share:.0%}") for one in found.overlaps]


def _shown(title: str, found: Sequence[Sample]) -> object:
    rows = [(when(one.at), one.outlet, marked(one.title), "، ".join(one.why)) for one in found]
    return table(title, ("when", "outlet", "headline", "why"), rows)
