"""The audit log: who changed what through the pages, the API and the command line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import APIRouter
from structlog.testing import capture_logs

from service.cli.auditing import TURNS
from service.house import House
from service.settings import WebSettings
from service.web.accounts import Accounts, Role, Scope
from service.web.app import create_app
from service.web.auditing import ACTS
from storage.audit import Act, AuditEntry, Outcome, list_audit
from storage.database import Database
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

PUBLIC: Final = "https://rasad.example.ir"
PASSWORD: Final = "زعفران قائنات ۱۲"
NOW: Final = datetime(2026, 11, 23, 6, tzinfo=UTC)
V1: Final = "/api/v1"

#: Routes that change nothing, or are a subscriber's own or a hub's, by the links they were given.
NO_ACT: Final = {
    ("POST", f"{V1}/trials"),
    ("POST", f"{V1}/pickup"),
    ("POST", "/pickup"),
    ("POST", "/c/{token}"),
    ("POST", "/m/{token}"),
    ("POST", "/u/{token}"),
    ("POST", "/f/{token}"),
    ("POST", "/websub/{token}"),
}


@pytest.fixture
def public(played: Played, tmp_path: Path) -> Iterator[House]:
    web = WebSettings(public_url=PUBLIC)
    with copied(played, tmp_path / "public", web=web) as house:
        yield house


@pytest.fixture
def web(public: House) -> Browser:
    return Browser(create_app(public), base=PUBLIC)


def accounts(house: House) -> Accounts:
    return Accounts(house.settings.data_folder)


def headers(house: House, *scopes: Scope) -> dict[str, str]:
    token = accounts(house).issue("desk", frozenset(scopes or Scope), now=NOW)
    return {"authorization": f"Bearer {token}"}


def kept(house: House) -> list[AuditEntry]:
    with house.database.read() as connection:
        return list(reversed(list_audit(connection, limit=100)))


def told(house: House) -> list[tuple[str | None, str, str | None, str]]:
    return [(one.who, one.act.value, one.target, one.outcome.value) for one in kept(house)]


def sign_in(web: Browser, name: str = "sara", password: str = PASSWORD) -> Any:
    return web.fill("/sign-in", "/sign-in", {"name": name, "password": password})


class TestPages:
    def test_sign_ins_are_written_down_but_never_what_was_typed_for_a_name(
        self, public: House, web: Browser
    ) -> None:
        accounts(public).add_user("sara", Role.EDITOR, PASSWORD)
        sign_in(web, password="نادرست است این")
        sign_in(web, name=PASSWORD)
        sign_in(web)
        web.fill("/", "/sign-out", {})
        assert told(public) == [
            ("sara", "signed_in", None, "refused"),
            (None, "signed_in", None, "refused"),
            ("sara", "signed_in", None, "done"),
            ("sara", "signed_out", None, "done"),
        ]
        assert {one.source for one in kept(public)} == {"127.0.0.1"}

    def test_an_editors_work_is_written_down_with_what_it_was_done_to(
        self, public: House, web: Browser
    ) -> None:
        accounts(public).add_user("sara", Role.ADMIN, PASSWORD)
        sign_in(web)
        web.fill("/topics/sme", "/topics", {"id": "mes-co", "query": "مس"})
        web.fill("/topics/mes-co", "/topics/mes-co/silence", {"enabled": "0"})
        web.fill("/topics/mes-co", "/topics/mes-co/silence", {"enabled": "1"})
        web.fill("/stories/1", "/stories/1/merge", {"into": "1", "why": "همان است"})
        subscribed = {"address": "sara@example.ir", "rule": "sme"}
        web.fill("/subscribe", "/subscribe", subscribed)
        made = kept(public)[-1].target
        web.fill("/subscriptions", f"/subscriptions/{made}", {"action": "pause", "days": "7"})
        web.fill("/subscriptions", f"/subscriptions/{made}", {"action": "dance"})
        assert told(public)[1:] == [
            ("sara", "rule_saved", "mes-co", "done"),
            ("sara", "rule_silenced", "mes-co", "done"),
            ("sara", "rule_enabled", "mes-co", "done"),
            ("sara", "story_merged", "1", "failed"),
            ("sara", "subscription_made", made, "done"),
            ("sara", "subscription_paused", made, "done"),
            ("sara", "subscription_changed", made, "failed"),
        ]
        assert str(made).startswith("sub_")

    def test_what_somebody_may_not_do_is_written_down_as_refused(
        self, public: House, web: Browser
    ) -> None:
        accounts(public).add_user("reza", Role.READER, PASSWORD)
        sign_in(web, "reza")
        web.fill("/pickup", "/topics/sme/silence", {})
        assert told(public)[-1] == ("reza", "rule_silenced", "sme", "refused")

    def test_strangers_fill_no_log(self, public: House, web: Browser) -> None:
        web.fill("/subscribe", "/subscribe", {"address": "sara@example.ir", "rule": "sme"})
        web.ask("POST", f"{V1}/rules/sme/silence")
        web.ask("POST", f"{V1}/rules/sme/silence", headers={"authorization": "Bearer rasad_x"})
        assert kept(public) == []

    def test_an_import_is_named_by_its_id(self, public: House, web: Browser) -> None:
        accounts(public).add_user("sara", Role.EDITOR, PASSWORD)
        sign_in(web)
        token = web.get("/import").text.split('name="csrf" value="')[1].split('"')[0]
        sent = web.ask(
            "POST", "/import", data={"csrf": token}, files={"file": ("old.jsonl", b"{}\n")}
        )
        name = sent.headers["location"].rpartition("/")[2]
        assert told(public)[-1] == ("sara", "collection_imported", name, "done")


class TestApi:
    def test_a_tokens_work_bears_its_name_and_never_the_token(
        self, public: House, web: Browser
    ) -> None:
        sent = headers(public)
        wish = {"address": "https://hook.example.com/in?key=geheim", "rules": ["sme"]}
        web.ask("PUT", f"{V1}/rules/mes", json={"query": "مس"}, headers=sent)
        web.ask("PUT", f"{V1}/rules/mes", json={"query": "(مس"}, headers=sent)
        made = web.ask("POST", f"{V1}/subscriptions", json=wish, headers=sent).json()["id"]
        web.ask("POST", f"{V1}/subscriptions/{made}/end", headers=sent)
        web.ask("POST", f"{V1}/deliveries/dlv_none/retry", headers=sent)
        assert told(public) == [
            ("token desk", "rule_saved", "mes", "done"),
            ("token desk", "rule_saved", "mes", "failed"),
            ("token desk", "subscription_made", made, "done"),
            ("token desk", "subscription_ended", made, "done"),
            ("token desk", "delivery_retried", "dlv_none", "failed"),
        ]
        secrets = (sent["authorization"].partition(" ")[2], "geheim")
        assert not any(secret in str(kept(public)) for secret in secrets)

    def test_the_log_is_read_page_by_page_by_its_own_scope(
        self, public: House, web: Browser
    ) -> None:
        sent = headers(public)
        for name in ("a", "b", "c"):
            web.ask("PUT", f"{V1}/rules/rule-{name}", json={"query": "مس"}, headers=sent)
        first = web.get(f"{V1}/audit", params={"limit": 2, "who": "token desk"}, headers=sent)
        assert [one["target"] for one in first.json()] == ["rule-c", "rule-b"]
        following = first.headers["link"].partition(">")[0].lstrip("<")
        second = web.get(following, headers=sent)
        assert [one["target"] for one in second.json()] == ["rule-a"]
        assert "link" not in second.headers
        none = web.get(f"{V1}/audit", params={"act": "signed_in"}, headers=sent)
        assert none.json() == []
        few = headers(public, *(set(Scope) - {Scope.AUDIT}))
        assert web.get(f"{V1}/audit", headers=few).status_code == 403
        assert web.get(f"{V1}/audit").status_code == 401
        auditor = headers(public, Scope.AUDIT)
        assert len(web.get(f"{V1}/audit", headers=auditor).json()) == 3
        assert web.ask("POST", f"{V1}/rules/rule-a/silence", headers=auditor).status_code == 403

    def test_the_description_names_the_scope_of_the_log(self, web: Browser) -> None:
        route = web.get(f"{V1}/openapi.json").json()["paths"][f"{V1}/audit"]["get"]
        assert route["security"] == [{"HTTPBearer": ["audit"]}]
        assert "Scope: audit." in route["description"]

    def test_every_route_that_changes_something_is_in_the_table(self, public: House) -> None:
        routes = {
            (method, included.include_context.prefix + one.path)
            for included in create_app(public).routes
            for one in getattr(included, "original_router", APIRouter()).routes
            for method in one.methods - {"GET", "HEAD"}
        }
        assert routes == ACTS.keys() | NO_ACT
        assert not ACTS.keys() & NO_ACT


class TestThePage:
    def test_the_page_shows_and_narrows_the_log_in_both_languages(
        self, public: House, web: Browser
    ) -> None:
        accounts(public).add_user("sara", Role.ADMIN, PASSWORD)
        sign_in(web)
        web.fill("/topics/sme", "/topics", {"id": "mes-co", "query": "مس"})
        assert 'href="/audit"' in web.get("/").text
        page = web.get("/audit").text
        assert "ورود" in page
        assert "mes-co" in page
        english = web.get("/audit", params={"act": "signed_in", "lang": "en"}).text
        assert '<td data-label="Act">signed in</td>' in english
        assert "mes-co" not in english
        assert web.get("/audit", params={"act": "danced"}).status_code == 422
        assert "هنوز کسی" in web.get("/audit", params={"who": "nobody"}).text

    def test_a_long_log_goes_on(self, public: House, web: Browser) -> None:
        sent = headers(public)
        for _ in range(101):
            web.ask("POST", f"{V1}/rules/none/silence", headers=sent)
        more = web.get("/audit", headers=sent).text.split('rel="next" href="')[1].split('"')[0]
        assert web.get(more, headers=sent).text.count("<td data-label=") == 6

    def test_only_an_admin_sees_it(self, public: House, web: Browser) -> None:
        assert web.get("/audit").status_code == 401
        accounts(public).add_user("sara", Role.EDITOR, PASSWORD)
        sign_in(web)
        assert web.get("/audit").status_code == 403
        assert 'href="/audit"' not in web.get("/").text


def test_an_act_is_told_to_the_log_of_the_process_when_the_archive_is_away(public: House) -> None:
    accounts(public).add_user("sara", Role.ADMIN, PASSWORD)
    away = Database.open("postgresql+psycopg://x@127.0.0.1:9/none")
    web = Browser(create_app(replace(public, database=away)), base=PUBLIC)
    token = web.get("/sign-in").text.split('name="csrf" value="')[1].split('"')[0]
    with capture_logs() as lines:
        form = {"csrf": token, "name": "sara", "password": PASSWORD}
        assert web.post("/sign-in", data=form).status_code == 303
    (line,) = (one for one in lines if "not in the audit log" in one["event"])
    assert (line["who"], line["act"], line["outcome"]) == ("sara", "signed_in", "done")
    away.close()


def test_the_vocabulary_is_used_to_the_last_word() -> None:
    by_form = {Act.SUBSCRIPTION_ENDED, Act.SUBSCRIPTION_PAUSED, Act.SUBSCRIPTION_RESUMED}
    known = {*ACTS.values(), *by_form, *(turn.act for turns in TURNS.values() for turn in turns)}
    assert known == set(Act)
    assert {one.value for one in Outcome} == {"done", "refused", "failed"}
