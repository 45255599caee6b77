"""Kill -9 while archiving: what was committed stays, nothing stands twice, all fits together."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from storage.articles import find_article
from storage.check import Verdict, examine
from storage.database import Database
from storage.schema.articles import articles, revisions, showings
from storage.schema.stories import stories, story_members
from tests.storage.archiving import run, stream

ROOT = Path(__file__).parents[2]
KILLS = 10
Names = dict[int, tuple[str, str]]


@pytest.mark.kill
def test_killed_at_any_instant_the_archive_is_whole_and_goes_on(
    database: Database, database_url: str, undisturbed: Database
) -> None:
    chance = random.Random(20260321)
    reached = -1
    for _ in range(KILLS):
        reached = max(reached, _archive_and_kill(database_url, chance))
        assert {finding.verdict for finding in examine(database, deep=True)} == {Verdict.GOOD}
        _require_committed(database, reached)
    run(database_url)
    assert _contents(database) == _contents(undisturbed)


@pytest.mark.kill
def test_workers_that_archive_the_same_at_once_and_are_killed_in_turns_make_it_once(
    database: Database, database_url: str, undisturbed: Database
) -> None:
    chance = random.Random(20260322)
    workers = [_start(database_url) for _ in range(3)]
    for turn in range(KILLS):
        time.sleep(0.3 + chance.random())
        _end(workers[turn % 3])
        workers[turn % 3] = _start(database_url)
    for worker in workers:
        worker.communicate()
        assert worker.returncode == 0
    assert {finding.verdict for finding in examine(database, deep=True)} == {Verdict.GOOD}
    assert _contents(database) == _contents(undisturbed)


@pytest.fixture
def undisturbed(sqlite_template: Path, tmp_path: Path) -> Database:
    """An archive of the same stream that nobody killed."""
    file = tmp_path / "undisturbed.db"
    shutil.copyfile(sqlite_template, file)
    run(f"sqlite:///{file}")
    return Database.open(f"sqlite:///{file}")


def _archive_and_kill(url: str, chance: random.Random) -> int:
    """Start the process, kill it a random time after a random commit, return its last word."""
    process = _start(url)
    assert process.stdout is not None
    target = chance.randrange(len(stream()))
    said = -1
    while said < target:
        said = int(process.stdout.readline())
    time.sleep(chance.random() * 0.03)
    rest = _end(process).split()
    return int(rest[-1]) if rest else said


def _start(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.archiving", url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _end(process: subprocess.Popen[str]) -> str:
    """Kill a process and return what it still said."""
    process.kill()
    said, _ = process.communicate()
    return said


def _require_committed(database: Database, reached: int) -> None:
    with database.read() as connection:
        for batch in stream()[: reached + 1]:
            for given_article in batch:
                key = (given_article.outlet_id, given_article.canonical_url)
                assert find_article(connection, *key) is not None


def _contents(database: Database) -> dict[str, Any]:
    """Everything said, shown and decided, by natural keys: row ids differ after a lost insert."""
    with database.read() as connection:
        names = {
            row.id: (row.outlet_id, row.canonical_url)
            for row in connection.execute(select(articles))
        }
        found = [find_article(connection, *name) for name in sorted(names.values())]
        return {
            "articles": [one and (one.article, one.sort_at, one.first_seen_at) for one in found],
            "revisions": _rows(connection, revisions, names),
            "showings": _rows(connection, showings, names),
            "stories": _stories(connection, names),
        }


def _rows(connection: Connection, table: Table, names: Names) -> list[str]:
    found = connection.execute(select(table)).mappings()
    return sorted(str({**row, "article_id": names[row["article_id"]]}) for row in found)


def _stories(connection: Connection, names: Names) -> list[Any]:
    members = connection.execute(select(story_members)).all()
    return sorted(
        (
            names[story.original_article_id],
            sorted(
                (names[one.article_id], one.relation) for one in members if one.story_id == story.id
            ),
        )
        for story in connection.execute(select(stories).where(stories.c.merged_into.is_(None)))
    )
