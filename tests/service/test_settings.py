"""Settings from file, environment and secret files; errors that name the place."""

from pathlib import Path

import pytest

from service.errors import SettingsError
from service.house import sender_of
from service.settings import Settings, load_settings


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rasad.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(environment={}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path, '[smtp]\nhost = "mail.example"\nport = 25\n')
    settings = load_settings(path, {"RASAD_SMTP__PORT": "2525"})
    assert (settings.smtp.host, settings.smtp.port) == ("mail.example", 2525)


def test_a_list_in_the_environment_is_written_as_in_toml() -> None:
    environment = {"RASAD_CRAWL__ONLY": '["isna", "irna"]'}
    assert load_settings(environment=environment).crawl.only == ("isna", "irna")


def test_a_secret_comes_from_a_file_and_never_prints(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3cret\n")
    settings = load_settings(environment={"RASAD_SMTP__PASSWORD_FILE": str(secret)})
    assert settings.smtp.password is not None
    assert settings.smtp.password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_a_wrong_key_is_named_with_its_file_and_the_likely_one(tmp_path: Path) -> None:
    path = _file(tmp_path, "[smtp]\nhots = 'x'\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(path, {})
    assert str(caught.value) == f"{path}: smtp.hots: no such setting; did you mean host?"


def test_a_key_like_no_other_lists_the_known_ones(tmp_path: Path) -> None:
    path = _file(tmp_path, "[web]\nzzzz = 1\n")
    with pytest.raises(SettingsError, match="web.zzzz: no such setting; known: host, port"):
        load_settings(path, {})


def test_a_wrong_value_in_the_environment_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"^RASAD_WEB__PORT: web.port: "):
        load_settings(environment={"RASAD_WEB__PORT": "ninety"})


def test_a_variable_below_a_value_is_refused() -> None:
    environment = {"RASAD_LANGUAGE": "fa", "RASAD_LANGUAGE__X": "1"}
    with pytest.raises(SettingsError, match="RASAD_LANGUAGE__X: language is not a section"):
        load_settings(environment=environment)


@pytest.mark.parametrize(
    ("text", "words"),
    [("[smtp\n", "not valid TOML"), ("", "no such file")],
)
def test_an_unreadable_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = _file(tmp_path, text) if text else tmp_path / "absent.toml"
    with pytest.raises(SettingsError, match=words):
        load_settings(path, {})


def test_a_missing_secret_file_is_named() -> None:
    with pytest.raises(SettingsError, match="RASAD_SMTP__PASSWORD_FILE: the file /nowhere"):
        load_settings(environment={"RASAD_SMTP__PASSWORD_FILE": "/nowhere"})


def test_sqlite_keeps_the_engine_in_a_file_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    assert settings.is_sqlite
    assert settings.engine_url != settings.archive_url


def test_postgresql_serves_both() -> None:
    url = "postgresql+psycopg://rasad@127.0.0.1/rasad"
    settings = load_settings(environment={"RASAD_DATABASE_URL": url})
    assert not settings.is_sqlite
    assert settings.engine_url == settings.archive_url == url


@pytest.mark.parametrize("sender", ["nobody", "@example.ir", "Rasad <rasad@>", ""])
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    settings = load_settings(environment={"RASAD_SMTP__SENDER": sender})
    with pytest.raises(SettingsError, match=r"smtp\.sender: .* is no address"):
        sender_of(settings)


def test_relative_paths_of_a_file_are_taken_from_its_folder(tmp_path: Path) -> None:
    path = _file(tmp_path, 'data_folder = "data"\n[crawl]\noutlet_folders = ["mine", "/other"]\n')
    settings = load_settings(path, {})
    assert settings.data_folder == tmp_path / "data"
    assert settings.crawl.outlet_folders == (tmp_path / "mine", Path("/other"))
