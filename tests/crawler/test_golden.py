import json

import pytest

from crawler.profiles import profile_names
from tests.crawler.golden import CASES, FOLDER, read_case


@pytest.mark.parametrize("name", CASES)
def test_a_golden_page_yields_what_it_was_reviewed_to_yield(name: str) -> None:
    expected = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))
    assert read_case(name) == expected


def test_every_shipped_profile_has_golden_pages() -> None:
    covered = {
        json.loads((FOLDER / name / "meta.json").read_text(encoding="utf-8"))["profile"]
        for name in CASES
    }
    assert covered == set(profile_names())
