"""The doctor's examination: a whole archive is called whole, each fault is named."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.archive import archive
from storage.articles import keep_article
from storage.check import (
    LOG_MAX_BYTES,
    Finding,
    Verdict,
    broken_invariants,
    examine,
    examine_folder,
    judge_room,
)
from storage.database import Database
from tests.storage.articles import NOON, article, report
from tests.storage.test_archive import ROLES

MEGABYTE = 1024 * 1024


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as connection:
        for given_article in (article(), report("sobh"), report("rasa", minutes=30)):
            archive(connection, given_article, roles=ROLES, now=NOON + timedelta(days=1))
    return database


def _verdicts(findings: tuple[Finding, ...]) -> dict[str, Verdict]:
    return {finding.what: finding.verdict for finding in findings}


@pytest.mark.parametrize("deep", [False, True])
def test_a_whole_archive_is_called_whole(filled: Database, deep: bool) -> None:  # noqa: FBT001  # the parameter is the case
    found = _verdicts(examine(filled, deep=deep))
    assert set(found.values()) == {Verdict.GOOD}
    assert {"schema", "integrity", "rows"} <= set(found)


def test_an_archive_never_migrated_is_said_to_be_so(empty_database_url: str) -> None:
    database = Database.open(empty_database_url)
    (finding,) = examine(database)
    assert (finding.what, finding.verdict) == ("schema", Verdict.BAD)
    assert "rasad migrate" in finding.detail
    database.close()


def test_a_server_that_does_not_answer_is_a_finding(tmp_path: Path) -> None:
    database = Database.open(f"postgresql+psycopg://rasad@/rasad?host={tmp_path}")
    (finding,) = examine(database)
    assert (finding.what, finding.verdict) == ("database", Verdict.BAD)
    assert "does not answer" in finding.detail
    database.close()


def test_a_damaged_file_is_a_finding(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    with database.write() as connection:
        for number in range(300):
            keep_article(connection, article(number))
        connection.execute(text("UPDATE articles SET about = about || hex(zeroblob(900))"))
    database.close()
    assert database.file is not None
    _damage(database.file)
    assert Verdict.BAD in _verdicts(examine(database, deep=True)).values()
    database.close()


def test_a_large_file_is_read_through_only_when_asked_for(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    told = {
        deep: {one.what: one.detail for one in examine(database, deep=deep, quick_max_bytes=9)}
        for deep in (False, True)
    }
    assert "--deep" in told[False]["integrity"]
    assert told[True]["integrity"] == "every page read"
    database.close()


def _damage(file: Path) -> None:
    """Overwrite every fifth page but the first ones, which hold the tables' names."""
    content = bytearray(file.read_bytes())
    for page in range(100, len(content) // 4096, 5):
        content[page * 4096 : (page + 1) * 4096] = b"\x55" * 4096
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("DELETE FROM story_members WHERE article_id = 1", "every article has a story"),
        (
            "UPDATE articles SET content_hash = 'gone' WHERE id = 1",
            "every article has the text it shows",
        ),
        (
            "DELETE FROM showings WHERE article_id = 1",
            "every article's text was shown at some time",
        ),
        (
            "UPDATE stories SET original_article_id = 3 WHERE id = 1",
            "every living story has its original among its members",
        ),
        (
            "UPDATE stories SET merged_into = 2 WHERE id = 1",
            "no article belongs to a story that was taken in",
        ),
        (
            "DELETE FROM search_documents WHERE article_id = 1",
            "every article of a story can be searched",
        ),
    ],
)
def test_rows_that_do_not_fit_together_are_counted(filled: Database, fault: str, what: str) -> None:
    with filled.write() as connection:
        connection.execute(text(fault))
        broken = broken_invariants(connection)
    assert what in {finding.what for finding in broken}
    assert all("1 rows" in finding.detail for finding in broken)
    assert Verdict.BAD in _verdicts(examine(filled)).values()


@pytest.fixture
def orphaned(sqlite_url: str) -> Iterator[Database]:
    database = Database.open(sqlite_url)
    with database.write() as connection:
        keep_article(connection, article())
    loose = Database.open(sqlite_url)
    with loose.write() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM articles")
        connection.exec_driver_sql("BEGIN")
    loose.close()
    yield database
    database.close()


def test_a_row_that_refers_to_nothing_is_named(orphaned: Database) -> None:
    (finding,) = (one for one in examine(orphaned) if one.what == "integrity")
    assert finding.verdict is Verdict.BAD
    assert "a row of showings refers to none of articles" in finding.detail


def test_a_log_nobody_takes_in_is_a_warning(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    assert database.file is not None
    with database.read():
        log = database.file.with_name(f"{database.file.name}-wal")
        with log.open("ab") as handle:
            handle.truncate(LOG_MAX_BYTES + 1)  # a sparse file, no real room taken
        (finding,) = (one for one in examine(database) if one.what == "write-ahead log")
    assert finding.verdict is Verdict.WARNING
    assert "513 MB" in finding.detail or "512 MB" in finding.detail
    database.close()


def test_a_folder_with_room_is_good(tmp_path: Path) -> None:
    assert _verdicts(examine_folder(tmp_path))["folder"] is Verdict.GOOD
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_bad(tmp_path: Path) -> None:
    found = _verdicts(examine_folder(tmp_path / "nowhere"))
    assert found == {"folder": Verdict.BAD, "room": Verdict.BAD}


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (10 * MEGABYTE, Verdict.BAD),
        (1000 * MEGABYTE, Verdict.WARNING),
        (10_000 * MEGABYTE, Verdict.GOOD),
    ],
)
def test_room_is_judged_before_it_ends(free: int, verdict: Verdict) -> None:
    assert judge_room(Path("/data"), free).verdict is verdict
