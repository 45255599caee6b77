"""The command line, as a person types it: what it prints, and how it ends."""

import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.opening import bring_up_to_date
from service.folder import owned
from service.house import open_house
from service.settings import load_settings
from service.web import views
from storage.articles import get_article
from storage.storyline import get_story
from tests.service.conftest import Command, Played, visit_all


def test_help_names_every_command(run: Command) -> None:
    code, out, _ = run("--help", settings=None)
    assert code == 0
    assert all(name in out for name in ("run", "demo", "search", "subscribe", "doctor", "backfill"))


@pytest.mark.parametrize("name", ["run", "demo", "backfill", "subscribe", "outlets", "archive"])
def test_every_command_explains_itself(run: Command, name: str) -> None:
    code, out, _ = run(name, "--help", settings=None)
    assert code == 0
    assert "Usage: " in out


def test_a_search_marks_the_words_as_printed(run: Command) -> None:
    code, out, _ = run("search", "شركت هاي", "OR", '"صنایع کوچک"')
    assert code == 0
    assert "⟦صنایع کوچک⟧" in out


def test_a_search_can_be_read_by_programs(run: Command) -> None:
    _, out, _ = run("search", "topic:copper", "--json", "--limit", "3")
    found = [json.loads(line) for line in out.splitlines()]
    assert len(found) == 3
    assert all("copper" in one["topics"] for one in found)


def test_a_search_goes_on_where_it_stopped(run: Command) -> None:
    _, out, _ = run("search", "کرمان", "--limit", "2")
    cursor = out.rpartition("--cursor ")[2].strip()
    _, more, _ = run("search", "کرمان", "--limit", "2", "--cursor", cursor)
    assert more
    assert more.splitlines()[0] not in out


def test_an_unbalanced_quote_is_shown_with_a_caret(run: Command) -> None:
    code, _, err = run("search", '"صنایع')
    assert code == 1
    assert err.splitlines()[1:3] == [
        "rasad: ^",
        'rasad: the quotation mark " is never closed',
    ]


def test_an_empty_result_says_what_was_asked(run: Command) -> None:
    code, out, _ = run("search", "فضاپیما")
    assert code == 0
    assert "nothing in the archive for: فضاپیما" in out


def test_a_story_shows_original_copies_credits_and_why(run: Command, played: Played) -> None:
    story_id = played.story_titled("سر سفره مس")
    code, out, _ = run("story", str(story_id), "--text")
    assert code == 0
    for words in ("نذیر کرمان", "original", "copy", "quoted_from", "press release of", "copper ("):
        assert words in out


def test_an_outlets_habits_and_the_names_nobody_mapped_are_told(run: Command) -> None:
    code, out, _ = run("outlets", "habits", "armanekerman")
    assert code == 0
    assert "its own" in out
    assert "نذیر کرمان" in out
    assert run("outlets", "unresolved")[0] == 0


def test_rulings_by_hand_are_remembered(fresh: Played, command: Command) -> None:
    asyncio.run(visit_all(fresh.house))
    story_id = fresh.story_titled("سر سفره مس")
    copy = views.story(fresh.house, story_id).tellers[1]

    def call(*words: str) -> str:
        code, out, _ = command(*words, settings=fresh.settings_file)
        assert code == 0
        return out

    told = call("story", str(story_id), "--split", str(copy.article_id), "--why", "دو خبر است")
    assert "دو خبر است, by " in told
    assert len(views.story(fresh.house, story_id).tellers) == 1
    alone = next(
        one.id
        for one in views.day(fresh.house, None).stories
        if one.original.article_id == copy.article_id
    )
    call("story", str(alone), "--merge-into", str(story_id))
    assert len(views.story(fresh.house, story_id).tellers) == 2
    call("story", str(story_id), "--root", str(copy.article_id))
    assert views.story(fresh.house, story_id).original.article_id == copy.article_id


def test_a_story_nobody_knows_is_named(run: Command) -> None:
    code, _, err = run("story", "99999")
    assert (code, err) == (1, "rasad: story 99999 is not in the archive\n")


def test_the_outlets_are_listed_with_their_health(run: Command) -> None:
    _, out, _ = run("outlets")
    assert "blocked" in out
    assert "healthy" in out
    _, out, _ = run("outlets", "--json")
    states = {one["id"]: one["health"] for one in map(json.loads, out.splitlines())}
    assert states["nazirkerman"] == "healthy"


