"""A person's ruling while the machine archives: each waits for the other, neither half-sees it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Connection

from storage.archive import archive
from storage.check import broken_invariants
from storage.database import Database
from storage.members import find_member
from storage.rulings import merge, root_by_hand, split
from tests.storage.archiving import ROLES
from tests.storage.articles import NOON, article, report

NOW = NOON + timedelta(days=1)

#: Long enough for the second transaction to run into the first.
MEETING_SECONDS = 0.3

Work = Callable[[Connection], object]


def _copy(number: int) -> Work:
    """Archive the report as one more outlet ran it."""
    copy = report(f"outlet{number}", minutes=number)
    return lambda connection: archive(connection, copy, roles=ROLES, now=NOW)


def _merge(connection: Connection) -> None:
    merge(connection, 1, into=2, by_whom="a", why="b", roles=ROLES, now=NOW)


def _split(connection: Connection) -> None:
    split(connection, [1], by_whom="a", why="b", roles=ROLES, now=NOW)


def _root(connection: Connection) -> None:
    root_by_hand(connection, 1, original_article_id=2, by_whom="a", why="b", now=NOW)


def _prepare(database: Database) -> None:
    """Story 1 with articles 1 and 2, story 2 with article 3."""
    for work in (_copy(1), _copy(2)):
        with database.write() as connection:
            work(connection)
    with database.write() as connection:
        archive(connection, article(), roles=ROLES, now=NOW)


def _let_meet(database: Database, first: Work, second: Work) -> None:
    """Begin the second work while the first is done but not committed."""

    def follow() -> None:
        with database.write() as connection:
            second(connection)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            first(connection)
            following = pool.submit(follow)
            time.sleep(MEETING_SECONDS)
        following.result()
    with database.read() as connection:
        assert broken_invariants(connection) == ()


def _story_of(database: Database, article_id: int) -> int:
    with database.read() as connection:
        member = find_member(connection, article_id)
    assert member is not None
    return member.story_id


def test_a_story_is_merged_with_the_copy_that_is_just_arriving(database: Database) -> None:
    _prepare(database)
    _let_meet(database, _copy(3), _merge)
    assert {_story_of(database, article_id) for article_id in (1, 2, 3, 4)} == {2}


def test_a_copy_that_arrives_during_a_merge_joins_the_story_that_stands(
    database: Database,
) -> None:
    _prepare(database)
    _let_meet(database, _merge, _copy(3))
    assert _story_of(database, 4) == 2


def test_a_split_and_a_copy_leave_both_stories_whole(database: Database) -> None:
    _prepare(database)
    _let_meet(database, _split, _copy(3))
    assert _story_of(database, 1) != _story_of(database, 2)


def test_a_copy_does_not_undo_the_original_a_person_is_naming(database: Database) -> None:
    _prepare(database)
    _let_meet(database, _root, _copy(0))
    with database.read() as connection:
        relations = [find_member(connection, article_id) for article_id in (1, 2, 4)]
    assert [one and one.relation for one in relations] == ["copy", "original", "copy"]


def test_two_rulings_at_once_are_one_after_the_other(database: Database) -> None:
    _prepare(database)
    _let_meet(database, _merge, _merge)
    assert {_story_of(database, article_id) for article_id in (1, 2, 3)} == {2}
