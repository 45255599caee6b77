"""A copy of the played demo that a test may write to."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from service.house import House, open_house, utc_now
from tests.service.conftest import Played


@contextmanager
def copied(
    played: Played, folder: Path, *, clock: Callable[[], datetime] = utc_now, **changed: Any
) -> Iterator[House]:
    """Open a house of its own on a copy of the archive; settings can be changed by name."""
    folder.mkdir(parents=True, exist_ok=True)
    source = played.house.settings.data_folder
    with (
        sqlite3.connect(source / "rasad.sqlite") as before,
        sqlite3.connect(folder / "rasad.sqlite") as after,
    ):
        before.backup(after)
    before.close()
    after.close()
    settings = played.house.settings.model_copy(update={"data_folder": folder, **changed})
    house = open_house(settings, clock=clock)
    house.rulebook.refresh()
    try:
        yield house
    finally:
        house.close()
