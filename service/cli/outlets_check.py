"""`rasad outlets check`: survey outlets of the catalogue anew, and say what changed."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import click

from crawler.article import Article
from crawler.entry import Entry
from crawler.identity import belongs
from crawler.outlets import Outlet
from crawler.page import Failure
from crawler.survey import SAMPLES, Survey, WayTrial, survey, try_way
from crawler.visitor import Visitor
from service.cli.opening import opened
from service.cli.outlets_add import Tried, read, show
from service.house import House, reaching


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An outlet surveyed anew, or why it could not be; and each of its own ways in, tried."""

    tried: Tried | Failure
    own: tuple[WayTrial, ...] = ()


@click.command("check")
@click.argument("outlet_ids", nargs=-1, metavar="[OUTLET]...")
@click.pass_context
def check(context: click.Context, outlet_ids: tuple[str, ...]) -> int:
    """Survey outlets of the catalogue anew and say what differs from their files.

    Named ones are shown as `rasad outlets add` shows a new one, field by field.
    """
    wrong = 0
    with opened(context) as house:
        for outlet_id in outlet_ids or tuple(house.outlets):
            outlet = house.outlet(outlet_id)
            checked = asyncio.run(_check(house, outlet))
            if outlet_ids and isinstance(checked.tried, Tried):
                show(checked.tried)
            differences = tuple(differs(outlet, checked))
            click.echo(f"{outlet.id}: {'; '.join(differences) or 'as its file says'}")
            wrong += bool(differences)
    return 1 if wrong else 0


async def _check(house: House, outlet: Outlet) -> Checked:
    known = {
        "id": outlet.id,
        "name": outlet.name,
        "name_en": outlet.name_en,
        "hosts": list(outlet.hosts),
        "allow_private": list(outlet.allow_private),
    }
    async with reaching(house) as reach:
        visitor, now = reach.visitor(outlet), house.clock()
        found = await survey(outlet.homepage, visitor, now=now, known=known)
        if isinstance(found, Failure):
            return Checked(tried=found)
        own = [await try_way(way, outlet, visitor, now) for way in outlet.ways_in]
        samples = [entry for trial in (*own, *found.trials) for entry in trial.samples]
        article = await _fullest(house, outlet, visitor, samples[:SAMPLES])
    return Checked(tried=Tried(found=found, article=article), own=tuple(own))


async def _fullest(
    house: House, outlet: Outlet, visitor: Visitor, samples: Sequence[Entry]
) -> Article | Failure | None:
    """Read articles until one has all its profile promises: a short notice may have no lead."""
    best: Article | Failure | None = None
    for entry in samples:
        article = read(house, outlet, entry, await visitor.fetch(entry.url))
        if isinstance(article, Article) and not article.missing:
            return article
        if best is None or not isinstance(best, Article):
            best = article
    return best


def differs(outlet: Outlet, checked: Checked) -> Iterator[str]:
    """Yield, in words, what is no longer as the outlet's file says."""
    if isinstance(checked.tried, Failure):
        yield checked.tried.detail
        return
    found, article = checked.tried.found, checked.tried.article
    yield from _of_site(outlet, found)
    for trial in checked.own:
        if not trial.found:
            why = trial.failure.detail if trial.failure else f"{trial.way.url} names no article"
            yield f"a way in of its file does not work: {why}"
    if isinstance(article, Failure):
        yield article.detail
    elif article is not None and article.missing:
        yield f"its profile promises {', '.join(article.missing)}; the articles tried lack it"


def _of_site(outlet: Outlet, found: Survey) -> Iterator[str]:
    if found.profile != outlet.profile.name:
        yield f"its family looks like {found.profile}, its file says {outlet.profile.name}"
    if not belongs(found.home, outlet=outlet):
        yield f"its front page has moved to {urlsplit(found.home).netloc}"
    if not any(trial.found for trial in found.trials):
        yield "no way in of its family names an article"
