"""`rasad export`: take a query's articles out as CSV, JSON Lines or Parquet, with progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import click
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from service.cli.opening import opened
from service.errors import QuestionError, SettingsError
from service.taking_out import EVERYTHING, Form, take_out
from service.web.views import read_query
from storage.query_error import QueryError

_FORMS: Final = click.Choice([form.value for form in Form])


@click.command("export")
@click.argument("query", nargs=-1)
@click.option("--format", "form", type=_FORMS, help="Default: what FILE's name ends with, or csv.")
@click.option(
    "--out",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="-",
    help="The file to write, replaced when it is whole (default: standard output).",
)
@click.pass_context
def command(context: click.Context, query: tuple[str, ...], form: str | None, file: Path) -> None:
    """Write every article that QUERY finds (default: all), newest first."""
    wanted = Form(form) if form else _form_of(file)
    with opened(context) as house, _out(file) as out, _progress() as tell:
        try:
            asked = read_query(house, " ".join(query) or EVERYTHING)
        except QueryError as error:
            raise QuestionError(error.caret()) from None
        written = 0

        def told(count: int) -> None:
            nonlocal written
            written = count
            tell(count)

        for piece in take_out(house.database, asked, wanted, progress=told):
            out.write(piece)
    click.echo(f"{written} articles written", err=True)


def _form_of(file: Path) -> Form:
    ending = file.suffix.removeprefix(".")
    return Form(ending) if ending in set(Form) else Form.CSV


@contextmanager
def _out(file: Path) -> Iterator[BinaryIO]:
    """Open the file to write; it takes its name when it is whole."""
    if str(file) == "-":
        if sys.stdout.isatty():
            raise SettingsError("--out: name a file, or send the output on (rasad export > FILE)")
        yield sys.stdout.buffer
        return
    fresh = file.with_name(f"{file.name}.part")
    try:
        with fresh.open("wb") as out:
            yield out
        fresh.replace(file)
    except OSError as error:
        raise SettingsError(f"--out: {file} cannot be written ({error.strerror})") from error
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Count on the terminal; quiet when there is none."""
    columns = (TextColumn("{task.completed:,.0f} articles"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda count: progress.update(task, completed=count)
