"""The page about the archive names every table there is, and none that is not."""

import re
from pathlib import Path

from storage.schema.everything import metadata

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"


def test_every_table_is_described() -> None:
    page = PAGE.read_text(encoding="utf-8")
    first_cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(metadata.tables)
