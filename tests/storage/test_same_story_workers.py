"""Several workers at once, and workers that die: no article without a story, no story twice."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.articles import keep_article
from storage.database import Database
from storage.schema.articles import articles
from storage.schema.stories import stories, story_members
from storage.stories import place
from tests.storage.place_all import place_all, stream
from tests.storage.same_story_press import ROLES
from tests.storage.same_story_reports import REPORTS
from tests.storage.same_story_texts import article

ROOT = Path(__file__).parents[2]


def groups(database: Database) -> set[frozenset[str]]:
    """Return the stories as sets of the addresses they hold."""
    by_story: dict[int, set[str]] = {}
    with database.read() as connection:
        rows = connection.execute(
            select(story_members.c.story_id, articles.c.canonical_url).join(
                articles, articles.c.id == story_members.c.article_id
            )
        )
        for story_id, url in rows:
            by_story.setdefault(story_id, set()).add(url)
    return {frozenset(urls) for urls in by_story.values()}


def counts(database: Database) -> tuple[int, int, int]:
    with database.read() as connection:
        return (
            connection.scalar(select(func.count()).select_from(articles)) or 0,
            connection.scalar(select(func.count()).select_from(story_members)) or 0,
            connection.scalar(select(func.count()).select_from(stories)) or 0,
        )


def test_two_workers_with_two_copies_at_one_instant_end_with_one_story(database: Database) -> None:
    for number, report in enumerate(REPORTS.values()):
        together = threading.Barrier(2)
        placed: dict[str, int] = {}

        def work(
            outlet: str,
            *,
            number: int = number,
            paragraphs: tuple[str, ...] = report.paragraphs,
            title: str = report.title,
            together: threading.Barrier = together,
            placed: dict[str, int] = placed,
        ) -> None:
            one = article(outlet, paragraphs, title=title, minutes=number)
            together.wait()
            with database.write() as connection:
                kept = keep_article(connection, one)
                done = place(connection, kept.article_id, one, roles=ROLES, now=one.fetched_at)
            placed[outlet] = done.story_id

        workers = [threading.Thread(target=work, args=(outlet,)) for outlet in ("nazir", "arman")]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert placed["nazir"] == placed["arman"]
    assert counts(database) == (16, 16, 8)


def test_two_workers_on_one_stream_give_each_article_one_story(database: Database) -> None:
    workers = [threading.Thread(target=place_all, args=(database,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counts(database) == (48, 48, 8)
    assert len(groups(database)) == 8


@pytest.mark.kill
def test_a_worker_killed_again_and_again_leaves_what_an_unhurt_one_leaves(
    database: Database, database_url: str
) -> None:
    for _ in range(6):
        _run_and_kill(database_url, after=random.randint(1, 40))
        archived, placed, told = counts(database)
        assert archived == placed
        assert told <= 8
    place_all(database)
    assert counts(database) == (len(stream()), len(stream()), 8)
    assert all(len(one) == 6 for one in groups(database))


def _run_and_kill(url: str, *, after: int) -> None:
    """Start a worker and end it with SIGKILL once it told of so many articles."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.place_all", url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with worker:
        assert worker.stdout is not None
        for _ in range(after):
            if not worker.stdout.readline():
                break
        worker.kill()
