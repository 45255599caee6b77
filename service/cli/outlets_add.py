"""`rasad outlets add`: survey a site, try an article, show its fields, write its file."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from crawler.article import Article
from crawler.entry import Entry
from crawler.extract import extract
from crawler.outletfile import outlet_toml
from crawler.outlets import Outlet, outlet_from
from crawler.page import Failure, Fetched, Page
from crawler.survey import Survey, survey
from persian.calendar import JalaliStyle, format_jalali
from service.cli.auditing import fail, name_target
from service.cli.opening import opened
from service.cli.screen import screen, table
from service.errors import FolderError
from service.house import House, reaching

FIELDS = ("kicker", "title", "lead", "body", "published", "byline", "section", "tags", "image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A survey, and the article it was tried with: what was extracted, or why nothing was."""

    found: Survey
    article: Article | Failure | None


@click.command("add")
@click.argument("url")
@click.option("--id", "outlet_id", help="The outlet's id (default: from its host).")
@click.option("--name", help="Its Persian name (default: what the site calls itself).")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path("outlets"))
@click.option(
    "--allow-private",
    multiple=True,
    metavar="NETWORK",
    help="A private address the site may stand at, such as 10.0.0.5/32.",
)
@click.option("--dry-run", is_flag=True, help="Show everything, write nothing.")
@click.pass_context
def add(
    context: click.Context,
    *,
    url: str,
    outlet_id: str | None,
    name: str | None,
    into: Path,
    allow_private: tuple[str, ...],
    dry_run: bool,
) -> int:
    """Read a site's front page, find its family and ways in, try an article, write its file."""
    given = {"id": outlet_id, "name": name, "allow_private": list(allow_private)}
    known = {key: value for key, value in given.items() if value}
    with opened(context) as house:
        name_target(context, outlet_id or url)
        tried = asyncio.run(_survey(house, url, known, _stranger(url, known)))
        if isinstance(tried, Failure):
            click.echo(f"{url} cannot be read: {tried.detail}")
            return fail(context)
        show(tried)
        text = outlet_toml(tried.found.table)
        if dry_run:
            click.echo(text)
            return 0
        name_target(context, tried.found.outlet.id)
        click.echo(f"written: {_write(into, tried.found.outlet.id, text)}")
    click.echo(f"crawl.outlet_folders must name {into}; put the role and the names right by hand")
    return 0


def _stranger(url: str, known: Mapping[str, object]) -> Outlet:
    """Return an outlet of which nothing is known: the manner in which a new site is asked."""
    table = {"id": "new-site", "name": "?", "name_en": "?", "homepage": url, "role": "local"}
    return outlet_from({**table, **known}, place=url)


async def _survey(
    house: House, url: str, known: Mapping[str, object], manner: Outlet
) -> Tried | Failure:
    async with reaching(house) as reach:
        found = await survey(url, reach.visitor(manner), now=house.clock(), known=known)
    if isinstance(found, Failure):
        return found
    return Tried(found=found, article=read(house, found.outlet, found.sample, found.page))


def read(
    house: House, outlet: Outlet, entry: Entry | None, page: Fetched | None
) -> Article | Failure | None:
    """Read an article by an outlet's file; None when there is none to be read."""
    if isinstance(page, Page):
        now = house.clock()
        return extract(page, outlet, entry=entry, directory=house.directory, now=now)
    return page if isinstance(page, Failure) else None


def show(tried: Tried) -> None:
    """Print what a site turned out to be, and the fields of the article it was tried with."""
    console = screen()
    found = tried.found
    evidence = ", ".join(found.evidence) or "nothing of a known family"
    console.print(f"profile {found.profile}: {evidence}", markup=False)
    rows = [
        (one.way.kind.value, one.way.url, one.found, one.failure.detail if one.failure else "")
        for one in found.trials
    ]
    console.print(table("ways in", ("kind", "address", "articles", "why not"), rows))
    if isinstance(tried.article, Article):
        console.print(table(tried.article.url, ("field", "extracted"), _fields(tried.article)))
    else:
        why = tried.article.detail if tried.article else "no way in names an article"
        console.print(f"no article could be tried: {why}", markup=False)


def _fields(article: Article) -> list[tuple[str, str]]:
    published = article.published
    printed = "–"
    if published is not None:
        jalali = format_jalali(published.at, JalaliStyle.LONG_TIME)
        printed = f"{jalali} (from {published.source.value}, {published.trust.value})"
    values = {
        "kicker": article.kicker,
        "title": article.title,
        "lead": article.lead,
        "body": f"{len(article.blocks)} blocks, {len(article.body)} letters: {article.body[:80]}…",
        "published": printed,
        "byline": article.byline,
        "section": " › ".join(article.section),
        "tags": "، ".join(article.tags),
        "image": article.image_url,
    }
    return [(name, values[name] or "–") for name in FIELDS]


def _write(into: Path, outlet_id: str, text: str) -> Path:
    path = into / f"{outlet_id}.toml"
    try:
        into.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FolderError(f"{path}: exists already; remove it, or give another --id") from None
    except OSError as error:
        raise FolderError(f"{path}: cannot be written ({error.strerror})") from None
    return path
