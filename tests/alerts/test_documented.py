"""Every field of the grammar and every shipped topic is documented."""

from pathlib import Path
from typing import Final

from alerts.topics import load_topics
from storage.query_lexer import ALIASES, FIELDS
from storage.query_parser import RELATIONS, ROLES

DOCS: Final = Path(__file__).parents[2] / "docs"


def test_every_field_and_its_values_are_documented() -> None:
    text = (DOCS / "queries.md").read_text(encoding="utf-8")
    wanted = [f"`{field}:`" for field in FIELDS] + [f"`{value}`" for value in (*ROLES, *RELATIONS)]
    assert [name for name in (*wanted, *ALIASES) if name not in text] == []


def test_every_topic_is_documented() -> None:
    text = (DOCS / "topics.md").read_text(encoding="utf-8")
    assert [topic for topic in load_topics() if f"| `{topic}` |" not in text] == []