def test_every_file_of_the_catalogue_is_right(run: Command, empty: str) -> None:
    code, out, _ = run("outlets", "validate", settings=empty)
    assert code == 0
    assert "every file is right" in out


def test_the_ledger_is_listed_and_filtered(run: Command) -> None:
    _, out, _ = run("deliveries", "--limit", "5")
    assert "sent" in out
    _, out, _ = run("deliveries", "--state", "held")
    assert "held (too old)" in out


def test_the_doctor_finds_the_played_archive_whole(run: Command) -> None:
    code, out, _ = run("doctor", "--deep")
    assert code == 0
    assert "bad" not in out


def test_the_doctor_says_what_is_bad_and_ends_otherwise_than_well(run: Command, empty: str) -> None:
    code, out, _ = run("doctor", settings=empty)
    assert code == 1
    assert "none is set (smtp.host)" in out
    assert "not there yet" in out
    assert not (Path(empty).parent / "data").exists(), "a doctor only looks"


def test_a_release_is_found_with_those_who_ran_it(
    run: Command, played: Played, tmp_path: Path
) -> None:
    with played.house.database.read() as connection:
        story = get_story(connection, played.story_titled("سر سفره مس"))
        text = get_article(connection, story.original_article_id).article.text
    file = tmp_path / "release.txt"
    file.write_text(text, encoding="utf-8")
    code, out, _ = run("pickup", str(file))
    assert code == 0
    assert "run by 2 outlets" in out
    file.write_text("متنی که هیچ‌کس چاپ نکرده است.", encoding="utf-8")
    assert "nobody in the archive ran it" in run("pickup", str(file))[1]


def test_a_backup_is_whole_and_never_overwrites(run: Command, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    assert run("backup", str(target))[0] == 0
    with sqlite3.connect(target) as copy:
        assert copy.execute("select count(*) from articles").fetchone()[0] > 50
    copy.close()
    code, _, err = run("backup", str(target))
    assert code == 1
    assert "exists already" in err


class TestSubscribing:
    def test_a_person_is_asked_first_and_can_leave(self, run: Command, empty: str) -> None:
        code, out, _ = run("subscribe", "add", "sara@example.ir", "sme", settings=empty)
        assert code == 0
        assert "pending" in out
        assert "a mail with a link" in out
        subscription = out.partition(":")[0]
        assert "sara@example.ir" in run("subscribe", settings=empty)[1]
        assert "has ended" in run("subscribe", "end", subscription, settings=empty)[1]
        assert run("subscribe", "end", subscription, settings=empty)[0] == 1

    def test_a_chat_is_asked_by_a_code_and_its_token_is_never_shown(
        self, run: Command, empty: str
    ) -> None:
        address = "tgram://123456789:AAFunnyTokenOfOurOwn-0123456789abcdef/-100123"
        _, out, _ = run("subscribe", "add", address, "copper", settings=empty)
        assert "a message with a code" in out
        subscription = out.partition(":")[0]
        assert run("subscribe", "confirm", subscription, "AAAA-AAAA", settings=empty)[0] == 1
        assert run("subscribe", "confirm", "sub_nobody", "AAAA-AAAA", settings=empty)[0] == 1
        house = open_house(load_settings(Path(empty), {}))
        code = house.links.code(subscription)
        house.close()
        out = run("subscribe", "confirm", subscription, code, settings=empty)[1]
        assert f"{subscription}: active" in out
        listed = run("subscribe", settings=empty)[1] + run("deliveries", settings=empty)[1]
        assert "AAFunny" not in listed

    def test_an_endpoint_gets_a_secret_shown_once(self, run: Command, empty: str) -> None:
        address = "https://example.com/hook"
        _, out, _ = run("subscribe", "add", address, "copper", settings=empty)
        assert "whsec_" in out
        _, out, _ = run("subscribe", "add", address, "sme", settings=empty)
        assert "whsec_" not in out

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("nobody", "sme"), "is not an address such as"),
            (("a@example.ir", "cooper"), "no topic or rule 'cooper'; there are: copper"),
            (("http://169.254.169.254/", "sme"), "is not an https address"),
            (("a@example.ir", "sme", "--rhythm", "never"), "rhythm: 'never' is not one of at_once"),
            (("a@example.ir", "sme", "--quiet", "tonight"), "two times such as 22:00-07:00"),
            (("a@example.ir",), "follow at least one topic or rule"),
        ],
    )
    def test_what_cannot_be_kept_is_named(
        self, run: Command, empty: str, words: tuple[str, ...], told: str
    ) -> None:
        code, _, err = run("subscribe", "add", *words, settings=empty)
        assert code == 1
        assert told in err
        assert len(err.splitlines()) == 1


