"""The rules on the command line: saved, silenced, tried, compared, judged."""

from pathlib import Path

import pytest

from storage.rules import matches_of_rule
from tests.service.conftest import Command, Played
from tests.service.copied import copied


def test_a_rule_is_saved_versioned_and_silenced(run: Command, empty: str) -> None:
    saved = run("rules", "save", "exports", "مس NEAR/5 صادرات", settings=empty)
    assert saved[:2] == (0, "exports is at version 1; it decides from the next article on\n")
    run("rules", "save", "exports", "مس AND صادرات", "--note", "wider", settings=empty)
    _, out, _ = run("rules", "versions", "exports", settings=empty)
    assert "wider" in out
    assert "is silent" in run("rules", "silence", "exports", settings=empty)[1]
    assert "silenced" in run("rules", settings=empty)[1]
    assert "fires again" in run("rules", "silence", "exports", "--undo", settings=empty)[1]


@pytest.mark.parametrize(
    ("rule_id", "told"), [("copper", "is a topic"), ("../x", "cannot be"), ("try", "cannot be")]
)
def test_an_id_that_is_a_topic_or_no_id_is_refused(
    run: Command, empty: str, rule_id: str, told: str
) -> None:
    code, _, err = run("rules", "save", rule_id, "مس", settings=empty)
    assert code == 1
    assert told in err


def test_a_wrong_query_is_not_saved(run: Command, empty: str) -> None:
    code, _, err = run("rules", "save", "x", "(مس", settings=empty)
    assert code == 1
    assert "^" in err
    assert "(مس" not in run("rules", settings=empty)[1]


def test_a_dry_run_marks_words_and_tells_the_clause_overlap_and_near_misses(run: Command) -> None:
    code, out, _ = run("rules", "try", "copper")
    assert code == 0
    assert "⟦" in out
    for told in ("mails a week", "by day", "near misses", "other rules", "copper-kerman"):
        assert told in out


def test_a_misspelt_id_is_named_not_searched_for(run: Command) -> None:
    for words in (("try", "coper"), ("compare", "copper", "cooper"), ("suggest", "my-rule")):
        code, out, err = run("rules", *words)
        assert (code, out) == (1, "")
        assert "no topic or rule is named" in err
    assert "did you mean 'copper'" in run("rules", "try", "coper")[2]


def test_one_word_is_still_a_query(run: Command) -> None:
    assert run("rules", "try", "مس")[0] == 0
    assert run("rules", "try", '"coper"')[0] == 0
    code, _, err = run("rules", "try", "cathodes")
    assert code == 0
    assert "trying it as a query" in err


def test_versions_of_a_rule_are_compared(run: Command, empty: str) -> None:
    run("rules", "save", "exports", "مس", settings=empty)
    run("rules", "save", "exports", "مس صادرات", settings=empty)
    code, out, _ = run("rules", "compare", "exports@1", "exports", settings=empty)
    assert code == 0
    assert "0 kept, 0 gained, 0 lost" in out
    code, _, err = run("rules", "compare", "exports@7", "exports", settings=empty)
    assert code == 1
    assert "no version '7'" in err


def test_what_people_said_is_listed_and_measured(
    run: Command, played: Played, tmp_path: Path
) -> None:
    with copied(played, tmp_path / "own") as house:
        with house.database.read() as connection:
            match = matches_of_rule(connection, "sme", limit=1)[0]
        article = str(match.article_id)
        settings = tmp_path / "own.toml"
        settings.write_text(f'data_folder = "{tmp_path / "own"}"\n', encoding="utf-8")
        own = str(settings)
        assert run("rules", "judge", "sme", article, "--not-relevant", settings=own)[0] == 0
        _, out, _ = run("rules", "opinions", "sme", settings=own)
        assert "not relevant" in out
        assert "differs" in out
        _, out, _ = run("rules", "evaluate", settings=own)
        assert "1 opinions of readers" in out
        assert f"article {article}" in out
        run("rules", "judge", "sme", article, "--relevant", settings=own)
        _, out, _ = run("rules", "evaluate", "sme", settings=own)
        assert "1.000" in out
        assert run("rules", "judge", "no-such", article, "--relevant", settings=own)[0] == 1
        assert run("rules", "evaluate", "no-such", settings=own)[0] == 1
