"""Links beside stories, what a changed text does, and what may be forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.article import Article, DateClaim, DateSource, Trust
from storage.database import Database
from storage.fingerprints import forget_fingerprints
from storage.members import find_member, forget_sketches, links_of, members_of, sides_of
from storage.relations import Relation
from storage.stories import moment
from tests.storage.same_story_press import arrive
from tests.storage.same_story_reports import REPORTS
from tests.storage.same_story_texts import NOON, SESSION, article

DAY = timedelta(days=1)


def digest(minutes: float, *names: str) -> Article:
    chosen = [REPORTS[name] for name in names]
    lines = tuple(line for one in chosen for line in (f"■ {one.title}", *one.paragraphs[:4]))
    return article(
        "farda", lines, title="گزیده خبرهای روز", minutes=minutes, url="https://farda.test/today"
    )


def report(name: str, minutes: float = 0) -> Article:
    one = REPORTS[name]
    return article("nazir", one.paragraphs, title=one.title, minutes=minutes)


def test_a_digest_is_linked_to_each_of_its_stories(database: Database) -> None:
    first, second = arrive(database, report("copper"), report("qanat", 10))
    whole = arrive(database, digest(300, "copper", "qanat"))[0]
    with database.read() as connection:
        links = links_of(connection, first.story_id) + links_of(connection, second.story_id)
    assert [(one.article_id, one.kind) for one in links] == [(3, Relation.DIGEST)] * 2
    assert whole.relation is Relation.DIGEST
    assert all(one.evidence is not None for one in links)


def test_a_digest_that_drops_an_item_drops_its_link(database: Database) -> None:
    first, second, third = arrive(
        database, report("copper"), report("qanat", 10), report("bus", 20)
    )
    arrive(database, digest(300, "copper", "qanat", "bus"))
    arrive(database, digest(300, "copper", "qanat"))
    with database.read() as connection:
        linked = [len(links_of(connection, one.story_id)) for one in (first, second, third)]
    assert linked == [1, 1, 0]


def test_a_changed_text_of_a_shared_story_stays_there(database: Database) -> None:
    url = "https://arman.test/7"
    first, copy = arrive(database, article("nazir"), article("arman", minutes=30, url=url))
    other = REPORTS["bus"]
    changed = article("arman", other.paragraphs, title=other.title, minutes=60, url=url)
    again = arrive(database, changed)[0]
    assert again.story_id == copy.story_id == first.story_id
    with database.read() as connection:
        assert len(members_of(connection, first.story_id)) == 2
        member = find_member(connection, 2)
        (side,) = sides_of(connection, [2])
    assert member is not None
    assert member.letters == side.sketch.size
    assert "ساردوییه" in side.sketch.text


def test_what_has_left_the_window_may_be_forgotten(database: Database) -> None:
    late = article("farda", REPORTS["bus"].paragraphs, title="اتوبوس", minutes=60 * 24 * 60)
    arrive(database, article("nazir"), late)
    with database.write() as connection:
        assert forget_fingerprints(connection, before=NOON + 45 * DAY) > 0
        assert forget_fingerprints(connection, before=NOON + 45 * DAY) == 0
        assert forget_sketches(connection, before=NOON + 45 * DAY) == 1
        assert [one.article_id for one in sides_of(connection, [1, 2])] == [2]
        assert find_member(connection, 1) is not None


@pytest.mark.parametrize(
    ("trust", "claimed", "expected"),
    [
        (Trust.EXACT, timedelta(hours=-2), timedelta(hours=-2)),
        (Trust.EXACT, timedelta(days=400), timedelta()),
        (Trust.DOUBTFUL, timedelta(hours=-2), timedelta()),
        (Trust.DAY, timedelta(hours=-9), timedelta()),
        (Trust.DAY, timedelta(days=-5), timedelta(days=-4)),
    ],
)
def test_an_article_came_out_when_it_can_be_believed(
    trust: Trust, claimed: timedelta, expected: timedelta
) -> None:
    read = NOON
    claim = DateClaim(at=read + claimed, source=DateSource.META, trust=trust, printed="")
    one = replace(article("nazir", SESSION), published=claim, fetched_at=read)
    assert moment(one) == read + expected


def test_without_a_date_the_reading_counts() -> None:
    one = article("nazir", claims_time=False)
    assert moment(one) == one.fetched_at
