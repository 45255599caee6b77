from dataclasses import fields
from pathlib import Path

import pytest

from crawler.profiles import BodyRules, FeedDialect, Fields, ListRules, Profile, profile_names

DOCUMENT = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("value", [Profile, Fields, BodyRules, FeedDialect, ListRules])
def test_every_key_of_a_profile_is_documented(value: type) -> None:
    tables = {"fields", "body", "feed", "lists"}
    missing = [key.name for key in fields(value) if f"`{key.name}`" not in DOCUMENT]
    assert set(missing) <= (tables if value is Profile else set())
    assert all(f"### `[{table}]`" in DOCUMENT for table in tables)


def test_every_shipped_profile_is_documented() -> None:
    assert all(f"| `{name}` |" in DOCUMENT for name in profile_names())
