"""Rules with their versions, matches once per story, and the readers' feedback."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from storage.database import Database
from storage.errors import UnknownRecordError
from storage.rules import (
    Feedback,
    KeptMatch,
    edition,
    enable_rule,
    feedback_of,
    find_rule,
    get_rule,
    keep_feedback,
    keep_matches,
    list_rules,
    matches_of_rule,
    matches_of_stories,
    matches_of_story,
    save_rule,
    versions_of,
)
from storage.schema.stories import stories
from tests.storage.newsroom import NOW, Story, put

LATER_ON = timedelta(hours=1)
LATER = NOW + LATER_ON


def _story(connection: Connection, number: int) -> tuple[int, int]:
    article_id = put(connection, Story(number=number))
    row = {"original_article_id": article_id, "created_at": NOW, "is_rooted_by_hand": False}
    inserted = connection.execute(stories.insert().values(row))
    assert inserted.inserted_primary_key is not None
    return int(inserted.inserted_primary_key[0]), article_id


def _match(story_id: int, article_id: int, rule_id: str = "copper") -> KeptMatch:
    return KeptMatch(
        rule_id=rule_id,
        story_id=story_id,
        article_id=article_id,
        rule_version=1,
        score=2.5,
        verdict={"words": ["کاتد"]},
        matched_at=NOW,
    )


def test_another_query_becomes_the_next_version(database: Database) -> None:
    with database.write() as connection:
        first = save_rule(connection, "mine", query="مس", now=NOW, name="معدن", saved_by="سارا")
        assert (first.version, first.query, first.name, first.is_enabled) == (1, "مس", "معدن", True)
        second = save_rule(connection, "mine", query="مس معدن", now=LATER, note="تنگ‌تر")
        assert (second.version, second.query, second.name) == (2, "مس معدن", "معدن")
        assert (second.created_at, second.changed_at) == (NOW, LATER)
        found = versions_of(connection, "mine")
        assert [(one.version, one.query, one.saved_by, one.note) for one in found] == [
            (1, "مس", "سارا", ""),
            (2, "مس معدن", "", "تنگ‌تر"),
        ]


def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        first = save_rule(connection, "mine", query="مس", now=NOW)
        assert save_rule(connection, "mine", query="مس", now=LATER) == first
        renamed = save_rule(connection, "mine", query="مس", now=LATER, name="تازه")
        assert (renamed.name, renamed.version) == ("تازه", 1)


def test_a_silenced_rule_keeps_its_versions(database: Database) -> None:
    with database.write() as connection:
        save_rule(connection, "b", query="مس", now=NOW)
        save_rule(connection, "a", query="طلا", now=NOW)
        enable_rule(connection, "b", enabled=False, now=LATER)
        assert [rule.id for rule in list_rules(connection)] == ["a", "b"]
        assert [rule.id for rule in list_rules(connection, only_enabled=True)] == ["a"]
        assert len(versions_of(connection, "b")) == 1


def test_every_change_makes_another_edition_even_one_of_a_clock_that_is_behind(
    database: Database,
) -> None:
    with database.write() as connection:
        seen = [edition(connection)]
        save_rule(connection, "a", query="مس", now=LATER)
        seen.append(edition(connection))
        save_rule(connection, "a", query="مس", now=LATER)
        assert edition(connection) == seen[-1]
        save_rule(connection, "a", query="طلا", now=NOW)
        seen.append(edition(connection))
        enable_rule(connection, "a", enabled=False, now=NOW)
        seen.append(edition(connection))
        save_rule(connection, "b", query="مس", now=NOW)
        seen.append(edition(connection))
    assert len(set(seen)) == len(seen) == 5


def test_an_unknown_rule_is_named(database: Database) -> None:
    with database.read() as connection:
        assert find_rule(connection, "none") is None
        with pytest.raises(UnknownRecordError, match="«none»"):
            get_rule(connection, "none")
        with pytest.raises(UnknownRecordError):
            enable_rule(connection, "none", enabled=True, now=NOW)


def test_a_rule_matches_a_story_once(database: Database) -> None:
    with database.write() as connection:
        story_id, article_id = _story(connection, 1)
        keep_matches(connection, [])
        keep_matches(connection, [_match(story_id, article_id)])
        again = replace(_match(story_id, article_id), score=9.0, matched_at=LATER)
        keep_matches(connection, [again])
        keep_matches(connection, [_match(story_id, article_id, "sme"), again])
        assert matches_of_story(connection, story_id) == (
            _match(story_id, article_id),
            _match(story_id, article_id, "sme"),
        )


def test_matches_are_listed_by_story_and_by_rule(database: Database) -> None:
    with database.write() as connection:
        one, two = _story(connection, 1), _story(connection, 2)
        keep_matches(connection, [_match(*one), replace(_match(*two), matched_at=LATER)])
        by_story = matches_of_stories(connection, [one[0], two[0], 999])
        assert {key: len(found) for key, found in by_story.items()} == {
            one[0]: 1,
            two[0]: 1,
            999: 0,
        }
        newest = matches_of_rule(connection, "copper", limit=5)
        assert [match.story_id for match in newest] == [two[0], one[0]]
        (older,) = matches_of_rule(connection, "copper", limit=5, before=newest[0])
        assert older.story_id == one[0]


def test_stories_matched_at_one_instant_are_each_on_one_page(database: Database) -> None:
    with database.write() as connection:
        keep_matches(connection, [_match(*_story(connection, number)) for number in (1, 2, 3)])
        whole = matches_of_rule(connection, "copper", limit=9)
        (first,) = matches_of_rule(connection, "copper", limit=1)
        assert (first, *matches_of_rule(connection, "copper", limit=9, before=first)) == whole
        assert len(whole) == 3


def test_the_last_word_of_a_reader_counts(database: Database) -> None:
    with database.write() as connection:
        _, article_id = _story(connection, 1)
        said = Feedback(
            rule_id="copper",
            article_id=article_id,
            reader="sara@example.ir",
            is_relevant=False,
            note="فوتبال است",
            given_at=NOW,
        )
        keep_feedback(connection, said)
        changed = replace(said, is_relevant=True, given_at=LATER)
        keep_feedback(connection, changed)
        other = replace(said, reader="reza@example.ir")
        keep_feedback(connection, other)
        keep_feedback(connection, replace(changed, given_at=changed.given_at + LATER_ON))
        assert feedback_of(connection, "copper") == (changed, other)
        assert feedback_of(connection, "sme") == ()
