"""`rasad pickup`: who ran a press release, when, and how much of it they kept."""

import sys
from pathlib import Path

import click

from persian.dates import parse_date
from service.cli.opening import opened
from service.cli.screen import screen, table, when
from service.errors import SettingsError
from service.web.views import outlet_name
from storage.articles import get_articles
from storage.pickup import pickup


@click.command("pickup")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--title", default="", help="The release's headline.")
@click.option("--released", help="The day it went out, Jalali or ISO (default: today).")
@click.pass_context
def command(context: click.Context, file: Path, title: str, released: str | None) -> None:
    """Compare the text in FILE (- for standard input) with the archive."""
    text = _read(file)
    with opened(context) as house:
        at = house.clock()
        if released:
            day = parse_date(released, now=at)
            if day is None:
                raise SettingsError(f"--released: {released!r} is no day; write 1405-09-02")
            at = day.at
        with house.database.read() as connection:
            runs = pickup(connection, text, title=title, released_at=at)
            articles = get_articles(connection, [run.article_id for run in runs])
        rows = [
            (
                outlet_name(house, run.outlet_id),
                when(run.at),
                f"{run.kept:.0%}",
                f"{run.added:.0%}",
                run.story_id,
                articles[run.article_id].article.title,
            )
            for run in runs
        ]
    if not rows:
        click.echo("nobody in the archive ran it")
        return
    columns = ("outlet", "when", "kept of it", "own words", "story", "headline")
    screen().print(table(f"run by {len({row[0] for row in rows})} outlets", columns, rows))


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read as UTF-8 text: {error}") from None
