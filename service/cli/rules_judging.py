"""`rasad rules evaluate`, `opinions`, `judge`: hold a rule against what people said of articles."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from alerts.evaluation import Labelled, Report, evaluate_rules, load_labelled
from alerts.opinions import judged_by_readers, labelled_by_readers
from alerts.rules import Rule
from service.cli.opening import opened
from service.cli.rules_named import named_rule
from service.cli.screen import MOST_ID, screen, table, when
from service.web.rule_saving import judge

_MISS: Final = ("id", "should", "score", "headline")
#: Who speaks on the command line, where nobody signs in.
_READER: Final = "operator"


@click.command("evaluate")
@click.argument("file", metavar="[FILE]", required=False)
@click.argument("rules", nargs=-1, metavar="[TOPIC OR RULE]...")
@click.option("--misses/--no-misses", default=True, help="Show every miss.")
@click.pass_context
def evaluate(
    context: click.Context, file: str | None, rules: tuple[str, ...], *, misses: bool
) -> None:
    """Measure rules on labelled articles (JSON lines) and on what readers said of their alerts.

    Prints precision, recall and every miss. Without FILE only the readers count.
    """
    path = Path(file) if file is not None and Path(file).is_file() else None
    names = rules if path is not None or file is None else (file, *rules)
    with opened(context) as house:
        chosen = [named_rule(house, one) for one in names or tuple(house.rulebook.topics)]
        with house.database.read() as connection:
            said = labelled_by_readers(connection, chosen)
    console = screen()
    if path is not None:
        items = load_labelled(path, [rule.id for rule in chosen])
        _tell(console, "labelled articles", chosen, items, misses=misses)
    if said or path is None:
        _tell(console, "opinions of readers", chosen, said, misses=misses)


@click.command("opinions")
@click.argument("rule", metavar="TOPIC OR RULE")
@click.pass_context
def opinions(context: click.Context, rule: str) -> None:
    """List what readers said of a rule's alerts, and whether the rule of today agrees."""
    with opened(context) as house, house.database.read() as connection:
        rows = [
            (
                when(one.feedback.given_at),
                one.feedback.reader,
                one.feedback.article_id,
                "relevant" if one.feedback.is_relevant else "not relevant",
                "agrees" if one.is_right else "differs",
                one.found.archived.article.title,
            )
            for one in judged_by_readers(connection, named_rule(house, rule))
        ]
    columns = ("when", "reader", "article", "said", "the rule", "headline")
    screen().print(table(f"what readers said of {rule}", columns, rows))


@click.command("judge")
@click.argument("rule", metavar="TOPIC OR RULE")
@click.argument("article", type=click.IntRange(1, MOST_ID))
@click.option("--relevant/--not-relevant", "is_relevant", required=True)
@click.pass_context
def judge_alert(context: click.Context, rule: str, article: int, *, is_relevant: bool) -> None:
    """Say whether an article matters to a rule; it is tested with it from then on."""
    with opened(context) as house:
        judge(house, rule, article, reader=_READER, is_relevant=is_relevant)
    click.echo(f"article {article} is {'' if is_relevant else 'not '}relevant to {rule}")


def _tell(
    console: Console, title: str, rules: Sequence[Rule], items: Sequence[Labelled], *, misses: bool
) -> None:
    reports = [one for one in evaluate_rules(rules, items) if one.labelled]
    columns = ("rule", "precision", "recall", "right", "wrong", "missed")
    console.print(table(f"{len(items)} {title}", columns, map(_row, reports)))
    if misses:
        for report in reports:
            console.print(table(f"{report.rule_id}: misses", _MISS, _misses(report)))


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
