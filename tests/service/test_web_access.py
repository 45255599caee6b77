"""Who may do what: sessions, tokens, roles, private loopback, foreign sites, too many requests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.main import cli
from service.errors import SettingsError
from service.house import House
from service.settings import WebSettings
from service.web.accounts import FILE, Accounts, Role, Scope
from service.web.app import create_app
from service.web.limiter import MOST_ASKERS, Limit, Limiter
from service.web.refusal import BadFormError
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

PUBLIC = "https://rasad.example.ir"
PASSWORD = "زعفران قائنات ۱۲"
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def public(played: Played, tmp_path: Path) -> Iterator[House]:
    """An installation behind a public address."""
    web = WebSettings(public_url=PUBLIC)
    with copied(played, tmp_path / "public", web=web) as house:
        yield house


def accounts(house: House) -> Accounts:
    return Accounts(house.settings.data_folder)


def browser(house: House) -> Browser:
    return Browser(create_app(house), base=PUBLIC)


class TestRoles:
    def test_anybody_reads_and_nobody_changes_without_signing_in(self, public: House) -> None:
        web = browser(public)
        for path in ("/", "/search?q=%D9%85%D8%B3", "/topics", "/trends", "/api/v1/stories"):
            assert web.get(path).status_code == 200, path
        for path in ("/deliveries", "/subscriptions", "/topics/try", "/pickup", "/export.csv"):
            assert web.get(path).status_code == 401, path
        assert "داوری دستی" not in web.get("/stories/1").text
        assert "/sign-in" in web.get("/").text
        assert web.get("/api/v1/subscriptions").status_code == 401

    def test_an_editor_rules_on_stories_and_an_admin_sees_who_is_told(self, public: House) -> None:
        accounts(public).add_user("sara", Role.EDITOR, PASSWORD)
        web = browser(public)
        signed = web.fill("/sign-in", "/sign-in", {"name": "sara", "password": PASSWORD})
        assert "sara" in signed.text
        assert "داوری دستی" in web.get("/stories/1").text
        assert web.get("/deliveries").status_code == 403
        accounts(public).add_user("sara", Role.ADMIN, PASSWORD)
        assert web.get("/").status_code == 200
        web.fill("/sign-in", "/sign-in", {"name": "sara", "password": PASSWORD})
        assert web.get("/deliveries").status_code == 200
        web.fill("/", "/sign-out", {})
        assert web.get("/deliveries").status_code == 401

    def test_a_wrong_password_and_an_unknown_name_are_told_alike(self, public: House) -> None:
        accounts(public).add_user("sara", Role.ADMIN, PASSWORD)
        web = browser(public)
        told = [
            web.fill("/sign-in", "/sign-in", {"name": name, "password": "نادرست است این"})
            for name in ("sara", "nobody")
        ]
        assert [one.status_code for one in told] == [401, 401]
        assert all("درست نیست" in one.text for one in told)

    def test_a_session_ends_with_its_user_its_password_and_its_time(
        self, played: Played, tmp_path: Path
    ) -> None:
        times = [NOW]
        web_settings = WebSettings(public_url=PUBLIC)
        with copied(played, tmp_path / "t", clock=lambda: times[0], web=web_settings) as house:
            kept, web = accounts(house), browser(house)

            def signs_in() -> None:
                kept.add_user("sara", Role.ADMIN, PASSWORD)
                web.fill("/sign-in", "/sign-in", {"name": "sara", "password": PASSWORD})
                assert web.get("/deliveries").status_code == 200

            signs_in()
            kept.add_user("sara", Role.ADMIN, PASSWORD + "نو")
            assert web.get("/deliveries").status_code == 401
            signs_in()
            kept.remove_user("sara")
            assert web.get("/deliveries").status_code == 401
            signs_in()
            times[0] += timedelta(hours=13)
            assert web.get("/deliveries").status_code == 401

    def test_a_persian_name_signs_in_too(self, public: House) -> None:
        accounts(public).add_user("سارا", Role.ADMIN, PASSWORD)
        web = browser(public)
        web.fill("/sign-in", "/sign-in", {"name": "سارا", "password": PASSWORD})
        assert web.get("/deliveries").status_code == 200

    def test_a_forged_session_is_nobodys(self, public: House) -> None:
        accounts(public).add_user("sara", Role.ADMIN, PASSWORD)
        web = browser(public)
        for cookie in ("sara|99999999999|x", "sara", "||", "sara|x|y"):
            answer = web.get("/deliveries", headers={"cookie": f"rasad_session={cookie}"})
            assert answer.status_code == 401


class TestTokens:
    def test_a_token_does_what_its_scopes_say_and_no_more(self, public: House) -> None:
        token = accounts(public).issue("desk", frozenset({Scope.SUBSCRIPTIONS}), now=NOW)
        web, headers = browser(public), {"authorization": f"Bearer {token}"}
        assert web.get("/api/v1/subscriptions", headers=headers).status_code == 200
        assert web.get("/api/v1/deliveries", headers=headers).status_code == 403
        accounts(public).revoke("desk")
        refused = web.get("/api/v1/subscriptions", headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert web.get("/topics", headers=headers).status_code == 200

    def test_neither_tokens_nor_passwords_can_be_read_back(self, tmp_path: Path) -> None:
        kept = Accounts(tmp_path)
        token = kept.issue("desk", frozenset(Scope), now=NOW)
        kept.add_user("sara", Role.READER, PASSWORD)
        text = (tmp_path / FILE).read_text("utf-8")
        assert token not in text
        assert PASSWORD not in text
        assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
        assert kept.find_token(token) is not None
        assert kept.find_token(token + "x") is None
        assert kept.check("sara", PASSWORD) is not None

    @pytest.mark.parametrize("name", ["", "a b", "x" * 81])
    def test_what_is_no_account_is_refused(self, tmp_path: Path, name: str) -> None:
        kept = Accounts(tmp_path)
        with pytest.raises(BadFormError):
            kept.add_user(name, Role.READER, PASSWORD)
        with pytest.raises(BadFormError):
            kept.issue(name, frozenset(Scope), now=NOW)
        with pytest.raises(BadFormError):
            kept.add_user("sara", Role.READER, "short")


class TestStrangers:
    def test_a_private_house_answers_only_to_its_own_name(self, played: Played) -> None:
        web = Browser(create_app(played.house), base="http://evil.example:8765")
        assert web.get("/").status_code == 403
        assert Browser(create_app(played.house), base="http://localhost:1").get("/").is_success

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
    )
    def test_another_sites_page_can_send_nothing(
        self, played: Played, headers: dict[str, str]
    ) -> None:
        web = Browser(create_app(played.house))
        answer = web.post("/api/v1/outlets/sabanews/visit", headers=headers)
        assert answer.status_code == 403
        assert "another site" in answer.json()["detail"]

    def test_a_form_too_large_or_garbled_is_refused(self, played: Played) -> None:
        web = Browser(create_app(played.house))
        kind = {"content-type": "application/x-www-form-urlencoded"}
        large = web.ask("POST", "/pickup", content=b"text=" + b"x" * 1_100_000, headers=kind)
        assert large.status_code == 413
        assert web.ask("POST", "/pickup", content=b"\xff", headers=kind).status_code == 422

    def test_others_are_not_listened_to_before_there_is_an_admin(
        self, played: Played, tmp_path: Path
    ) -> None:
        with copied(played, tmp_path / "open", web=WebSettings(host="0.0.0.0")) as house:  # noqa: S104
            with pytest.raises(SettingsError, match="rasad users add"):
                create_app(house)
            accounts(house).add_user("sara", Role.ADMIN, PASSWORD)
            assert create_app(house)


class TestLimits:
    def test_passwords_cannot_be_tried_out(self, public: House) -> None:
        web = browser(public)
        data = {"name": "sara", "password": "نادرست است این"}
        answers = [web.fill("/sign-in", "/sign-in", data) for _ in range(7)]
        assert [one.status_code for one in answers[:4]] == [401] * 4
        assert answers[-1].status_code == 429
        assert "<h1>درخواست‌ها بیش از اندازه است" in answers[-1].text
        assert "ثانیهٔ دیگر دوباره بیایید" in answers[-1].text
        assert int(answers[-1].headers["retry-after"]) > 0

    def test_programs_are_held_back_with_a_problem(self, played: Played, tmp_path: Path) -> None:
        still = WebSettings(public_url=PUBLIC)
        with copied(played, tmp_path / "still", clock=lambda: NOW, web=still) as house:
            web = browser(house)
            answers = [web.get("/api/v1/events/none/schema") for _ in range(125)]
        assert answers[0].status_code == 404
        assert answers[-1].status_code == 429
        assert answers[-1].json()["title"] == "too_many"

    def test_a_bucket_refills_with_time_and_is_each_askers_own(self) -> None:
        limiter = Limiter()
        limit = Limit(name="x", burst=2, period=timedelta(seconds=10))
        assert limiter.take(limit, "a", now=NOW) is None
        assert limiter.take(limit, "a", now=NOW) is None
        assert limiter.take(limit, "a", now=NOW) == timedelta(seconds=5)
        assert limiter.take(limit, "b", now=NOW) is None
        assert limiter.take(limit, "a", now=NOW + timedelta(seconds=5)) is None
        assert limiter.take(limit, "a", now=NOW + timedelta(seconds=5)) is not None

    def test_it_remembers_no_more_askers_than_it_may(self) -> None:
        limiter = Limiter()
        limit = Limit(name="x", burst=1, period=timedelta(hours=1))
        for number in range(MOST_ASKERS + 1):
            limiter.take(limit, str(number), now=NOW)
        assert limiter.take(limit, "0", now=NOW) is None
        assert limiter.take(limit, str(MOST_ASKERS), now=NOW) is not None


class TestCommand:
    def test_users_and_tokens_are_kept_at_the_command_line(self, tmp_path: Path) -> None:
        file = tmp_path / "rasad.toml"
        file.write_text(f'data_folder = "{tmp_path}/data"\n')

        def run(*words: str, typed: str = "") -> str:
            done = CliRunner().invoke(cli, ["--settings", str(file), "users", *words], input=typed)
            return done.output if done.exit_code == 0 else f"failed: {done.exception}"

        added = run("add", "sara", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}\n")
        assert "sara may sign in as admin" in added
        token = run("token", "desk", "export", "rules").strip()
        kept = Accounts(tmp_path / "data")
        found = kept.find_token(token)
        assert found is not None
        assert found.scopes == {Scope.EXPORT, Scope.RULES}
        assert kept.has_admin()
        listed = run()
        assert "sara" in listed
        assert "export, rules" in listed
        assert "no more" in run("remove", "sara")
        assert "nothing now" in run("revoke", "desk")
        assert "no user 'sara'" in run("remove", "sara")
        assert "no token 'desk'" in run("revoke", "desk")
