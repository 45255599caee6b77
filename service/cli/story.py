"""`rasad story`: a story's original and copies, who credits whom, why it alerted."""

import click

from service.cli.opening import opened
from service.cli.screen import MOST_ID, screen, table, when
from service.web import views
from service.web.views import Teller


@click.command("story")
@click.argument("story_id", type=click.IntRange(1, MOST_ID))
@click.option("--text", "with_text", is_flag=True, help="The original's text too.")
@click.pass_context
def command(context: click.Context, story_id: int, *, with_text: bool) -> None:
    """Show who had a story first, who copied it and how much of it, and which topics fired."""
    with opened(context) as house:
        view = views.story(house, story_id)
    console = screen()
    console.print(view.original.article.title, style="bold", markup=False)
    if view.origin:
        console.print(f"press release of {view.origin}", markup=False)
    columns = ("outlet", "what", "kept", "when", "credits", "address")
    console.print(table(f"story {view.id}", columns, [_row(one) for one in view.tellers]))
    for match in view.topics:
        words = "، ".join(match.verdict["words"])
        console.print(f"{match.rule_id} ({match.score:g}): {words}", markup=False)
    for event in view.events:
        console.print(f"{when(event.happened_at)}: {event.why}", markup=False)
    if with_text:
        console.print(view.original.article.text, markup=False, soft_wrap=True)


def _row(one: Teller) -> tuple[object, ...]:
    credits_ = "، ".join(
        f"{credit.kind.value}: {credit.name}{' (its own name)' if credit.is_own else ''}"
        for credit in one.credits
    )
    kept = "" if one.kept is None or one.is_original else f"{one.kept}%"
    return (one.outlet, one.relation, kept, when(one.at), credits_, one.article.url)
