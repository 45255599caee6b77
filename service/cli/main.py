"""The `rasad` command: finds the sub-command, and turns every error into one clear line."""

import importlib
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from service.version import __version__

# name → (module, one line of help). The module is loaded only when its command runs, so that
# `rasad --help` answers in a fraction of a second.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "run": ("service.cli.run", "Start the daemon: tick, workers, pages and API in one process."),
    "demo": ("service.cli.demo", "Run the whole walk against a simulated press on loopback."),
    "worker": ("service.cli.worker", "Visits and deliveries only, one of many on one PostgreSQL."),
    "visit": ("service.cli.visit", "Give one outlet its turn now."),
    "backfill": ("service.cli.backfill", "Read an outlet's past into the archive; never alerts."),
    "reparse": ("service.cli.reparse", "Read kept pages again with the profiles of today."),
    "search": ("service.cli.search", "Ask the archive."),
    "export": ("service.cli.export", "Take articles out as CSV, JSON Lines or Parquet."),
    "import": ("service.cli.importing", "Take in JSON Lines or WARC files; never alerts."),
    "story": ("service.cli.story", "Show a story: its original, its copies, its credits."),
    "pickup": ("service.cli.pickup", "See who ran a press release, when and how altered."),
    "outlets": ("service.cli.outlets", "List the outlets, their health, and check their files."),
    "rules": ("service.cli.rules", "List, add, try and evaluate rules and topics."),
    "subscribe": ("service.cli.subscribe", "Subscribe a person or an endpoint to rules."),
    "users": ("service.cli.users", "List and add who may sign in, and programs' tokens."),
    "deliveries": ("service.cli.deliveries", "Show what is owed, held, sent or failed; retry."),
    "audit": ("service.cli.audit", "Show who changed what, from where."),
    "doctor": ("service.cli.doctor", "Check settings, database, outlets and relays."),
    "backup": ("service.cli.backup", "Copy a SQLite archive while it is in use."),
    "archive": ("service.cli.archive", "Move the archive to PostgreSQL."),
    "migrate": ("service.cli.migrate", "Create or upgrade the archive's tables."),
}

ROOTS: Final = (
    ("crawler.errors", "CrawlerError"),
    ("storage.errors", "StorageError"),
    ("alerts.errors", "AlertsError"),
    ("service.errors", "ServiceError"),
)

FAULT: Final = 70  # EX_SOFTWARE of sysexits.h


class LazyGroup(click.Group):
    """A group that imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command's module; None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101 - a fault of this table, not of input
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="rasad")
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file (default: rasad.toml when there is one).",
)
@click.pass_context
def cli(ctx: click.Context, settings_file: Path | None) -> None:
    """رصد · Rasad watches the press of Kerman.

    It reads every outlet on its own rhythm, tells originals from copies, and alerts you once.
    """
    ctx.obj = settings_file


def main() -> None:
    """Run the command line. Exit 0 done, 1 a clear error, 2 wrong usage, 70 a fault of ours."""
    try:
        result = cli(standalone_mode=False)
    except click.exceptions.Abort:
        _say("interrupted")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:  # noqa: BLE001 - the edge: no traceback ever reaches a user
        sys.exit(_report(error))
    sys.exit(result if isinstance(result, int) else 0)


def _report(error: Exception) -> int:
    if isinstance(error, _expected()):
        _say(str(error))
        return 1
    path = _keep_fault(error)
    _say(f"a fault of Rasad's own: {type(error).__name__}: {error} (full report: {path})")
    return FAULT


def _expected() -> tuple[type[Exception], ...]:
    """Return the roots of the packages' error trees; imported only when something went wrong."""
    return tuple(getattr(importlib.import_module(module), name) for module, name in ROOTS)


def _keep_fault(error: Exception) -> Path:
    """Write the full report where only its owner reads it; the data folder may be what failed."""
    beginning = f"rasad-fault-{datetime.now(UTC):%Y%m%dT%H%M%S}-"
    try:
        handle, name = tempfile.mkstemp(prefix=beginning, suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        return Path(os.devnull)
    return Path(name)


def _say(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"rasad: {line}", err=True)


if __name__ == "__main__":
    main()
