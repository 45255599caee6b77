"""docs/operate.md: what it tells to type is typed here, in its order, in one installation."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from service.cli.main import COMMANDS, cli
from service.web.accounts import FILE
from storage.backup import back_up
from storage.database import Database
from storage.schema.everything import metadata
from tests.service.conftest import Played

GUIDE: Final = Path(__file__).parents[2] / "docs" / "operate.md"
FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
POSTGRES: Final = "postgresql+psycopg://rasad@db.example/rasad"


def blocks(kind: str) -> list[str]:
    return [text for fence, text in FENCE.findall(GUIDE.read_text("utf-8")) if fence == kind]


@pytest.fixture
def installation(played: Played, tmp_path: Path) -> Path:
    """A folder with settings and an archive in which something has happened."""
    folder = tmp_path / "rasad"
    (folder / "data").mkdir(parents=True)
    back_up(played.house.database, folder / "data" / "rasad.sqlite")
    (folder / "rasad.toml").write_text("[fetch]\ncontact = 'desk@example.ir'\n", encoding="utf-8")
    return folder


def typed(folder: Path, script: str) -> str:
    """Run a script in a shell of its own, as an operator would; return what it said."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_guide_can_be_followed_from_the_first_command_to_the_last(
    installation: Path, empty_postgres_url: str
) -> None:
    script = "\n".join(blocks("sh"))
    assert script.count(POSTGRES) == 1
    said = typed(installation, script.replace(POSTGRES, empty_postgres_url))
    assert "the archive is at schema" in said
    assert "backup/rasad.sqlite: " in said
    assert "moved and counted" in said
    assert "کرمان" in said
    assert "dead" not in said.partition("moved and counted")[0]
    token = (installation / "prometheus.token").read_text("utf-8").strip()
    assert len(token) > 30
    assert token not in (installation / "data" / FILE).read_text("utf-8")


def test_a_backup_restored_by_the_guide_holds_what_was_there(
    installation: Path, played: Played
) -> None:
    backup, restore = (text for text in blocks("sh") if "backup/rasad.sqlite" in text)
    typed(installation, backup)
    archive = installation / "data" / "rasad.sqlite"
    archive.write_bytes(b"not a database any more" * 100)
    typed(installation, restore)
    restored = Database.open(f"sqlite:///{archive}")
    with restored.read() as there, played.house.database.read() as here:
        for table in ("articles", "stories", "matches", "deliveries"):
            count = select(func.count()).select_from(metadata.tables[table])
            assert there.scalar(count) == here.scalar(count)
            assert here.scalar(count)
    restored.close()


def test_every_command_and_option_of_the_guide_exists() -> None:
    lines = "\n".join(blocks("sh") + blocks("console"))
    typed_as = r"^(?:\$ )?(?:RASAD_\S+=\S+ )?rasad ([a-z]+)([^\n|>]*)"
    found = re.findall(typed_as, lines, re.MULTILINE)
    assert len(found) > 12
    context = cli.make_context("rasad", ["--help"], resilient_parsing=True)
    for name, rest in found:
        assert name in COMMANDS, name
        command = cli.get_command(context, name)
        assert command is not None
        words = rest.split()
        inner = getattr(command, "commands", {})
        if words and words[0] in inner:
            command = inner[words[0]]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, (name, rest)


@pytest.mark.parametrize("page", ["operate.md", "security.md"])
def test_the_files_a_page_names_are_there(page: str) -> None:
    text = (GUIDE.parent / page).read_text("utf-8")
    for link in re.findall(r"\]\(([a-z-]+\.md)\)", text):
        assert (GUIDE.parent / link).exists(), link
    names = re.findall(r"`(docs/deploy/[\w.-]+|tests/[\w./-]+)`", text)
    assert len(names) >= 3
    for name in names:
        assert (GUIDE.parents[1] / name).exists(), name
