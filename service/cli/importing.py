"""`rasad import`: take JSON Lines or WARC files into the archive; never alerts."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn

from service.cli.auditing import into, name_target, recording
from service.cli.opening import bring_up_to_date, settings_of
from service.folder import prepare
from service.house import open_house
from service.taking_in import Step, TakenIn, take_in_file


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...]) -> None:
    """Take in FILES: articles as `rasad export` writes them (.jsonl), or pages (.warc, .warc.gz).

    Each article finds its story as if it had been visited. The same file again changes nothing; a
    line that cannot be read is named, and the next follows.
    """
    settings = settings_of(context)
    prepare(settings.data_folder)
    bring_up_to_date(settings)
    house = open_house(settings, reads_outlets=True)
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        shown = Progress(*columns, console=Console(stderr=True), transient=True)
        with recording(context, into(house.database)), shown as progress:
            name_target(context, ", ".join(file.name for file in files))
            for file in files:
                task = progress.add_task(file.name, total=None)

                def tell(
                    count: TakenIn, step: Step, file: Path = file, task: TaskID = task
                ) -> None:
                    progress.update(task, description=f"{file.name}: {count.total:,} records")
                    if step.problem is not None:
                        click.echo(f"{step.problem}", err=True)

                count = take_in_file(house, file, progress=tell)
                click.echo(f"{file}: {_told(count)}")
    finally:
        house.close()


def _told(count: TakenIn) -> str:
    told = f"{count.new} new, {count.revised} revised, {count.unchanged} unchanged"
    return f"{told}, {count.failed} not taken in" if count.failed else told
