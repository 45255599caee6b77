"""`rasad search`: ask the archive, words marked as printed."""

import json
import sys

import click

from service.cli.opening import opened
from service.cli.screen import marked, screen, when
from service.errors import QuestionError
from service.web import views
from service.web.shapes import hit_shape
from storage.query_error import QueryError
from storage.search import Order


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
@click.option("--cursor", help="Go on where the page before stopped.")
@click.option("--best", is_flag=True, help="Best first instead of newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def command(
    context: click.Context,
    *,
    query: tuple[str, ...],
    limit: int,
    cursor: str | None,
    best: bool,
    as_json: bool,
) -> None:
    """Ask: words, "phrases", AND OR NOT, ( ), NEAR/5, title: outlet: topic: after: last: and so on.

    Each story is shown once, as its newest article that matches.
    """
    asked = " ".join(query)
    order = Order.BEST if best else Order.NEWEST
    with opened(context) as house:
        try:
            found = views.results(house, asked, cursor=cursor, order=order, limit=limit)
        except QueryError as error:
            raise QuestionError(error.caret()) from None
    if as_json:
        for one in found.results:
            sys.stdout.write(
                json.dumps(hit_shape(one).model_dump(mode="json"), ensure_ascii=False) + "\n"
            )
        return
    _show(found)


def _show(found: views.ResultsView) -> None:
    console = screen()
    for one in found.results:
        console.print(marked(one.title), style="bold", soft_wrap=True)
        console.print(marked(one.snippet), soft_wrap=True)
        told = f"  story {one.story_id} · {one.outlet} · {one.relation} · {when(one.at)}"
        console.print(
            told + "".join(f" · {topic}" for topic in one.topics), style="dim", markup=False
        )
    if not found.results:
        console.print(f"nothing in the archive for: {found.asked}", markup=False)
    if found.next_cursor:
        console.print(f"more: --cursor {found.next_cursor}", markup=False)
