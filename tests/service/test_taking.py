"""Out of the archive and in again, as a person does it: export in three forms, import of two."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from crawler.page import Page
from service.cli.main import cli
from service.cli.opening import bring_up_to_date
from service.errors import SettingsError
from service.house import House, open_house
from service.taking_in import TakenIn, take_in_file
from service.taking_out import Form, take_out
from storage.articles import count_articles
from storage.export import everything_found
from storage.ledger import count_by_state
from storage.parquet import ROW_GROUP, parquet_pieces
from storage.query import Everything
from storage.warc import encode_page
from tests.service.conftest import Played


def silent(*_told: object) -> None:
    """Hear the progress and say nothing."""


def exported(house: House, form: Form) -> bytes:
    return b"".join(take_out(house.database, Everything(), form, progress=silent))


@contextmanager
def fresh(played: Played, folder: Path) -> Iterator[House]:
    """A house with the same outlets and an archive of its own, empty."""
    folder.mkdir()
    settings = played.house.settings.model_copy(update={"data_folder": folder})
    bring_up_to_date(settings)
    house = open_house(settings)
    house.rulebook.refresh()
    yield house
    house.close()


def page(url: str, body: bytes) -> Page:
    at = datetime(2025, 3, 1, tzinfo=UTC)
    return Page(requested_url=url, url=url, status=200, body=body, fetched_at=at)


def run(played: Played, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--settings", played.settings_file, *words])


class TestOut:
    def test_every_form_has_every_article(self, played: Played) -> None:
        with played.house.database.read() as connection:
            count = count_articles(connection)
        sheet = exported(played.house, Form.CSV).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(sheet)))) == count
        assert len(exported(played.house, Form.JSONL).splitlines()) == count
        table = pyarrow.parquet.read_table(io.BytesIO(exported(played.house, Form.PARQUET)))
        assert table.num_rows == count

    def test_parquet_has_types_that_mean_something(self, played: Played) -> None:
        table = pyarrow.parquet.read_table(io.BytesIO(exported(played.house, Form.PARQUET)))
        assert str(table.schema.field("published_at").type) == "timestamp[us, tz=UTC]"
        rows = {row["article_id"]: row for row in table.to_pylist()}
        for one in everything_found(played.house.database, Everything()):
            row, article = rows[one.archived.id], one.archived.article
            assert row["body"] == article.body
            assert row["tags"] == list(article.tags)
            assert row["topics"] == list(one.topics)
            assert row["sort_at"] == one.archived.sort_at
        assert any(row["topics"] for row in rows.values())

    def test_parquet_is_written_a_row_group_at_a_time(self, played: Played) -> None:
        (first, *_) = everything_found(played.house.database, Everything())
        told: list[int] = []
        pieces = parquet_pieces([first] * (2 * ROW_GROUP + 1), progress=told.append)
        whole = b"".join(pieces)
        assert told == [ROW_GROUP, 2 * ROW_GROUP, 2 * ROW_GROUP + 1]
        assert pyarrow.parquet.ParquetFile(io.BytesIO(whole)).num_row_groups == 3

    def test_parquet_without_its_library_says_what_to_install(self) -> None:
        code = (
            "import sys; sys.modules['pyarrow'] = None\n"
            "from storage.errors import MissingLibraryError\n"
            "from storage.parquet import require_parquet\n"
            "try: require_parquet()\n"
            "except MissingLibraryError as error: print(error)\n"
        )
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert "rasad[parquet]" in told.stdout

    def test_the_command_writes_a_file_by_what_its_name_ends_with(
        self, played: Played, tmp_path: Path
    ) -> None:
        file = tmp_path / "sme.parquet"
        done = run(played, "export", "topic:sme", "--out", str(file))
        assert "articles written" in done.output
        assert pyarrow.parquet.read_table(file).num_rows > 0
        assert list(tmp_path.glob("*.part")) == []

    def test_the_command_names_what_is_wrong(self, played: Played, tmp_path: Path) -> None:
        wrong = run(played, "export", "(مس", "--out", str(tmp_path / "x.csv"))
        assert wrong.exception is not None
        nowhere = run(played, "export", "--out", str(tmp_path / "no" / "x.csv"))
        assert "cannot be written" in str(nowhere.exception)


class TestIn:
    def test_an_export_taken_in_elsewhere_is_the_same_archive(
        self, played: Played, tmp_path: Path
    ) -> None:
        file = tmp_path / "all.jsonl"
        file.write_bytes(exported(played.house, Form.JSONL))
        with fresh(played, tmp_path / "other") as house:
            told: list[TakenIn] = []
            done = take_in_file(house, file, progress=lambda count, _: told.append(count))
            assert done.new == done.total == told[-1].total
            again = take_in_file(house, file, progress=silent)
            assert (again.new, again.unchanged) == (0, done.new)
            left = [one.archived.article for one in everything_found(house.database, Everything())]
            with house.database.read() as connection:
                assert count_by_state(connection) == {}
        right = everything_found(played.house.database, Everything())
        assert sorted(map(repr, left)) == sorted(repr(one.archived.article) for one in right)

    def test_pages_of_a_known_outlet_become_articles_and_others_are_counted(
        self, played: Played, tmp_path: Path
    ) -> None:
        outlet = next(iter(played.house.outlets.values()))
        file = tmp_path / "old.warc.gz"
        html = "<html><body><p>این صفحه خبری ندارد</p></body></html>".encode()
        pages = [page(f"{outlet.homepage}/news/1", html), page("https://elsewhere.example/1", html)]
        file.write_bytes(b"".join(encode_page(one).record for one in pages))
        with fresh(played, tmp_path / "other") as house:
            told: list[str] = []
            done = take_in_file(
                house, file, progress=lambda _, step: told.append(str(step.problem))
            )
        assert done.total == len(told) == 2
        assert "elsewhere.example/1 is on no outlet's host" in told[1]

    def test_a_file_of_another_kind_or_with_a_bad_line_is_named(
        self, played: Played, tmp_path: Path
    ) -> None:
        with pytest.raises(SettingsError, match=r"ends with \.jsonl"):
            take_in_file(played.house, tmp_path / "x.xml", progress=silent)
        with pytest.raises(SettingsError, match="cannot be read"):
            take_in_file(played.house, tmp_path / "none.jsonl", progress=silent)
