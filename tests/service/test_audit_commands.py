"""The audit log of the command line: every command that changes something writes what it did."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner, Result

from service.cli.auditing import TURNS
from service.cli.main import cli
from service.house import House
from service.web.accounts import Accounts, Scope
from storage.audit import list_audit
from storage.database import Database
from tests.service.conftest import Command, Played
from tests.service.copied import copied

NOW: Final = datetime(2026, 11, 23, 6, tzinfo=UTC)
PASSWORD: Final = "زعفران قائنات ۱۲"
OPERATOR: Final = "operator-of-the-day"

#: The daemons: what they do is their work, not a person's act.
AT_WORK: Final = {"run", "worker", "demo"}

#: The commands that only show, or write a file beside the archive, as somebody would type them.
SHOWING: Final = {
    "search": ("مس",),
    "export": ("مس", "--out", "{folder}/found.csv"),
    "story": ("1",),
    "pickup": ("{folder}/release.txt",),
    "outlets": (),
    "outlets validate": (),
    "outlets show": ("sabanews",),
    "outlets habits": ("sabanews",),
    "outlets unresolved": (),
    "outlets check": ("sabanews",),
    "rules": (),
    "rules try": ("مس",),
    "rules versions": ("mes",),
    "rules compare": ("sme", "مس"),
    "rules suggest": ("sme",),
    "rules evaluate": (),
    "rules opinions": ("sme",),
    "subscribe": (),
    "users": (),
    "deliveries": (),
    "audit": (),
    "doctor": (),
    "backup": ("{folder}/copy.sqlite",),
}


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        # Whatever others did in the played archive before is no matter here.
        with closing(sqlite3.connect(archive_of(house))) as connection, connection:
            connection.execute("DELETE FROM audit")
        yield house


def archive_of(house: House) -> Path:
    return house.settings.data_folder / "rasad.sqlite"


def accounts(house: House) -> Accounts:
    return Accounts(house.settings.data_folder)


def kept(database: Database) -> list[tuple[str | None, str, str | None, str]]:
    with database.read() as connection:
        found = list_audit(connection, limit=100)
    return [(one.source, one.act.value, one.target, one.outcome.value) for one in reversed(found)]


def run(house: House, *words: str) -> Result:
    env = {
        "RASAD_DATA_FOLDER": str(house.settings.data_folder),
        "RASAD_CRAWL__SHIPPED_CATALOGUE": "false",
        "LOGNAME": OPERATOR,
    }
    return CliRunner().invoke(cli, words, env=env)


def named(group: click.Group, before: str = "") -> Iterator[str]:
    """Yield the name of every command; a group that shows something by itself is one too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield before + name
            yield from named(command, f"{before}{name} ")
        else:
            yield before + name


def test_every_command_writes_down_what_it_changes_or_changes_nothing() -> None:
    assert set(named(cli)) == TURNS.keys() | SHOWING.keys() | AT_WORK


@pytest.mark.parametrize("name", SHOWING)
def test_a_command_that_only_shows_leaves_the_archive_as_it_was(
    own: House, tmp_path: Path, name: str
) -> None:
    run(own, "rules", "save", "mes", "مس")
    (tmp_path / "release.txt").write_text("کاتد مس کرمان صادر شد.", encoding="utf-8")
    before = content(own)
    words = [word.format(folder=tmp_path) for word in SHOWING[name]]
    done = run(own, *name.split(), *words)
    assert done.exit_code != 2, done.output
    assert content(own) == before


def content(house: House) -> str:
    """Return what an archive holds, as one number.

    The full-text index keeps no text to be read back; the tables that it lies in are read instead.
    """
    kept_text = hashlib.sha256()
    with closing(sqlite3.connect(archive_of(house))) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        ).fetchall()
        for (name,) in tables:
            rows = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608  # a table's own name
            kept_text.update(repr((name, sorted(map(repr, rows)))).encode())
    return kept_text.hexdigest()


def test_what_commands_change_is_written_down(own: House) -> None:
    run(own, "rules", "save", "mes", "مس")
    run(own, "rules", "silence", "mes")
    run(own, "rules", "silence", "mes", "--undo")
    run(own, "rules", "silence", "no-such")
    run(own, "story", "1")
    run(own, "deliveries")
    run(own, "deliveries", "--retry", "dlv_none")
    added = run(own, "subscribe", "add", "sara@example.ir", "sme")
    made = added.stdout.partition(":")[0]
    run(own, "users", "add", "sara", "--password", PASSWORD)
    token = run(own, "users", "token", "desk", "export").stdout.strip()
    run(own, "users", "revoke", token)
    run(own, "users", "revoke", "desk")
    assert kept(own.database) == [
        ("cli", "rule_saved", "mes", "done"),
        ("cli", "rule_silenced", "mes", "done"),
        ("cli", "rule_enabled", "mes", "done"),
        ("cli", "rule_silenced", "no-such", "failed"),
        ("cli", "delivery_retried", "dlv_none", "failed"),
        ("cli", "subscription_made", made, "done"),
        ("cli", "user_saved", "sara", "done"),
        ("cli", "token_issued", "desk", "done"),
        ("cli", "token_revoked", "rasad_…", "failed"),
        ("cli", "token_revoked", "desk", "done"),
    ]
    with own.database.read() as connection:
        assert {one.who for one in list_audit(connection, limit=100)} == {OPERATOR}


