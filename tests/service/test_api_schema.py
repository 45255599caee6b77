"""The API keeps what its description promises, whatever it is asked."""

import asyncio
import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from service.house import House, utc_now
from service.web.accounts import Accounts, Scope
from service.web.app import create_app
from service.web.server import serving, take_address
from tests.service.conftest import Played
from tests.service.copied import copied

#: So many requests of each kind are invented for each route, the same ones each time.
EXAMPLES = 4
#: What the schema cannot say (the grammar of queries, which rules there are) is answered 422.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "422"]
"""


def test_every_answer_is_as_described(played: Played, tmp_path: Path) -> None:
    seconds = count(step=2)

    def clock() -> datetime:
        """No two requests fall into one second: limits of pace are another test's matter."""
        return utc_now() + timedelta(seconds=next(seconds))

    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    web = played.house.settings.web.model_copy(update={"public_url": "https://rasad.example"})
    with copied(played, tmp_path / "data", clock=clock, web=web) as house:
        status, told = asyncio.run(_asked(house, tmp_path))
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
