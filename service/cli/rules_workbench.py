"""`rasad rules try`, `compare`, `suggest`, `evaluate`: see what a rule does before trusting it."""

from datetime import timedelta
from pathlib import Path

import click

from alerts.evaluation import Report, evaluate_rules, load_labelled
from alerts.rules import Rule, parse_rule
from alerts.workbench import Shown, compare, dry_run, suggest_terms
from service.cli.opening import opened
from service.cli.screen import screen, table, when
from service.errors import QuestionError
from service.house import House
from service.web.views import outlet_name
from storage.query_error import QueryError
from storage.rules import find_rule

Window = click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True)


@click.command("try")
@click.argument("rule", metavar="TOPIC, RULE OR QUERY")
@Window
@click.pass_context
def try_rule(context: click.Context, rule: str, days: int) -> None:
    """Run a rule over the archive without alerting: hits, near misses, expected mails."""
    console = screen()
    with opened(context) as house:
        wanted = _rule(house, rule)
        with house.database.read() as connection:
            found = dry_run(connection, wanted, now=house.clock(), window=timedelta(days=days))
        console.print(f"{found.articles} articles, {found.stories} stories in {days} days")
        weekly = ", ".join(f"{count:.1f} {rhythm.value}" for rhythm, count in found.weekly.items())
        console.print(f"mails a week by rhythm: {weekly}", markup=False)
        if found.warning:
            console.print(f"careful: {found.warning}", markup=False)
        console.print(table("by day", ("day", "stories"), found.per_day))
        console.print(_hits(house, "the newest", found.newest))
        near = [(miss.found.archived.article.title, miss.lacks) for miss in found.near_misses]
        console.print(table("near misses", ("headline", "what is in the way"), near))


@click.command("compare")
@click.argument("rule", metavar="TOPIC, RULE OR QUERY")
@click.argument("other", metavar="ANOTHER")
@Window
@click.pass_context
def compare_rules(context: click.Context, rule: str, other: str, days: int) -> None:
    """Say what ANOTHER would gain and lose against a rule over the archive."""
    console = screen()
    with opened(context) as house:
        old, new = _rule(house, rule), _rule(house, other)
        with house.database.read() as connection:
            found = compare(connection, old, new, now=house.clock(), window=timedelta(days=days))
        console.print(f"{found.kept} kept, {len(found.gained)} gained, {len(found.lost)} lost")
        console.print(_hits(house, "gained", found.gained))
        console.print(_hits(house, "lost", found.lost))


@click.command("suggest")
@click.argument("rule", metavar="TOPIC, RULE OR QUERY")
@Window
@click.pass_context
def suggest(context: click.Context, rule: str, days: int) -> None:
    """List words that stand in a rule's articles much more than elsewhere."""
    with opened(context) as house, house.database.read() as connection:
        found = suggest_terms(
            connection, _rule(house, rule), now=house.clock(), window=timedelta(days=days)
        )
    rows = [(one.words, one.inside, one.outside, f"{one.weight:.1f}") for one in found]
    screen().print(table("words to add", ("words", "inside", "elsewhere", "weight"), rows))


@click.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("rules", nargs=-1, metavar="[TOPIC]...")
@click.option("--misses/--no-misses", default=True, help="Show every miss.")
@click.pass_context
def evaluate(context: click.Context, file: Path, rules: tuple[str, ...], *, misses: bool) -> None:
    """Measure topics on labelled articles (JSON lines): precision, recall, and every miss."""
    console = screen()
    with opened(context) as house:
        chosen = [_rule(house, one) for one in rules or tuple(house.rulebook.topics)]
    items = load_labelled(file, [rule.id for rule in chosen])
    reports = [one for one in evaluate_rules(chosen, items) if _is_labelled(one)]
    columns = ("topic", "precision", "recall", "right", "wrong", "missed")
    console.print(table(f"{len(items)} labelled articles", columns, map(_row, reports)))
    if misses:
        for report in reports:
            console.print(table(f"{report.rule_id}: misses", MISS, _misses(report)))


MISS = ("id", "should", "score", "headline")


def _is_labelled(report: Report) -> bool:
    return report.true_positives + report.false_negatives > 0


def _row(one: Report) -> tuple[object, ...]:
    rates = (f"{one.precision:.3f}", f"{one.recall:.3f}")
    return (one.rule_id, *rates, one.true_positives, one.false_positives, one.false_negatives)


def _misses(report: Report) -> list[tuple[object, ...]]:
    return [
        (
            miss.item.id,
            "fire" if miss.expected else "be silent",
            f"{miss.verdict.score:g}" if miss.verdict else "0",
            miss.item.document.title,
        )
        for miss in report.misses
    ]


def _hits(house: House, title: str, shown: tuple[Shown, ...]) -> object:
    rows = [
        (
            when(one.found.archived.sort_at),
            outlet_name(house, one.found.archived.article.outlet_id),
            one.found.archived.article.title,
            "، ".join(one.match.words),
        )
        for one in shown
    ]
    return table(title, ("when", "outlet", "headline", "words"), rows)


def _rule(house: House, text: str) -> Rule:
    """Return the topic or saved rule of this id, else take the text for a query."""
    topic = house.rulebook.topics.get(text)
    if topic is not None:
        return topic.rule
    now = house.clock()
    with house.database.read() as connection:
        saved = find_rule(connection, text)
    query = saved.query if saved else text
    try:
        return parse_rule(saved.id if saved else "query", query, now=now)
    except QueryError as error:
        raise QuestionError(error.caret()) from None