def test_the_log_is_shown(own: House) -> None:
    run(own, "rules", "save", "mes", "مس")
    shown = run(own, "audit", "--act", "rule_saved").stdout
    assert OPERATOR in shown
    assert "mes" in shown
    assert "mes" not in run(own, "audit", "--who", "nobody").stdout


def test_a_token_can_be_revoked_while_the_archive_is_away(own: House) -> None:
    accounts(own).issue("desk", frozenset(Scope), now=NOW)
    env = {
        "RASAD_DATA_FOLDER": str(own.settings.data_folder),
        "RASAD_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:9/none",
    }
    done = CliRunner().invoke(cli, ("users", "revoke", "desk"), env=env)
    assert "worth nothing" in done.stdout
    assert "not in the audit log" in done.stderr
    assert accounts(own).tokens() == ()


def test_every_turn_names_a_command_and_its_parameters() -> None:
    for name, turns in TURNS.items():
        command: Any = cli
        for word in name.split():
            command = command.get_command(click.Context(command), word)
        known = {one.name for one in command.params}
        wanted = {one for turn in turns for one in (turn.on, turn.given, turn.unless) if one}
        assert wanted <= known, name


def test_an_outlet_that_is_added_or_cannot_be_is_written_down(
    fresh: Played, command: Command, tmp_path: Path
) -> None:
    site = fresh.setup.press.origin("nazirkerman") + "/"
    words = ("outlets", "add", "--allow-private", "127.0.0.1/32", "--into", str(tmp_path / "new"))
    settings = fresh.settings_file
    assert command(*words, site, "--id", "other", "--dry-run", settings=settings)[0] == 0
    assert command(*words, site, "--id", "nazir", settings=settings)[0] == 0
    assert command(*words, site, "--id", "nazir", settings=settings)[0] == 1
    assert command(*words, "http://127.0.0.1:9/", settings=settings)[0] == 1
    assert kept(fresh.house.database) == [
        ("cli", "outlet_added", "nazir", "done"),
        ("cli", "outlet_added", "nazir", "failed"),
        ("cli", "outlet_added", "http://127.0.0.1:9/", "failed"),
    ]


def test_reading_the_past_and_kept_pages_again_is_written_down(
    fresh: Played, command: Command
) -> None:
    settings = fresh.settings_file
    command("backfill", "golbangsirjan", "--since", "1402-01-01", settings=settings)
    command("backfill", "golbangsirjan", "--since", "no day", settings=settings)
    command("reparse", "golbangsirjan", "nazirkerman", settings=settings)
    command("reparse", settings=settings)
    assert kept(fresh.house.database) == [
        ("cli", "past_read", "golbangsirjan", "done"),
        ("cli", "past_read", "golbangsirjan", "failed"),
        ("cli", "pages_reparsed", "golbangsirjan, nazirkerman", "done"),
        ("cli", "pages_reparsed", None, "done"),
    ]


def test_a_visit_that_brought_nothing_is_written_down_as_failed(
    fresh: Played, command: Command
) -> None:
    command("visit", "sabanews", settings=fresh.settings_file)
    command("visit", "nazirkerman", settings=fresh.settings_file)
    assert kept(fresh.house.database) == [
        ("cli", "visit_asked", "sabanews", "failed"),
        ("cli", "visit_asked", "nazirkerman", "done"),
    ]


def test_a_migration_is_written_down_with_its_schema(own: House) -> None:
    said = run(own, "migrate").stdout
    ((_, act, schema, outcome),) = kept(own.database)
    assert (act, outcome) == ("archive_migrated", "done")
    assert f"schema {schema}\n" in said


def test_a_move_is_written_down_where_the_archive_lives_on(
    own: House, empty_postgres_url: str
) -> None:
    run(own, "rules", "save", "mes", "مس")
    assert run(own, "archive", "move", "--to", empty_postgres_url).exit_code == 0
    new = Database.open(empty_postgres_url)
    saved, moved = kept(new)
    assert saved == ("cli", "rule_saved", "mes", "done")
    assert moved == ("cli", "archive_moved", new.url, "done")
    assert run(own, "archive", "move", "--to", empty_postgres_url).exit_code != 0
    assert kept(new) == [saved, moved]
    assert kept(own.database) == [saved]
    new.close()
