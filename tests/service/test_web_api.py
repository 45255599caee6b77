"""The API beside reading: rules, subscriptions, rulings, ledger, visits, ETags, feeds, exports."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from service.house import House
from service.web import views
from service.web.app import create_app
from storage.articles import count_articles
from storage.outlet_states import get_state
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

V1 = "/api/v1"


@pytest.fixture
def web(played: Played) -> Browser:
    return Browser(create_app(played.house))


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        yield house


def send(web: Browser, method: str, path: str, body: Any = None) -> httpx.Response:
    return web.ask(method, V1 + path, json=body)


def _pages(web: Browser, path: str) -> list[Any]:
    """Follow a list from page to page; return everything it held."""
    found, following = [], V1 + path
    while following:
        page = web.get(following)
        assert page.status_code == 200, page.text
        found += page.json()
        following = page.headers.get("link", "").partition(">")[0].lstrip("<")
    return found


class TestRules:
    def test_a_rule_is_saved_tried_silenced_and_has_its_versions(self, own: House) -> None:
        web = Browser(create_app(own))
        saved = send(web, "PUT", "/rules/mes", {"query": "مس", "name": "مس"}).json()
        assert (saved["version"], saved["is_enabled"]) == (1, True)
        assert send(web, "PUT", "/rules/mes", {"query": "مس صادرات"}).json()["version"] == 2
        assert not send(web, "POST", "/rules/mes/silence").json()["is_enabled"]
        assert send(web, "POST", "/rules/mes/enable").json()["is_enabled"]
        versions = send(web, "GET", "/rules/mes/versions").json()
        assert [one["query"] for one in versions] == ["مس", "مس صادرات"]
        tried = send(web, "POST", "/trials", {"query": "مس", "against": "mes"}).json()
        assert tried["articles"] >= tried["stories"] > 0
        assert len(tried["gained"]) > 0
        assert {one["id"] for one in send(web, "GET", "/rules").json()} >= {"mes", "sme"}
        assert send(web, "GET", "/rules/mes").json()["text"] == "مس صادرات"

    def test_matches_and_opinions(self, own: House) -> None:
        web = Browser(create_app(own))
        matches = send(web, "GET", "/rules/sme/matches").json()
        assert matches
        assert len(matches) > 1
        with own.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE matches SET matched_at = '2026-01-01 08:00:00.000000'"
            )
        tied = send(web, "GET", "/rules/sme/matches?limit=200").json()
        assert _pages(web, "/rules/sme/matches?limit=1") == tied
        gone = web.get(f"{V1}/rules/sme/matches", params={"cursor": 99999})
        assert gone.status_code == 422
        opinion = {"article_id": matches[0]["article_id"], "is_relevant": False}
        assert send(web, "PUT", "/rules/sme/opinion", opinion).status_code == 204

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("PUT", "/rules/sme", {"query": "مس"}, 409),
            ("PUT", "/rules/good", {"query": "(مس"}, 422),
            ("PUT", "/rules/good", {}, 422),
            ("POST", "/trials", {"query": "("}, 422),
            ("POST", "/trials", {"query": "مس", "against": "no-such"}, 404),
            ("GET", "/rules/no-such", None, 404),
            ("GET", "/rules/no-such/versions", None, 404),
            ("POST", "/rules/no-such/silence", None, 404),
            ("PUT", "/rules/sme/opinion", {"article_id": 99999, "is_relevant": True}, 404),
        ],
    )
    def test_what_cannot_be_is_told_as_a_problem(
        self, web: Browser, method: str, path: str, body: Any, status: int
    ) -> None:
        answer = send(web, method, path, body)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


class TestSubscriptions:
    def test_a_subscription_is_made_changed_paused_and_ended(self, own: House) -> None:
        web = Browser(create_app(own))
        wish = {"address": "sara@example.ir", "rules": ["sme"], "vouched": True}
        made = send(web, "POST", "/subscriptions", wish)
        assert made.status_code == 201
        assert made.json()["state"] == "active"
        path = f"/subscriptions/{made.json()['id']}"
        wanted = {"rules": ["copper"], "rhythm": "daily", "quiet": "22:00-07:00", "cap_per_hour": 3}
        changed = send(web, "PUT", f"{path}/preferences", wanted).json()
        assert (changed["rules"], changed["rhythm"]) == (["copper"], "daily")
        assert send(web, "POST", f"{path}/pause?days=30").json()["paused_until_at"]
        assert send(web, "POST", f"{path}/resume").json()["paused_until_at"] is None
        assert send(web, "POST", f"{path}/enable").json()["disabled_at"] is None
        assert send(web, "POST", f"{path}/end").json()["state"] == "ended"
        assert send(web, "GET", path).json()["state"] == "ended"
        addresses = [one["address"] for one in send(web, "GET", "/subscriptions").json()]
        assert "sara@example.ir" in addresses

    def test_the_list_goes_on_page_by_page(self, own: House) -> None:
        web = Browser(create_app(own))
        for name in ("sara", "reza", "mina"):
            wish = {"address": f"{name}@example.ir", "rules": ["sme", "copper"]}
            send(web, "POST", "/subscriptions", wish)
        whole = send(web, "GET", "/subscriptions?limit=200").json()
        assert _pages(web, "/subscriptions?limit=1") == whole
        assert whole[-1]["rules"] == ["copper", "sme"]
        assert send(web, "GET", "/subscriptions?cursor=none").status_code == 422

    def test_a_chat_begins_by_its_code_and_hides_its_token(self, own: House) -> None:
        web = Browser(create_app(own))
        address = "tgram://123456789:AAFunnyTokenOfOurOwn-0123456789abcdef/-100123"
        made = send(web, "POST", "/subscriptions", {"address": address, "rules": ["sme"]}).json()
        assert (made["state"], made["secret"]) == ("pending", None)
        assert made["address"].startswith("tgram://api.telegram.org/…")
        path = f"/subscriptions/{made['id']}/confirm"
        assert send(web, "POST", path, {"code": "AAAA-AAAA"}).status_code == 422
        code = {"code": own.links.code(made["id"])}
        assert send(web, "POST", path, code).json()["state"] == "active"

    def test_an_endpoints_secret_is_shown_when_made_and_when_renewed(self, own: House) -> None:
        web = Browser(create_app(own))
        wish = {"address": "https://example.com/hook", "rules": ["sme"]}
        made = send(web, "POST", "/subscriptions", wish).json()
        assert made["state"] == "pending"
        path = f"/subscriptions/{made['id']}"
        renewed = send(web, "POST", f"{path}/secret").json()["secret"]
        assert renewed.startswith("whsec_")
        assert renewed != made["secret"]
        assert send(web, "GET", path).json()["secret"] is None

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("POST", "/subscriptions", {"address": "nobody", "rules": ["sme"]}, 422),
            ("POST", "/subscriptions", {"address": "a@example.ir", "rules": ["none"]}, 422),
            ("POST", "/subscriptions", {"address": "a@example.ir", "language": "de"}, 422),
            ("GET", "/subscriptions/none", None, 404),
            ("POST", "/subscriptions/none/end", None, 404),
            ("POST", "/subscriptions/sub_demo_1/dance", None, 404),
            ("POST", "/subscriptions/sub_demo_1/pause?days=5", None, 422),
            ("POST", "/subscriptions/sub_demo_1/secret", None, 409),
        ],
    )
    def test_what_cannot_be_is_told_as_a_problem(
        self, own: House, method: str, path: str, body: Any, status: int
    ) -> None:
        answer = send(Browser(create_app(own)), method, path, body)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


class TestWork:
    def test_stories_are_split_merged_and_rerooted(self, own: House) -> None:
        web = Browser(create_app(own))
        story = max(views.day(own, None).stories, key=lambda one: len(one.tellers))
        path, last = f"/stories/{story.id}", story.tellers[-1].article_id
        fresh = send(web, "POST", f"{path}/split", {"article_ids": [last], "why": "دیگری"}).json()
        assert [one["article"]["id"] for one in fresh["tellers"]] == [last]
        merge = {"into": story.id, "why": "همان"}
        merged = send(web, "POST", f"/stories/{fresh['id']}/merge", merge).json()
        assert merged["id"] == story.id
        root = {"article_id": last, "why": "زودتر"}
        rooted = send(web, "POST", f"{path}/root", root).json()
        assert rooted["tellers"][0]["article"]["id"] == last
        wrong = send(web, "POST", f"{path}/root", {"article_id": 99999, "why": "نیست"})
        assert wrong.status_code == 409
        assert (
            send(web, "POST", f"{path}/split", {"article_ids": [], "why": "ی"}).status_code == 422
        )

    def test_a_delivery_is_owed_again(self, own: House) -> None:
        web = Browser(create_app(own))
        sent = web.get(f"{V1}/deliveries", params={"state": "sent"}).json()[0]
        assert send(web, "POST", f"/deliveries/{sent['id']}/retry").json()["state"] == "owed"
        assert send(web, "POST", "/deliveries/none/retry").status_code == 404

    def test_the_ledger_is_read_page_by_page_without_repeats(self, web: Browser) -> None:
        whole = [one["id"] for one in web.get(f"{V1}/deliveries", params={"limit": 200}).json()]
        seen: list[str] = []
        path: str | None = f"{V1}/deliveries?limit=3"
        while path:
            page = web.get(path)
            seen += [one["id"] for one in page.json()]
            path = page.links["next"]["url"] if "next" in page.links else None
        assert seen == whole
        assert web.get(f"{V1}/deliveries", params={"cursor": "none"}).status_code == 422

    def test_an_outlet_is_made_due_and_its_visits_are_listed(self, own: House) -> None:
        web = Browser(create_app(own))
        visits = send(web, "GET", "/outlets/sabanews/visits").json()
        assert visits[0]["failure"]
        assert send(web, "POST", "/outlets/sabanews/visit").status_code == 202
        with own.database.read() as connection:
            due_at = get_state(connection, "sabanews").next_visit_at
        assert due_at is not None
        assert due_at <= own.clock()
        assert send(web, "GET", "/outlets/none/visits").status_code == 404
        assert send(web, "POST", "/outlets/none/visit").status_code == 404


class TestReading:
    def test_a_day_is_read_page_by_page_without_repeats(self, web: Browser) -> None:
        whole = [one["id"] for one in web.get(f"{V1}/stories", params={"limit": 200}).json()]
        seen: list[int] = []
        path: str | None = f"{V1}/stories?limit=4"
        while path:
            page = web.get(path)
            seen += [one["id"] for one in page.json()]
            path = page.links["next"]["url"] if "next" in page.links else None
        assert seen == whole
        assert web.get(f"{V1}/stories", params={"cursor": 99999}).status_code == 404

    def test_versions_and_comparisons(self, web: Browser, played: Played) -> None:
        story = max(views.day(played.house, None).stories, key=lambda one: len(one.tellers))
        first, second = (one.article_id for one in story.tellers[:2])
        (version, *_) = web.get(f"{V1}/articles/{first}/revisions").json()
        assert version["is_current"]
        params = {"before": version["ref"], "after": second}
        found = web.get(f"{V1}/compare", params=params).json()
        assert found["before"] == version["ref"]
        assert 0 < found["kept"] <= 1
        shown = "".join(run["text"] for run in found["title"] if run["kind"] != "removed")
        assert shown == story.tellers[1].article.title

    def test_health_counts_outlets_and_deliveries(self, web: Browser, played: Played) -> None:
        health = web.get(f"{V1}/health").json()
        assert sum(health["outlets"].values()) == len(played.house.outlets)
        assert health["deliveries"]["sent"] > 0

    def test_every_article_can_be_asked_for_instead_of_every_story(self, web: Browser) -> None:
        params = {"q": "توفان", "limit": 200}
        once = web.get(f"{V1}/search", params=params).json()["hits"]
        every = web.get(f"{V1}/search", params=params | {"every": True}).json()["hits"]
        assert len(every) > len(once)

    def test_what_has_not_changed_is_not_sent_again(self, web: Browser) -> None:
        first = web.get(f"{V1}/outlets")
        again = web.get(f"{V1}/outlets", headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        other = web.get(f"{V1}/rules", headers={"if-none-match": first.headers["etag"]})
        assert other.status_code == 200

    def test_a_method_that_is_none_is_told_which_there_are(self, web: Browser) -> None:
        answer = web.ask("DELETE", f"{V1}/rules/sme")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")
        assert web.ask("PUT", "/").headers["allow"] == "GET"

    def test_who_asks_for_the_head_alone_is_told_the_etag(self, web: Browser) -> None:
        whole = web.get(f"{V1}/outlets")
        head = web.ask("HEAD", f"{V1}/outlets")
        assert (head.status_code, head.headers["etag"]) == (200, whole.headers["etag"])

    @pytest.mark.parametrize("text", ["a\u0000b", "\ud800"])
    def test_what_no_archive_can_hold_is_refused_at_the_door(self, web: Browser, text: str) -> None:
        body = json.dumps({"query": "مس", "name": text}).encode("ascii")
        headers = {"content-type": "application/json"}
        kept = web.ask("PUT", f"{V1}/rules/odd", content=body, headers=headers)
        assert kept.status_code == 422
        assert "half a character" in kept.json()["detail"]
        assert web.get(f"{V1}/rules/a%00b").status_code == 422
        assert web.get(f"{V1}/search?q=a%00b").status_code == 422

    def test_the_description_names_every_route_with_what_it_does(self, web: Browser) -> None:
        document = web.get(f"{V1}/openapi.json").json()
        routes = [one for path in document["paths"].values() for one in path.values()]
        assert all(one.get("description") or one.get("summary") for one in routes)
        assert "HTTPBearer" in document["components"]["securitySchemes"]

    def test_the_guide_names_every_route(self, web: Browser) -> None:
        guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
        paths = web.get(f"{V1}/openapi.json").json()["paths"]
        routes = {f"`{way.upper()} {path}`" for path, ways in paths.items() for way in ways}
        assert {route for route in routes if route not in guide} == set()
        named = {line.split("|")[1].strip() for line in guide.splitlines() if "| `" in line[:4]}
        assert {one for one in named if " /" in one} == routes


class TestTakingAlong:
    def test_any_query_and_any_topic_is_an_atom_feed(self, web: Browser, played: Played) -> None:
        for params in ({"q": "مس"}, {"rule": "sme"}):
            answer = web.get("/feeds/atom", params=params)
            assert answer.headers["content-type"].startswith("application/atom+xml")
            root = fromstring(answer.text)
            entries = root.findall("{http://www.w3.org/2005/Atom}entry")
            assert entries
            base = played.house.settings.public_url
            assert entries[0][0].text.startswith(f"{base}/stories/")
        etag = web.get("/feeds/atom?rule=sme").headers
        assert etag["etag"]

    def test_the_same_as_json_feed(self, web: Browser) -> None:
        feed = web.get("/feeds/json", params={"q": "مس"}).json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["items"][0]["id"] == feed["items"][0]["url"]

    def test_a_feed_of_nothing_in_particular_is_refused(self, web: Browser) -> None:
        assert web.get("/feeds/atom").status_code == 422
        assert web.get("/feeds/atom", params={"rule": "none"}).status_code == 404
        assert web.get("/feeds/json", params={"q": "("}).status_code == 422

    def test_a_saved_rule_is_a_feed_too(self, own: House) -> None:
        web = Browser(create_app(own))
        send(web, "PUT", "/rules/mes", {"query": "مس", "name": "مس"})
        assert "<entry>" in web.get("/feeds/atom", params={"rule": "mes"}).text

    def test_the_outlets_feeds_are_an_outline(self, web: Browser) -> None:
        root = fromstring(web.get("/outlets.opml").text)
        assert root.findall("body/outline")

    def test_a_query_is_exported_whole_for_excel(self, web: Browser, played: Played) -> None:
        answer = web.get("/export.csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        with played.house.database.read() as connection:
            assert len(rows) == count_articles(connection)
        assert {row["outlet"] for row in rows} <= played.house.outlets.keys()
        some = web.get("/export.csv", params={"q": "topic:sme"}).text
        assert 0 < some.count("\r\n") < answer.text.count("\r\n")

    def test_and_as_json_lines(self, web: Browser) -> None:
        lines = web.get("/export.jsonl", params={"q": "topic:sme"}).text.splitlines()
        assert all(json.loads(line)["format"] == "rasad-article/1" for line in lines)
        assert lines
        assert web.get("/export.jsonl", params={"q": "("}).status_code == 422


class TestPress:
    def test_who_ran_a_release_is_told_with_how_much_they_kept(self, web: Browser) -> None:
        story = send(web, "GET", "/rules/sme/matches").json()[0]
        article = send(web, "GET", f"/articles/{story['article_id']}").json()
        release = {"text": article["body"], "title": article["title"]}
        runs = send(web, "POST", "/pickup", release).json()
        (itself,) = (run for run in runs if run["article_id"] == story["article_id"])
        assert itself["kept"] > 0.9
        assert itself["title"] == article["title"]
        assert send(web, "POST", "/pickup", {"text": "هیچ‌کس این را ننوشته است."}).json() == []
        dated = {"text": article["body"], "released": "1990-01-01"}
        assert send(web, "POST", "/pickup", dated).json() == []
        for day in ("0001-01-01", "9999-12-31", "1405-09-02"):
            assert send(web, "POST", "/pickup", {"text": "متن", "released": day}).status_code == 422

    def test_an_outlets_habits_add_up(self, web: Browser, played: Played) -> None:
        outlets = [one["id"] for one in send(web, "GET", "/outlets").json()]
        every = [send(web, "GET", f"/outlets/{one}/habits").json() for one in outlets]
        assert all(sum(one["relations"].values()) == one["articles"] for one in every)
        taken = sum(one["articles"] for told in every for one in told["suppliers"])
        assert taken > 0
        with played.house.database.read() as connection:
            assert 0 < sum(one["articles"] for one in every) <= count_articles(connection)
        assert send(web, "GET", "/outlets/no-such/habits").status_code == 404

    def test_names_nobody_mapped_come_most_frequent_first(self, own: House) -> None:
        web = Browser(create_app(own))
        often = json.dumps([["reported_by", "بامداد کویر", None, None, False, 0]])
        once = json.dumps([["reported_by", "آوای دشت", None, None, False, 0]])
        change = "UPDATE story_members SET credits = ? WHERE article_id = ?"
        with own.database.write() as connection:
            for number, told in enumerate((often, often, once), start=1):
                connection.exec_driver_sql(change, (told, number))
        names = send(web, "GET", "/unresolved").json()
        assert [(one["name"], one["times"]) for one in names] == [
            ("بامداد کویر", 2),
            ("آوای دشت", 1),
        ]
        assert names[0]["article_id"] == 2
        assert send(web, "GET", "/unresolved?limit=1").json() == names[:1]
        assert send(web, "GET", "/unresolved?days=0").status_code == 422
