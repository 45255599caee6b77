"""A house on the simulated press, visited once, shared by the service's tests."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from alerts.attempt import Postman
from service import pipeline
from service.cli.main import main
from service.cli.opening import bring_up_to_date
from service.demo.stage import SETTINGS, Stage, stage, subscribe
from service.house import House, open_house, reaching
from service.reports import VisitReport
from service.web import views
from storage import ledger, outlet_states

#: `rasad` as a person types it: the words, and the settings file by name; what came of it.
Command = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A demo whose outlets were visited once and whose messages were sent."""

    setup: Stage
    house: House
    reports: dict[str, VisitReport]

    @property
    def settings_file(self) -> str:
        return str(self.setup.folder / SETTINGS)

    def story_titled(self, words: str) -> int:
        """Return the id of the one story whose headline holds these words."""
        found = [
            one.id
            for one in views.day(self.house, None).stories
            if words in one.original.article.title
        ]
        assert len(found) == 1, found
        return found[0]


async def visit_all(house: House, *, suffix: str = "1") -> dict[str, VisitReport]:
    """Visit every outlet once, each by the real walk."""
    with house.database.write() as connection:
        outlet_states.enrol(connection, house.outlets.keys(), now=house.clock())
    async with reaching(house) as reach:
        return {
            outlet.id: await pipeline.visit(
                house, reach, outlet, visit_id=f"visit-{outlet.id}-{suffix}"
            )
            for outlet in house.outlets.values()
        }


async def send_all(house: House) -> None:
    """Attempt everything that is due, once."""
    async with reaching(house) as reach:
        postman = Postman(database=house.database, channels=reach.channels, clock=house.clock)
        with house.database.read() as connection:
            waiting = ledger.due(connection, house.clock(), 1000)
        for one in waiting:
            await postman.attempt(one.id)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The first act of the demo, played once. Read it; do not write to it."""
    folder = tmp_path_factory.mktemp("played") / "demo"
    with stage(folder, port=0) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings, reads_outlets=True)
        subscribe(house, setup)
        reports = asyncio.run(visit_all(house))
        asyncio.run(send_all(house))
        yield Played(setup=setup, house=house, reports=reports)
        house.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Played]:
    """A demo of the test's own in which nothing has happened yet."""
    with stage(tmp_path / "demo", port=0) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings, reads_outlets=True)
        subscribe(house, setup)
        yield Played(setup=setup, house=house, reports={})
        house.close()


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `rasad` in this process; return exit code, output, errors."""

    def call(*words: str, settings: str | None) -> tuple[int, str, str]:
        before = ["--settings", settings] if settings else []
        monkeypatch.setattr(sys, "argv", ["rasad", *before, *words])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return call


@pytest.fixture
def run(played: Played, command: Command) -> Command:
    """Run `rasad` on the played demo, or with other settings."""

    def call(*words: str, settings: str | None = played.settings_file) -> tuple[int, str, str]:
        return command(*words, settings=settings)

    return call


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """Settings of an installation where nothing has happened yet."""
    path = tmp_path / "rasad.toml"
    path.write_text(f'data_folder = "{tmp_path / "data"}"\n', encoding="utf-8")
    return str(path)
