"""The API keeps what its description promises, whatever it is asked."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.house import House, open_house, utc_now
from service.web.accounts import Accounts, Scope
from service.web.app import create_app
from service.web.server import serving, take_address
from storage.database import Database
from storage.move import move
from tests.service.conftest import Played
from tests.service.copied import copied

#: So many requests of each kind are invented for each route, the same ones each time.
EXAMPLES = 4
#: What the schema cannot say (the grammar of queries, which rules there are) is answered 422.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "422"]
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, played: Played, tmp_path: Path) -> Iterator[House]:
    """The archive of the demo, open to others, on each database."""
    seconds = count(step=2)

    def clock() -> datetime:
        """No two requests fall into one second: limits of pace are another test's matter."""
        return utc_now() + timedelta(seconds=next(seconds))

    web = played.house.settings.web.model_copy(update={"public_url": "https://rasad.example"})
    with copied(played, tmp_path / "data", clock=clock, web=web) as house:
        if request.param == "sqlite":
            yield house
            return
        url = str(request.getfixturevalue("empty_postgres_url"))
        with closing(Database.open(url)) as target:
            move(house.database, target, progress=lambda *_: None)
        moved = open_house(
            house.settings.model_copy(update={"database_url": SecretStr(url)}), clock=clock
        )
        moved.rulebook.refresh()
        yield moved
        moved.close()


def test_every_answer_is_as_described(served: House, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    status, told = asyncio.run(_asked(served, tmp_path))
    assert status == 0, told


async def _asked(house: House, folder: Path) -> tuple[int | None, str]:
    """Let schemathesis ask everything of a served installation, with a token for everything."""
    token = Accounts(house.settings.data_folder).issue("asker", frozenset(Scope), now=utc_now())
    web = house.settings.web.model_copy(update={"port": 0})
    async with serving(create_app(house), take_address(web)) as base:
        asking = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            f"{base}/api/v1/openapi.json",
            *("--header", f"Authorization: Bearer {token}"),
            *("--max-examples", str(EXAMPLES), "--seed", "1", "--generation-database", "none"),
            *("--continue-on-failure", "--workers", "2"),
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await asking.communicate()
    return asking.returncode, told.decode()
