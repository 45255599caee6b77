"""Headlines of our own: which topics fire for them and which must not."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from alerts.match import Matcher
from alerts.topics import load_topics, rules_of
from storage.document import Document

MATCHER: Final = Matcher.compile(rules_of(load_topics().values()))


def _cases() -> list[tuple[str, str, str]]:
    text = Path(__file__).with_name("headlines.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    cases = [line.split(" | ") for line in lines]
    return [(wanted, title, lead) for wanted, title, lead in cases]


@pytest.mark.parametrize(("wanted", "title", "lead"), _cases())
def test_a_headline_fires_the_topics_it_is_about(wanted: str, title: str, lead: str) -> None:
    document = Document(
        outlet_id="test", title=title, lead=lead, published_at=datetime(2025, 6, 1, tzinfo=UTC)
    )
    verdicts = {verdict.rule.id: verdict for verdict in MATCHER.judge(document)}
    fired = {rule_id for rule_id, verdict in verdicts.items() if verdict.is_fired}
    for mark in wanted.split():
        sign, topic = mark[0], mark[1:]
        assert (topic in fired) is (sign == "+"), (topic, verdicts.get(topic))
