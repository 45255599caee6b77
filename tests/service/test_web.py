"""The pages and the API of the played demo, asked as a browser and a program would."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from alerts import subscribing
from alerts.subscribing import Wish
from alerts.tokens import Purpose
from persian.calendar import to_jalali
from service.house import House
from service.settings import Settings
from service.web.app import create_app
from storage.database import Database
from storage.outlet_states import enrol, get_state
from storage.subscription import Channel, Preferences, Subscription, SubscriptionState
from storage.subscriptions import find_subscription
from tests.service.browser import Browser
from tests.service.conftest import Played


@pytest.fixture
def web(played: Played) -> Browser:
    return Browser(create_app(played.house))


class TestPages:
    def test_today_shows_the_stories_with_their_spread_and_topics(self, web: Browser) -> None:
        page = web.get("/").text
        assert '<html lang="fa" dir="rtl">' in page
        assert "کارگاه‌های کوچک سر سفره مس" in page
        assert "در ۲ رسانه" in page
        assert "صنعت مس" in page

    def test_another_day_is_a_link_away(self, web: Browser, played: Played) -> None:
        today = to_jalali(played.house.clock())
        yesterday = web.get("/", params={"day": "1405-01-01"}).text
        assert "هنوز خبری در این روز نیست" in yesterday
        assert "/?day=1405-01-02" in yesterday
        assert web.get("/", params={"day": str(today)}).text == web.get("/").text.replace(
            "?lang=en", f"?day={today}&amp;lang=en"
        )

    def test_what_is_no_day_is_said_so(self, web: Browser) -> None:
        assert web.get("/", params={"day": "خرداد"}).status_code == 422
        assert web.get("/", params={"day": " "}).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/stories/99999999999999999999",
            "/articles/99999999999999999999",
            "/search?q=x&cursor=99999999999999999999",
            "/?day=1300-01-01",
            "/bulletin?day=1499-12-29",
            "/api/v1/stories?day=1921-03-21",
            "/api/v1/search?q=x&cursor=99999999999999999999",
            "/topics/%00",
            "/search?q=%00",
            "/feeds/atom?q=%00",
        ],
    )
    def test_no_address_anybody_types_is_a_fault_of_ours(self, web: Browser, path: str) -> None:
        assert web.get(path).status_code < 500

    def test_english_is_one_switch_away_and_stays(self, web: Browser) -> None:
        page = web.get("/?lang=en").text
        assert '<html lang="en" dir="ltr">' in page
        assert "in 2 outlets" in page
        assert "/search?lang=en" in page

    def test_a_search_marks_what_was_found_as_printed(self, web: Browser) -> None:
        page = web.get("/search", params={"q": "شركتهاي کوچک OR «صنايع كوچك»"}).text
        assert "<mark>صنایع کوچک</mark>" in page

    def test_a_query_that_cannot_be_read_is_explained(self, web: Browser) -> None:
        answer = web.get("/search", params={"q": "(مس"})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    def test_nothing_found_says_so(self, web: Browser) -> None:
        assert "چیزی پیدا نشد" in web.get("/search", params={"q": "فضاپیما"}).text

    def test_more_results_are_a_link_away(self, web: Browser) -> None:
        page = web.get("/search", params={"q": "کرمان"}).text
        assert "cursor=" in page
        assert web.get("/search", params={"q": "کرمان", "cursor": "nonsense"}).status_code == 422

    def test_a_story_shows_its_original_its_copies_and_why_it_alerted(
        self, web: Browser, played: Played
    ) -> None:
        page = web.get(f"/stories/{played.story_titled('سر سفره مس')}").text
        assert page.index("نذیر کرمان") < page.index("آرمان")
        assert "بیانیهٔ" in page
        assert "<mark>کاتد</mark>" in page

    def test_a_story_nobody_knows_is_a_page_that_says_so(self, web: Browser) -> None:
        answer = web.get("/stories/99999")
        assert answer.status_code == 404
        assert "چنین صفحه‌ای نیست" in answer.text
        assert web.get("/nowhere").status_code == 404

    def test_the_outlets_say_how_they_fare(self, web: Browser) -> None:
        page = web.get("/outlets").text
        assert "مسدود" in page
        assert "سالم" in page

    def test_an_outlets_page_shows_its_rhythm_its_articles_and_why_it_is_silent(
        self, web: Browser
    ) -> None:
        page = web.get("/outlets/sabanews").text
        assert "چالش مرورگر" in page
        assert "دقیقه سر می‌زنیم" in page
        assert "<svg" in page
        assert web.get("/outlets/none").status_code == 404

    def test_an_outlet_can_be_made_due_from_its_page(self, fresh: Played) -> None:
        house = fresh.house
        with house.database.write() as connection:
            enrol(connection, house.outlets, now=house.clock() + timedelta(hours=5))
        asked = Browser(create_app(house)).fill("/outlets/sabanews", "/outlets/sabanews/visit", {})
        assert "در نوبت بعدی" in asked.text
        with house.database.read() as connection:
            due_at = get_state(connection, "sabanews").next_visit_at
        assert due_at is not None
        assert due_at <= house.clock()

    def test_the_ledger_shows_what_was_sent_and_held(self, web: Browser) -> None:
        page = web.get("/deliveries").text
        assert "newsroom@example.ir" in page
        assert "نگه‌داشته" in page

    def test_no_page_may_load_or_run_anything_from_elsewhere(self, web: Browser) -> None:
        for path in ("/", "/search", "/outlets", "/deliveries", "/nowhere"):
            answer = web.get(path)
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "<script" not in answer.text
        assert web.get("/static/rasad.css").status_code == 200

    def test_the_font_is_the_file_its_note_names_and_comes_from_here(self, web: Browser) -> None:
        answer = web.get("/static/fonts/vazirmatn.woff2")
        assert answer.headers["content-type"] == "font/woff2"
        note = web.get("/static/fonts/README.md").text
        assert hashlib.sha256(answer.content).hexdigest() in note
        assert "http" not in web.get("/static/rasad.css").text


class TestApi:
    def test_search_answers_with_the_words_found(self, web: Browser) -> None:
        found = web.get("/api/v1/search", params={"q": "topic:sme", "limit": 2}).json()
        assert len(found["hits"]) == 2
        assert all("sme" in hit["topics"] for hit in found["hits"])
        following = {"q": "topic:sme", "limit": 2, "cursor": found["next_cursor"]}
        more = web.get("/api/v1/search", params=following).json()
        first = {hit["story_id"] for hit in found["hits"]}
        assert first.isdisjoint(hit["story_id"] for hit in more["hits"])

    def test_the_stories_of_a_day_come_with_their_tellers(self, web: Browser) -> None:
        stories = web.get("/api/v1/stories").json()
        assert len(stories) > 20
        assert all(story["tellers"][0]["is_original"] for story in stories)
        assert web.get("/api/v1/stories", params={"day": "2024-01-01"}).json() == []
        assert web.get("/api/v1/stories", params={"day": "1500-01-01"}).status_code == 422

    def test_a_story_and_its_article_agree(self, web: Browser, played: Played) -> None:
        story = web.get(f"/api/v1/stories/{played.story_titled('سر سفره مس')}").json()
        article_id = story["tellers"][1]["article"]["id"]
        article = web.get(f"/api/v1/articles/{article_id}").json()
        assert article == story["tellers"][1]["article"]
        assert article["outlet_id"] == "armanekerman"

    def test_outlets_and_ledger_can_be_listed(self, web: Browser) -> None:
        outlets = {one["id"]: one for one in web.get("/api/v1/outlets").json()}
        assert outlets["sabanews"]["health"] == "blocked"
        sent = web.get("/api/v1/deliveries", params={"state": "sent"}).json()
        assert sent
        assert all(one["receipt"] for one in sent)
        assert "example.ir" not in str(sent)

    def test_every_event_has_its_schema(self, web: Browser) -> None:
        schema = web.get("/api/v1/events/story.matched/schema").json()
        assert schema["title"] == "story.matched"
        assert web.get("/api/v1/events/nothing/schema").status_code == 404

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/api/v1/stories/99999", 404),
            ("/api/v1/articles/99999", 404),
            ("/api/v1/search?q=(", 422),
            ("/api/v1/search?q=%D9%85%D8%B3&cursor=x", 422),
            ("/api/v1/nowhere", 404),
        ],
    )
    def test_errors_are_told_as_problems(self, web: Browser, path: str, status: int) -> None:
        answer = web.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status

    def test_the_interface_describes_itself(self, web: Browser) -> None:
        paths = web.get("/api/v1/openapi.json").json()["paths"]
        assert {"/api/v1/search", "/api/v1/stories/{story_id}", "/healthz"} <= paths.keys()


class TestHealth:
    def test_a_house_in_order_is_alive_and_ready(self, web: Browser) -> None:
        assert web.get("/healthz").json() == {"status": "alive"}
        assert web.get("/readyz").json() == {"status": "ready"}

    def test_an_archive_that_is_away_makes_it_not_ready(self, played: Played) -> None:
        url = "postgresql+psycopg://nobody@127.0.0.1:9/none"
        settings = played.house.settings.model_copy(update={"database_url": SecretStr(url)})
        house = replace(played.house, settings=settings, database=Database.open(url))
        web = Browser(create_app(house))
        answer = web.get("/readyz")
        assert answer.status_code == 503
        assert "does not answer" in answer.json()["reason"]
        assert web.get("/api/v1/outlets").status_code == 503
        assert web.get("/outlets").status_code == 503


class TestLinks:
    @pytest.fixture
    def asked(self, fresh: Played) -> tuple[Browser, House, Subscription]:
        house = fresh.house
        wish = Wish(
            channel=Channel.EMAIL,
            address="sara@example.ir",
            preferences=Preferences(rule_ids=("sme",)),
        )
        with house.database.write() as connection:
            made = subscribing.subscribe(connection, wish, now=house.clock())
        return Browser(create_app(house)), house, made.subscription

    def _path(self, house: House, subscription: Subscription, purpose: Purpose) -> str:
        token = house.links.key.sign(purpose, subscription.id, now=house.clock())
        return f"/{purpose.value}/{token}"

    def _state(self, house: House, subscription: Subscription) -> SubscriptionState:
        with house.database.read() as connection:
            found = find_subscription(connection, subscription.id)
        assert found is not None
        return found.state

    def test_a_get_asks_and_only_a_post_acts(
        self, asked: tuple[Browser, House, Subscription]
    ) -> None:
        web, house, subscription = asked
        confirm = self._path(house, subscription, Purpose.CONFIRM)
        assert "صنایع کوچک" in web.get(confirm).text
        assert self._state(house, subscription) is SubscriptionState.PENDING
        assert "آغاز شد" in web.post(confirm).text
        assert self._state(house, subscription) is SubscriptionState.ACTIVE
        leave = self._path(house, subscription, Purpose.UNSUBSCRIBE)
        web.get(leave)
        assert self._state(house, subscription) is SubscriptionState.ACTIVE
        assert web.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert self._state(house, subscription) is SubscriptionState.ENDED
        assert web.post(leave).status_code == 200

    def test_a_subscription_that_has_ended_cannot_be_confirmed_by_an_old_mail(
        self, asked: tuple[Browser, House, Subscription]
    ) -> None:
        web, house, subscription = asked
        manage = self._path(house, subscription, Purpose.MANAGE)
        assert web.post(manage).status_code == 422
        web.post(manage, data={"action": "end"})
        answer = web.post(self._path(house, subscription, Purpose.CONFIRM))
        assert answer.status_code == 409
        assert self._state(house, subscription) is SubscriptionState.ENDED

    def test_a_forged_link_or_one_for_another_purpose_does_nothing(
        self, asked: tuple[Browser, House, Subscription]
    ) -> None:
        web, house, subscription = asked
        token = self._path(house, subscription, Purpose.MANAGE).removeprefix("/m/")
        for path in (f"/c/{token}", f"/u/{token}", f"/m/{token}x", "/u/nothing"):
            assert web.post(path).status_code == 403
            assert web.get(path).status_code == 403
        assert self._state(house, subscription) is SubscriptionState.PENDING


def test_the_language_of_the_installation_is_the_default(played: Played) -> None:
    english = Settings.model_validate(played.house.settings.model_dump() | {"language": "en"})
    web = Browser(create_app(replace(played.house, settings=english)))
    assert '<html lang="en" dir="ltr">' in web.get("/").text
    assert "?lang=fa" in web.get("/?lang=fa").text
