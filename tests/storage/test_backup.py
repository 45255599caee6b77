"""Backups: consistent under load, whole or not there, and fit to be put back."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.articles import count_articles, get_article, keep_article
from storage.backup import back_up, inspect_backup, restore
from storage.check import broken_invariants
from storage.database import Database
from storage.errors import BackupError
from storage.versions import newest_version
from tests.storage.articles import article


@pytest.fixture
def archive(sqlite_url: str) -> Iterator[Database]:
    database = Database.open(sqlite_url)
    with database.write() as connection:
        for number in range(20):
            keep_article(connection, article(number))
    yield database
    database.close()


def _count(file: Path) -> int:
    database = Database.open(f"sqlite:///{file}")
    with database.read() as connection:
        count = count_articles(connection)
    database.close()
    return count


def test_a_backup_put_back_is_the_archive(archive: Database, tmp_path: Path) -> None:
    backup = back_up(archive, tmp_path / "backup.db")
    assert backup.schema == newest_version()
    assert backup.size_bytes == (tmp_path / "backup.db").stat().st_size
    restore(backup.file, tmp_path / "restored.db")
    restored = Database.open(f"sqlite:///{tmp_path / 'restored.db'}")
    with restored.read() as connection, archive.read() as original:
        assert count_articles(connection) == 20
        assert get_article(connection, 7) == get_article(original, 7)
    with restored.write() as connection:
        keep_article(connection, article(99))
    restored.close()


def test_a_backup_is_one_file(archive: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(archive, folder / "backup.db")
    assert [file.name for file in folder.iterdir()] == ["backup.db"]


def test_a_backup_under_load_is_consistent_and_ends(archive: Database, tmp_path: Path) -> None:
    stop = threading.Event()
    begun = threading.Event()

    def load() -> None:
        number = 100
        while not stop.is_set():
            with archive.write() as connection:
                for _ in range(5):
                    keep_article(connection, article(number))
                    number += 1
            begun.set()

    writers = [threading.Thread(target=load)]
    for writer in writers:
        writer.start()
    begun.wait()
    try:
        backups = [back_up(archive, tmp_path / f"{number}.db") for number in range(4)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    for backup in backups:
        assert _count(backup.file) % 5 == 0
        assert broken_invariants_of(backup.file) == []


def broken_invariants_of(file: Path) -> list[str]:
    database = Database.open(f"sqlite:///{file}")
    with database.read() as connection:
        broken = [one.what for one in broken_invariants(connection)]
    database.close()
    return [what for what in broken if "story" not in what]  # these articles were never placed


def test_progress_is_told_up_to_the_end(archive: Database, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    back_up(archive, tmp_path / "backup.db", progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] > 0


def test_nothing_is_overwritten(archive: Database, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        back_up(archive, tmp_path / "backup.db")
    with pytest.raises(BackupError, match="exists already"):
        restore(tmp_path / "other.db", tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "precious"


def test_a_missing_folder_or_file_is_named(archive: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"nowhere does not exist"):
        back_up(archive, tmp_path / "nowhere" / "backup.db")
    with pytest.raises(BackupError, match="no backup at"):
        restore(tmp_path / "nothing.db", tmp_path / "restored.db")
    empty = Database.open(f"sqlite:///{tmp_path / 'never.db'}")
    with pytest.raises(BackupError, match="nothing to back up"):
        back_up(empty, tmp_path / "backup.db")


def test_what_is_no_archive_is_not_put_back(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database")
    with pytest.raises(BackupError, match="no archive of Rasad"):
        restore(tmp_path / "text.db", tmp_path / "restored.db")
    sqlite3.connect(tmp_path / "other.db").close()
    with pytest.raises(BackupError, match="no archive of Rasad"):
        restore(tmp_path / "other.db", tmp_path / "restored.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["other.db", "text.db"]


def test_a_torn_backup_is_not_put_back(archive: Database, tmp_path: Path) -> None:
    backup = back_up(archive, tmp_path / "backup.db").file
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(BackupError, match=r"damaged|no archive"):
        restore(backup, tmp_path / "restored.db")
    assert not (tmp_path / "restored.db").exists()


def test_a_backup_of_a_later_release_is_not_put_back(archive: Database, tmp_path: Path) -> None:
    backup = back_up(archive, tmp_path / "backup.db").file
    later = sqlite3.connect(backup)
    later.execute("UPDATE alembic_version SET version_num = '9999'")
    later.commit()
    later.close()
    with pytest.raises(BackupError, match="9999.*install the release"):
        inspect_backup(backup)


def test_a_backup_that_cannot_be_written_leaves_nothing(archive: Database, tmp_path: Path) -> None:
    (tmp_path / "backup.db.partial").mkdir()
    with pytest.raises(BackupError):
        back_up(archive, tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


def test_a_postgresql_archive_is_backed_up_by_its_own_tools(postgres_archive_url: str) -> None:
    database = Database.open(postgres_archive_url)
    with pytest.raises(BackupError, match="pg_dump"):
        back_up(database, Path("backup.db"))
    database.close()
