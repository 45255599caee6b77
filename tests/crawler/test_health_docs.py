import re
from pathlib import Path

from crawler.diagnosis import Health

TEXT = (Path(__file__).parents[2] / "docs" / "health.md").read_text(encoding="utf-8")


def test_every_state_is_documented_with_what_to_do_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)
    assert {state for state, _, _ in rows} == {state.value for state in Health}
    assert all(meaning and remedy for _, meaning, remedy in rows)
