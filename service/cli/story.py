"""`rasad story`: a story's original and copies, credits, why it alerted; rulings by hand."""

import getpass
from collections.abc import Sequence
from typing import assert_never
from urllib.parse import unquote

import click

from service.cli.opening import opened
from service.cli.screen import MOST_ID, screen, table, when
from service.errors import SettingsError
from service.house import House
from service.web import views
from service.web.ruling import Ruling
from service.web.views import Teller
from storage.storyline import Happening, StoryEvent

Number = click.IntRange(1, MOST_ID)


@click.command("story")
@click.argument("story_id", type=Number)
@click.option("--text", "with_text", is_flag=True, help="The original's text too.")
@click.option("--merge-into", type=Number, metavar="STORY", help="It is one with that story.")
@click.option("--split", type=Number, multiple=True, metavar="ARTICLE", help="Not of this story.")
@click.option("--root", type=Number, metavar="ARTICLE", help="This article is the original.")
@click.option("--why", default="", help="Why you rule so; kept with your name.")
@click.pass_context
def command(
    context: click.Context,
    *,
    story_id: int,
    with_text: bool,
    merge_into: int | None,
    split: tuple[int, ...],
    root: int | None,
    why: str,
) -> None:
    """Show who had a story first, who copied it and how much of it, and which topics fired.

    A ruling (merge, split, root) is remembered and never undone by the machine.
    """
    asked = [merge_into is not None, bool(split), root is not None]
    if sum(asked) > 1:
        raise SettingsError("give one of --merge-into, --split and --root at a time")
    with opened(context) as house:
        shown = _ruled(house, story_id, merge_into, split, root, why) if any(asked) else story_id
        view = views.story(house, shown)
    _show(view, with_text=with_text)


def _ruled(  # noqa: PLR0917 - the options of the command
    house: House,
    story_id: int,
    merge_into: int | None,
    split: tuple[int, ...],
    root: int | None,
    why: str,
) -> int:
    """Carry out a ruling; return the story to show."""
    ruling, by_whom = Ruling(house), getpass.getuser()
    why = why or "by hand at the command line"
    if merge_into is not None:
        return ruling.merge(story_id, merge_into, by_whom=by_whom, why=why)
    if split:
        return ruling.split(story_id, split, by_whom=by_whom, why=why)
    if root is not None:
        ruling.root(story_id, root, by_whom=by_whom, why=why)
    return story_id


def _show(view: views.StoryView, *, with_text: bool) -> None:
    console = screen()
    console.print(view.original.article.title, style="bold", markup=False)
    if view.origin:
        console.print(f"press release of {view.origin}", markup=False)
    columns = ("article", "outlet", "what", "kept", "when", "credits", "address")
    console.print(table(f"story {view.id}", columns, [_row(one) for one in view.tellers]))
    for match in view.topics:
        words = "، ".join(match.verdict["words"])
        console.print(f"{match.rule_id} ({match.score:g}): {words}", markup=False)
    for event in view.events:
        console.print(_told(event, view.tellers), markup=False)
    if with_text:
        console.print(view.original.article.text, markup=False, soft_wrap=True)


def _told(event: StoryEvent, tellers: Sequence[Teller]) -> str:
    """Say what happened to a story, why, and by whom if by a person."""
    names = {one.article_id: f"{one.article_id} ({one.outlet})" for one in tellers}
    before, after = (names.get(one or 0, one) for one in (event.before, event.after))
    match event.kind:
        case Happening.REROOTED:
            what = f"article {after} became the original instead of {before}"
        case Happening.MERGED:
            what = f"story {event.before} became part of story {event.after}"
        case Happening.SPLIT:
            what = f"articles left story {event.before} for story {event.after}"
        case Happening.MOVED:
            what = f"article {event.article_id} came from story {event.before}"
        case _:
            assert_never(event.kind)
    by = f", by {event.by_whom}" if event.by_whom else ""
    return f"{when(event.happened_at)}: {what}: {event.why}{by}"


def _row(one: Teller) -> tuple[object, ...]:
    credits_ = "، ".join(
        f"{credit.kind.value}: {credit.name}{' (its own name)' if credit.is_own else ''}"
        for credit in one.credits
    )
    kept = "" if one.kept is None or one.is_original else f"{one.kept}%"
    at = when(one.at)
    return (one.article_id, one.outlet, one.relation, kept, at, credits_, unquote(one.article.url))