class TestBadInput:
    """One clear line each, an exit code that is not 0, nothing changed."""

    def _one_line(self, result: tuple[int, str, str], words: str) -> None:
        code, _, err = result
        assert code != 0
        assert words in err
        assert len(err.splitlines()) == 1
        assert "Traceback" not in err

    def test_a_wrong_key_in_the_settings(self, run: Command, tmp_path: Path) -> None:
        path = tmp_path / "rasad.toml"
        path.write_text("[crawl]\ntick = 5\n")
        self._one_line(run("outlets", settings=str(path)), "crawl.tick: no such setting")

    def test_a_wrong_key_in_an_outlets_file(self, run: Command, tmp_path: Path) -> None:
        folder = tmp_path / "outlets"
        folder.mkdir()
        (folder / "x1.toml").write_text('id = "x1"\nnam = "x"\n', encoding="utf-8")
        path = tmp_path / "rasad.toml"
        path.write_text(
            f'data_folder = "{tmp_path / "data"}"\n[crawl]\nshipped_catalogue = false\n'
            f'outlet_folders = ["{folder}"]\n'
        )
        code, _, err = run("outlets", settings=str(path))
        assert code == 1
        assert "x1.toml: nam" in err
        assert "Traceback" not in err

    def test_a_port_in_use(self, run: Command, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            path = tmp_path / "rasad.toml"
            path.write_text(f'data_folder = "{tmp_path / "data"}"\n[web]\nport = {port}\n')
            self._one_line(run("run", settings=str(path)), "another program listens there")

    def test_a_second_daemon_on_the_same_folder(self, run: Command, empty: str) -> None:
        with owned(load_settings(Path(empty), {}).data_folder):
            self._one_line(run("run", settings=empty), "another Rasad")

    def test_a_database_of_a_newer_version(self, run: Command, empty: str) -> None:
        settings = load_settings(Path(empty), {})
        bring_up_to_date(settings)
        file = settings.data_folder / "rasad.sqlite"
        with sqlite3.connect(file) as archive:
            archive.execute("update alembic_version set version_num = '9999'")
        archive.close()
        before = file.read_bytes()
        for words in (("run",), ("search", "مس"), ("migrate",)):
            self._one_line(run(*words, settings=empty), "schema 9999")
        assert file.read_bytes() == before

    def test_a_folder_that_cannot_be_written(self, run: Command, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        path = tmp_path / "rasad.toml"
        path.write_text(f'data_folder = "{tmp_path / "file" / "data"}"\n')
        self._one_line(run("run", settings=str(path)), "cannot be written")

    def test_an_outlet_nobody_knows(self, run: Command, empty: str) -> None:
        self._one_line(run("visit", "nokerman", settings=empty), "no outlet 'nokerman'")

    def test_a_worker_on_sqlite(self, run: Command, empty: str) -> None:
        self._one_line(run("worker", settings=empty), "SQLite is for one process")

    def test_a_demo_folder_that_holds_something_else(self, run: Command, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.odt").write_text("years of work")
        words = ("demo", "--once", "--folder", str(tmp_path / "mine"))
        self._one_line(run(*words, settings=None), "holds something that is no demo")
        assert (tmp_path / "mine" / "thesis.odt").read_text() == "years of work"

    def test_an_unknown_command_is_refused_with_the_usage(self, run: Command) -> None:
        code, _, err = run("serch", settings=None)
        assert code == 2
        assert "No such command" in err


def test_a_reader_that_goes_away_early_is_no_fault(played: Played) -> None:
    command = [sys.executable, "-m", "service.cli.main", "--settings", played.settings_file]
    search = subprocess.Popen([*command, "search", "کرمان"], stdout=subprocess.PIPE)
    assert search.stdout is not None
    search.stdout.close()
    assert search.wait(timeout=30) == 0


def test_the_archive_is_created_by_hand_too(run: Command, empty: str) -> None:
    assert run("migrate", settings=empty)[0] == 0
    assert run("migrate", settings=empty)[1].startswith("the archive is at schema")
