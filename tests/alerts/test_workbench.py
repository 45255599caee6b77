"""The workbench: dry runs, near misses, overlap, two versions, suggestions, readers' opinions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from alerts.evaluation import evaluate_rules
from alerts.match import Match
from alerts.opinions import judged_by_readers, labelled_by_readers, suggest_exclusions
from alerts.rules import Clause, Evidence, Rule, parse_rule
from alerts.topics import load_topics
from alerts.workbench import (
    MANY_MAILS,
    Shown,
    compare,
    dry_run,
    mails_per_week,
    overlaps,
    suggest_terms,
)
from storage.database import Database
from storage.query_parser import parse
from storage.rules import Feedback, keep_feedback
from storage.schema.stories import stories, story_members
from storage.subscription import Rhythm
from tests.storage.newsroom import NOW, Story, put_all


def rule(text: str, rule_id: str = "mine") -> Rule:
    return parse_rule(rule_id, text, now=NOW)


def topic() -> Rule:
    def clause(name: str, points: float, *texts: str) -> Clause:
        pieces = tuple(Evidence(query=parse(text, now=NOW), text=text) for text in texts)
        return Clause(name=name, points=points, body_points=points, evidence=pieces)

    return Rule(
        id="copper",
        name="مس",
        clauses=(
            clause("metal", 1.0, "مس"),
            clause("product", 1.0, "کاتد"),
            clause("sport", -2.0, "لیگ"),
            clause("place", 0.0, "کرمان"),
        ),
        threshold=2.0,
        requires=("place",),
        is_topic=True,
    )


def ago(title: str, hours: float) -> Story:
    return Story(title=title, at=NOW - timedelta(hours=hours))


def titles(shown: Sequence[Shown]) -> list[str]:
    return [one.found.archived.article.title for one in shown]


def _one_story(connection: Connection, article_ids: Sequence[int]) -> None:
    row = {"original_article_id": article_ids[0], "created_at": NOW, "is_rooted_by_hand": False}
    inserted = connection.execute(stories.insert().values(row))
    assert inserted.inserted_primary_key is not None
    for article_id in article_ids:
        member = {
            "article_id": article_id,
            "story_id": inserted.inserted_primary_key[0],
            "outlet_id": "nazir",
            "relation": "copy",
            "credits": "[]",
            "seen_at": NOW,
            "letters": 10,
            "is_placed_by_hand": False,
        }
        connection.execute(story_members.insert().values(member))


def test_a_dry_run_counts_articles_stories_and_days(database: Database) -> None:
    with database.write() as connection:
        ids = put_all(
            connection,
            [
                ago("معدن مس", 1),
                ago("معدن مس باز", 2),
                ago("معدن مس دیروز", 26),
                ago("مس کهنه", 2000),
            ],
        )
        _one_story(connection, ids[:2])
        found = dry_run(connection, rule("مس"), now=NOW)
    assert (found.articles, found.stories, found.is_partial) == (3, 2, False)
    assert found.per_day == ((date(2025, 6, 1), 2), (date(2025, 5, 31), 1))
    assert titles(found.newest) == ["معدن مس", "معدن مس باز", "معدن مس دیروز"]
    assert found.newest[0].match.words == ("مس",)
    assert found.warning is None
    assert found.weekly[Rhythm.AT_ONCE] == pytest.approx(2 * 7 / 30)


def test_an_article_one_condition_short_is_a_near_miss(database: Database) -> None:
    with database.write() as connection:
        put_all(
            connection,
            [
                ago("مس سرچشمه در بورس", 1),
                ago("مس سرچشمه", 2),
                ago("مس بورس سرچشمه و لیگ", 3),
                ago("فقط مس", 4),
                ago("هیچ", 5),
            ],
        )
        found = dry_run(connection, rule("مس سرچشمه بورس -لیگ"), now=NOW)
    assert titles(found.newest) == ["مس سرچشمه در بورس"]
    lacks = {one.found.archived.article.title: one.lacks for one in found.near_misses}
    assert lacks == {"مس سرچشمه": "بورس", "مس بورس سرچشمه و لیگ": "NOT لیگ"}
    assert [hit.printed for hit in found.near_misses[0].hits] == ["مس", "سرچشمه"]


def test_a_topic_names_the_clause_that_was_in_the_way(database: Database) -> None:
    with database.write() as connection:
        put_all(
            connection,
            [
                ago("مس و کاتد کرمان", 1),
                ago("مس و کاتد یزد", 2),
                ago("مس و کاتد کرمان در لیگ", 3),
                ago("مس کرمان", 4),
            ],
        )
        found = dry_run(connection, topic(), now=NOW)
    assert titles(found.newest) == ["مس و کاتد کرمان"]
    lacks = {one.found.archived.article.title: one.lacks for one in found.near_misses}
    assert lacks == {
        "مس و کاتد یزد": "place",
        "مس و کاتد کرمان در لیگ": "NOT sport",
        "مس کرمان": "product",
    }


def test_only_one_thing_may_be_in_the_way_of_a_near_miss(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [ago("مس", 1), ago("لیگ", 2), ago("کاتد در لیگ", 3)])
        single = dry_run(connection, rule("طلا OR نقره"), now=NOW)
        exclusions = dry_run(connection, rule("-مس -کاتد"), now=NOW)
        far = dry_run(connection, topic(), now=NOW)
    assert single.near_misses == ()
    assert titles(exclusions.newest) == ["لیگ"]
    assert exclusions.near_misses == ()
    assert far.near_misses == ()


def test_a_rule_that_tells_too_much_is_warned_of(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [ago(f"مس {number}", number / 10) for number in range(MANY_MAILS + 5)])
        found = dry_run(connection, rule("مس"), now=NOW, window=timedelta(days=7))
        part = dry_run(connection, rule("مس"), now=NOW, window=timedelta(days=7), most=10)
    assert found.warning is not None
    assert "55 mails a week" in found.warning
    assert (part.is_partial, part.articles) == (True, 10)


def test_a_digest_gathers_what_a_period_brings() -> None:
    times = [NOW - timedelta(minutes=minutes) for minutes in (0, 10, 70, 60 * 24, 60 * 24 * 8)]
    window = timedelta(days=14)
    weekly = {rhythm: mails_per_week(times, rhythm, window) for rhythm in Rhythm}
    assert weekly == {
        Rhythm.AT_ONCE: 2.5,
        Rhythm.HOURLY: 2.0,
        Rhythm.DAILY: 1.5,
        Rhythm.WEEKLY: 1.0,
    }


@pytest.mark.parametrize("topic_id", sorted(load_topics()))
def test_a_shipped_topic_can_be_tried_on_the_archive(database: Database, topic_id: str) -> None:
    shipped = load_topics()[topic_id]
    firing = [one for one in shipped.examples if one.fires]
    with database.write() as connection:
        put_all(
            connection,
            [
                Story(title=one.title, lead=one.lead, body=one.body, at=NOW - timedelta(hours=hour))
                for hour, one in enumerate(shipped.examples, start=1)
            ],
        )
        found = dry_run(connection, shipped.rule, now=NOW)
    assert titles(found.newest) == [one.title for one in firing]


def test_overlap_says_how_much_another_rule_finds_too(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [ago("مس و طلا", 1), ago("مس", 2), ago("طلا", 3)])
        others = [rule("طلا", "gold"), rule("نقره", "silver"), rule("مس")]
        (found,) = overlaps(connection, rule("مس"), others, now=NOW)
    assert (found.rule_id, found.both, found.share) == ("gold", 1, 0.5)


def test_two_versions_are_compared_by_what_is_gained_and_lost(database: Database) -> None:
    with database.write() as connection:
        put_all(connection, [ago("معدن مس", 1), ago("مس", 2), ago("معدن طلا", 3)])
        found = compare(connection, rule("مس"), rule("معدن"), now=NOW)
    assert (titles(found.gained), titles(found.lost), found.kept) == (["معدن طلا"], ["مس"], 1)
    assert isinstance(found.gained[0].match, Match)


def test_words_that_tell_the_hits_from_the_rest_are_suggested(database: Database) -> None:
    with database.write() as connection:
        copper = [ago(f"مس سرچشمه کاتد {number}", number) for number in range(1, 6)]
        rest = [ago(f"پسته رفسنجان بازار {number}", number) for number in range(6, 16)]
        put_all(connection, copper + rest)
        found = suggest_terms(connection, rule("مس"), now=NOW, limit=5)
    words = [one.words for one in found]
    assert {"سرچشمه", "کاتد", "سرچشمه کاتد"} <= set(words)
    assert not {"پسته", "مس"} & set(words)
    assert all(one.inside > one.outside and one.weight > 0 for one in found)


def test_readers_opinions_are_test_examples_and_teach_exclusions(database: Database) -> None:
    with database.write() as connection:
        ids = put_all(
            connection,
            [ago("مس در لیگ یک", 1), ago("مس و لیگ برتر", 2), ago("معدن مس", 3), ago("کاتد", 4)],
        )
        said = Feedback(
            rule_id="mine", article_id=0, reader="sara", is_relevant=False, note="", given_at=NOW
        )
        for article_id, is_relevant in zip(ids, (False, False, True, True), strict=True):
            keep_feedback(connection, replace(said, article_id=article_id, is_relevant=is_relevant))
        judged = judged_by_readers(connection, rule("مس -لیگ"))
        exclusions = suggest_exclusions(connection, rule("مس"))
        (report,) = evaluate_rules(
            [rule("مس")], labelled_by_readers(connection, [rule("مس"), rule("مس", "other")])
        )
    right = {one.found.archived.article.title: one.is_right for one in judged}
    assert right == {"مس در لیگ یک": True, "مس و لیگ برتر": True, "معدن مس": True, "کاتد": False}
    assert exclusions[0].words == "لیگ"
    assert (report.labelled, report.precision, report.recall) == (4, 1 / 3, 1 / 2)
