"""Topic packs: loading, building on one another, errors, and every pack's own examples."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from alerts.errors import AlertsError, TopicError, UnknownTopicError
from alerts.match import Matcher, Verdict
from alerts.topics import SHIPPED, Example, Topic, get_topic, load_topics, rules_of
from storage.document import Document

TOPICS: Final = load_topics()
MATCHER: Final = Matcher.compile(rules_of(TOPICS.values()))
EXAMPLES: Final = [(topic, example) for topic in TOPICS.values() for example in topic.examples]
PACK: Final = """
id = "gold"
name = "طلا"
about = "Gold."
threshold = 2.0
[[clause]]
name = "metal"
points = 2.0
any = ["طلا", "@coins"]
[[example]]
title = "طلا"
fires = true
[[example]]
title = "نقره"
fires = false
"""


def _document(example: Example) -> Document:
    return Document(
        outlet_id="test",
        title=example.title,
        lead=example.lead,
        body=example.body,
        published_at=datetime(2025, 6, 1, tzinfo=UTC),
    )


def _verdict(topic: Topic, document: Document) -> Verdict | None:
    found = {verdict.rule.id: verdict for verdict in MATCHER.judge(document)}
    return found.get(topic.id)


def _write(folder: Path, pack: str, lists: str = 'coins = ["سکه امامی", "سکه"]') -> Path:
    (folder / "gold.toml").write_text(pack, encoding="utf-8")
    (folder / "lists.toml").write_text(lists, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("topic", "example"), EXAMPLES, ids=[f"{topic.id}: {one.title}" for topic, one in EXAMPLES]
)
def test_a_pack_keeps_the_promise_of_its_examples(topic: Topic, example: Example) -> None:
    verdict = _verdict(topic, _document(example))
    assert (verdict is not None and verdict.is_fired) is example.fires, verdict


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS.keys())
def test_a_pack_shows_both_what_fires_and_what_does_not(topic: Topic) -> None:
    assert {example.fires for example in topic.examples} == {True, False}
    assert topic.about
    assert topic.rule.is_topic


def test_the_article_that_started_it_all_is_about_both() -> None:
    document = Document(
        outlet_id="nazir",
        title="رشد صنایع کوچک راه توسعه است",
        body=(
            "نشست کمیته ارتباط صنایع کوچک و بزرگ در محل مجتمع مس خاتونآباد برگزار شد.\n"
            "معاون استاندار گفت شرکت ملی مس باید به دانشگاه نزدیک شود و تولید کاتد هدف نهایی نیست."
        ),
        published_at=datetime(2025, 6, 1, tzinfo=UTC),
    )
    words = {match.rule_id: match.words for match in MATCHER.match(document)}
    assert {"copper", "sme"} <= words.keys()
    assert {"مجتمع مس خاتونآباد", "شرکت ملی مس", "کاتد"} <= set(words["copper"])
    assert "صنایع کوچک" in words["sme"]


def test_a_new_topic_needs_no_code(tmp_path: Path) -> None:
    topic = load_topics(_write(tmp_path, PACK))["gold"]
    assert [piece.text for piece in topic.rule.clauses[0].evidence] == ["طلا", "سکه امامی", "سکه"]
    matcher = Matcher.compile([topic.rule])
    (match,) = matcher.match(_document(Example(title="سکه امامی", lead="", body="", fires=True)))
    assert (match.rule_id, match.score, match.words) == ("gold", 4.0, ("سکه امامی",))


def test_a_pack_builds_on_another_and_asks_for_more(tmp_path: Path) -> None:
    _write(tmp_path, PACK)
    (tmp_path / "gold-kerman.toml").write_text(
        """
id = "gold-kerman"
name = "طلای کرمان"
about = "Gold of Kerman."
builds_on = "gold"
requires = ["place"]
[[clause]]
name = "place"
points = 0.0
any = ["کرمان"]
[[example]]
title = "طلای کرمان"
fires = true
[[example]]
title = "طلای یزد"
fires = false
""",
        encoding="utf-8",
    )
    topic = load_topics(tmp_path)["gold-kerman"]
    matcher = Matcher.compile([topic.rule])
    for example in topic.examples:
        assert bool(matcher.match(_document(example))) is example.fires
    (verdict,) = matcher.judge(_document(topic.examples[1]))
    assert verdict.missing == ("place",)


def test_an_outlet_of_one_s_own_packs_replaces_a_shipped_one(tmp_path: Path) -> None:
    _write(tmp_path, PACK.replace('"gold"', '"copper"'))
    merged = load_topics(SHIPPED, tmp_path)
    assert merged["copper"].name == "طلا"
    assert merged["sme"] == TOPICS["sme"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("points = 2.0", 'points = "two"', r"gold\.toml: clause\.0\.points: .*number"),
        ('name = "metal"', 'nmae = "metal"', r"gold\.toml: clause\.0\.name: Field required"),
        ("threshold = 2.0", "treshold = 2.0", r"gold\.toml: treshold: Extra inputs"),
        ('"@coins"', '"@coin"', r"gold\.toml: metal: no list \['coin'\]"),
        ('"@coins"', "'\"سکه'", r"gold\.toml: metal: .*never closed"),
        ("threshold = 2.0", 'requires = ["place"]', r"gold\.toml: no clause \['place'\]"),
        ("threshold = 2.0", 'builds_on = "silver"', r"gold\.toml: builds_on: no topic «silver»"),
        ("threshold = 2.0", 'builds_on = "gold"', r"gold\.toml: builds_on: no topic «gold»"),
        ('id = "gold"', "id = gold", r"gold\.toml: Invalid value"),
        (
            "[[example]]",
            '[[clause]]\nname = "metal"\npoints = 1\nany = ["x"]\n[[example]]',
            r"gold\.toml: two clauses named \['metal'\]",
        ),
    ],
)
def test_a_broken_pack_is_named_with_the_place(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    _write(tmp_path, PACK.replace(old, new, 1))
    with pytest.raises(TopicError, match=fault):
        load_topics(tmp_path)


def test_a_list_must_be_a_list(tmp_path: Path) -> None:
    _write(tmp_path, PACK, lists='coins = "سکه"')
    with pytest.raises(TopicError, match=r"lists\.toml: coins: a list of texts"):
        load_topics(tmp_path)


def test_lists_are_not_needed(tmp_path: Path) -> None:
    _write(tmp_path, PACK.replace(', "@coins"', ""))
    (tmp_path / "lists.toml").unlink()
    assert load_topics(tmp_path).keys() == {"gold"}


def test_an_unknown_topic_names_those_there_are() -> None:
    assert get_topic(TOPICS, "copper").id == "copper"
    with pytest.raises(UnknownTopicError, match="«coper»; the topics are copper"):
        get_topic(TOPICS, "coper")
    assert issubclass(UnknownTopicError, AlertsError)
