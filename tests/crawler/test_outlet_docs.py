import re
import tomllib
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import pytest

from crawler.outlets import (
    Access,
    Interval,
    Outlet,
    PlaceFilter,
    Politeness,
    Role,
    WayIn,
    WayKind,
    outlet_from,
)
from crawler.templates import KNOWN

TEXT = (Path(__file__).parents[2] / "docs" / "outlet-file.md").read_text(encoding="utf-8")
SECTIONS = {
    Outlet: "## The outlet",
    WayIn: "## `[[ways_in]]`",
    PlaceFilter: "## `[place_filter]`",
    Politeness: "## `[politeness]`",
    Interval: "## `[interval]`",
}


def documented(section: str) -> set[str]:
    body = TEXT.split(f"{section}\n", 1)[1].split("\n## ", 1)[0]
    first_cells = [line.split("|")[1] for line in body.splitlines() if line.startswith("| `")]
    return {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("value", SECTIONS)
def test_every_key_of_an_outlets_file_is_documented_and_no_other(value: type) -> None:
    assert documented(SECTIONS[value]) == {field.name for field in fields(value)}


@pytest.mark.parametrize("choices", [Role, Access, WayKind])
def test_every_allowed_value_is_documented(choices: type[StrEnum]) -> None:
    for choice in choices:
        assert f"`{choice.value}`" in TEXT


def test_every_place_in_an_address_is_documented() -> None:
    assert {f"{{{name}}}" for name in KNOWN} <= set(re.findall(r"\{\w+\}", TEXT))


def test_the_example_is_an_outlet() -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    assert outlet_from(tomllib.loads(example[1]), place="docs").id == "example"
