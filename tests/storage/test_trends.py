"""Counting the archive over time, the same on both databases."""

from datetime import timedelta

from crawler.article import CreditKind
from storage import trends
from storage.database import Database
from storage.rules import KeptMatch, keep_matches
from tests.storage.same_story_press import arrive
from tests.storage.same_story_texts import NOON, SESSION, article, credit, office

DAY = timedelta(days=1)
START = NOON - DAY / 2


def a_chain(database: Database) -> int:
    """Nazir's story, taken by Farda with credit, by Vista from Farda, by Arman without a word."""
    return arrive(
        database,
        article("nazir", credits_=(office(),)),
        article("farda", SESSION[:4], minutes=30, credits_=(credit("nazir"),)),
        article(
            "vista", SESSION[:4], minutes=90, credits_=(credit("farda", CreditKind.SOURCE_TAG),)
        ),
        article("arman", minutes=240),
    )[0].story_id


def test_articles_are_counted_by_day_and_outlet(database: Database) -> None:
    a_chain(database)
    days = [(START - DAY, START), (START, START + DAY)]
    with database.read() as connection:
        empty, full = trends.volume(connection, days)
    assert empty.total == 0
    assert full.total == 4
    assert full.by_outlet == {"nazir": 1, "farda": 1, "vista": 1, "arman": 1}


def test_who_was_first_and_who_took_it_from_whom_is_counted(database: Database) -> None:
    a_chain(database)
    with database.read() as connection:
        found = trends.copying(connection, START, START + DAY)
        before = trends.copying(connection, START - DAY, START)
    assert found.stories == 1
    assert not found.is_partial
    assert found.firsts[0].outlet_id == "nazir"
    assert {(one.outlet_id, one.originals, one.copies) for one in found.firsts} == {
        ("nazir", 1, 0),
        ("farda", 0, 1),
        ("vista", 0, 1),
        ("arman", 0, 1),
    }
    assert found.taken["farda", "nazir"] == 1
    assert found.taken["vista", "farda"] == 1
    assert found.taken["arman", "nazir"] == 1
    assert before.firsts == ()


def test_stories_are_counted_by_what_fired(database: Database) -> None:
    story_id = a_chain(database)
    with database.write() as connection:
        (article_id,) = [
            one.article_id
            for one in trends.members_of_all(connection, [story_id])
            if one.outlet_id == "nazir"
        ]
        keep_matches(
            connection,
            [
                KeptMatch(
                    rule_id="sme",
                    story_id=story_id,
                    article_id=article_id,
                    rule_version=0,
                    score=2.0,
                    verdict={"words": []},
                    matched_at=NOON + 5 * DAY,
                )
            ],
        )
    with database.read() as connection:
        assert trends.topic_volume(connection, START, START + DAY) == {"sme": 1}
        assert trends.topic_volume(connection, START + DAY, START + 2 * DAY) == {}
