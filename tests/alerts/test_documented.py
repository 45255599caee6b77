"""Every field of the grammar and every shipped topic is documented; the documented pack works."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from alerts.match import Matcher
from alerts.topics import LISTS, SHIPPED, load_topics
from storage.document import Document
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


def test_the_pack_of_the_guide_can_be_used_as_it_stands(tmp_path: Path) -> None:
    guide = (DOCS / "topics.md").read_text(encoding="utf-8")
    (pack,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "gold.toml").write_text(pack, encoding="utf-8")
    shutil.copyfile(SHIPPED / LISTS, tmp_path / LISTS)
    topic = load_topics(tmp_path)["gold"]
    matcher = Matcher.compile([topic.rule])
    for example in topic.examples:
        document = Document(
            outlet_id="guide",
            title=example.title,
            lead=example.lead,
            published_at=datetime(2025, 6, 1, tzinfo=UTC),
        )
        assert bool(matcher.match(document)) is example.fires
