"""`rasad outlets add` and `check`: survey a site, try an article, show its fields, write TOML."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from crawler.article import Article
from crawler.extract import extract
from crawler.outletfile import outlet_toml
from crawler.outlets import Outlet
from crawler.page import Failure, Page
from crawler.survey import Survey, survey
from persian.calendar import JalaliStyle, format_jalali
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
@click.option("--dry-run", is_flag=True, help="Show everything, write nothing.")
@click.pass_context
def add(
    context: click.Context,
    *,
    url: str,
    outlet_id: str | None,
    name: str | None,
    into: Path,
    dry_run: bool,
) -> int:
    """Read a site's front page, find its family and ways in, try an article, write its file."""
    known = {key: value for key, value in (("id", outlet_id), ("name", name)) if value}
    with opened(context) as house:
        tried = asyncio.run(_survey(house, url, known, _any_outlet(house)))
    if isinstance(tried, Failure):
        click.echo(f"{url} cannot be read: {tried.detail}")
        return 1
    _show(tried)
    text = outlet_toml(tried.found.table)
    if dry_run:
        click.echo(text)
        return 0
    click.echo(f"written: {_write(into, tried.found.outlet.id, text)}")
    click.echo(f"crawl.outlet_folders must name {into}; put the role and the names right by hand")
    return 0


@click.command("check")
@click.argument("outlet_ids", nargs=-1, metavar="[OUTLET]...")
@click.pass_context
def check(context: click.Context, outlet_ids: tuple[str, ...]) -> int:
    """Survey outlets of the catalogue anew and say what differs from their files."""
    wrong = 0
    with opened(context) as house:
        for outlet_id in outlet_ids or tuple(house.outlets):
            outlet = house.outlet(outlet_id)
            known: dict[str, object] = {
                "id": outlet.id,
                "name": outlet.name,
                "name_en": outlet.name_en,
                "allow_private": list(outlet.allow_private),
            }
            tried = asyncio.run(_survey(house, outlet.homepage, known, outlet))
            wrong += _compare(outlet, tried)
    return 1 if wrong else 0


def _any_outlet(house: House) -> Outlet:
    """Return an outlet whose politeness a site nobody described yet is asked with."""
    return next(iter(house.outlets.values()))


async def _survey(
    house: House, url: str, known: Mapping[str, object], manner: Outlet
) -> Tried | Failure:
    async with reaching(house) as reach:
        visitor = reach.visitor(manner)
        found = await survey(url, visitor, now=house.clock(), known=known)
        if isinstance(found, Failure):
            return found
        if found.sample is None:
            return Tried(found=found, article=None)
        page = await visitor.fetch(found.sample.url)
        article: Article | Failure | None = page if isinstance(page, Failure) else None
        if isinstance(page, Page):
            article = extract(
                page,
                found.outlet,
                entry=found.sample,
                directory=house.directory,
                now=house.clock(),
            )
    return Tried(found=found, article=article)


def _show(tried: Tried) -> None:
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


def _compare(outlet: Outlet, tried: Tried | Failure) -> bool:
    """Say what differs from the outlet's file; return whether something does."""
    if isinstance(tried, Failure):
        click.echo(f"{outlet.id}: {tried.detail}")
        return True
    says = []
    if tried.found.profile != outlet.profile.name:
        says.append(
            f"its family looks like {tried.found.profile}, its file says {outlet.profile.name}"
        )
    if not any(trial.found for trial in tried.found.trials):
        says.append("no way in names an article")
    if isinstance(tried.article, Failure):
        says.append(tried.article.detail)
    elif tried.article is not None and tried.article.missing:
        says.append(f"its profile promises {', '.join(tried.article.missing)}; the page lacks it")
    click.echo(f"{outlet.id}: {'; '.join(says) or 'as its file says'}")
    return bool(says)
