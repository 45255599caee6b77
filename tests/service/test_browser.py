"""The pages in a real Chromium: usable by all, at any width, in the dark, without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from alerts.tokens import Purpose
from service.house import House
from service.web import views
from storage.subscription import SubscriptionState
from storage.subscriptions import list_subscriptions
from tests.service.chromium import chromium, served, window
from tests.service.conftest import Played
from tests.service.copied import copied

#: The page itself, and on a phone whatever would have to be moved sideways within it.
WIDER_THAN_THE_WINDOW = """() => [document.documentElement,
    ...(innerWidth < 400 ? document.querySelectorAll('.scroll, .card, main') : [])]
    .filter(one => one.scrollWidth > one.clientWidth)
    .map(one => `${one.tagName} ${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def house(played: Played, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with copied(played, tmp_path_factory.mktemp("browsed")) as house:
        yield house


@pytest.fixture(scope="module")
def base(house: House) -> Iterator[str]:
    with served(house) as url:
        yield url


@pytest.fixture(scope="module")
def browser(base: str) -> Iterator[Browser]:
    with chromium() as started:
        yield started


def widest(house: House) -> views.StoryView:
    return max(views.day(house, None).stories, key=lambda one: len(one.tellers))


def paths(house: House) -> list[str]:
    story = widest(house)
    first, second = (one.article_id for one in story.tellers[:2])
    return [
        "/",
        f"/stories/{story.id}",
        f"/stories/{story.id}/compare?before={first}&after={second}",
        f"/articles/{first}",
        "/search?q=%DA%A9%D8%B1%D9%85%D8%A7%D9%86",
        "/search?q=%28",
        "/search?q=%D9%81%D8%B6%D8%A7%D9%BE%DB%8C%D9%85%D8%A7+%DA%A9%D8%B1%D9%85%D8%A7%D9%86",
        "/topics",
        "/topics/sme",
        "/topics/try?rule=copper",
        "/trends",
        "/bulletin",
        "/pickup",
        "/outlets",
        "/outlets/sabanews",
        "/subscribe",
        "/subscriptions",
        "/deliveries",
        "/audit",
        "/sign-in",
        "/import",
        "/c/forged",
        "/trends?days=0",
        "/nowhere",
    ]


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(360, "light", "fa"), (360, "dark", "en"), (800, "dark", "fa"), (1280, "light", "en")],
)
def test_every_page_is_accessible_fits_and_asks_nobody_else(  # noqa: PLR0917 - fixtures
    house: House, base: str, browser: Browser, width: int, scheme: str, language: str
) -> None:
    with window(browser, base, width=width, scheme=scheme) as shown:
        found: dict[str, list[str]] = {}
        for path in paths(house):
            page = shown.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
            serious = [
                f"{one['id']}: {node['html'][:160]}"
                for one in Axe().run(page).response["violations"]
                if one["impact"] in {"serious", "critical"}
                for node in one["nodes"][:2]
            ]
            wide = page.evaluate(WIDER_THAN_THE_WINDOW)
            if wide:
                serious.append(f"wider than the window: {wide}")
            if serious:
                found[path] = serious
        assert found == {}
        assert shown.strangers == []
        refused = [one for one in shown.complaints if "Failed to load resource" not in one]
        assert refused == []


def test_persian_is_drawn_with_the_font_that_comes_along(base: str, browser: Browser) -> None:
    with window(browser, base) as shown:
        page = shown.go("/")
        loading = "document.fonts.load('16px Vazirmatn', 'رصد').then(found => found.length)"
        assert page.evaluate(loading) > 0
        assert any(url.endswith("vazirmatn.woff2") for url in shown.asked)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"


def test_a_table_is_cards_on_a_phone_with_the_name_of_each_field(
    base: str, browser: Browser
) -> None:
    with window(browser, base, width=360, scripts=False) as shown:
        page = shown.go("/deliveries")
        row = page.locator("table.cards tbody tr").first
        expect(row).to_have_css("display", "block")
        expect(row.locator("td").first).to_have_attribute("data-label", "زمان")
        shown.go("/trends")
        expect(page.locator("table.matrix")).to_be_hidden()
        expect(page.locator("table.cards tbody tr").first).to_be_visible()


def test_a_search_is_narrowed_and_followed_to_its_story(base: str, browser: Browser) -> None:
    with window(browser, base, scripts=False) as shown:
        page = shown.go("/")
        page.get_by_role("link", name="جست‌وجو").click()
        page.get_by_role("searchbox").fill("شركتهاي كوچك OR «صنايع كوچك»")
        page.get_by_role("button", name="جست‌وجو کن").click()
        expect(page.locator("mark").first).to_be_visible()
        before = page.locator("article").count()
        page.get_by_role("complementary").get_by_role("link").first.click()
        expect(page.locator("article").first).to_be_visible()
        assert page.locator("article").count() <= before
        page.locator("article h2 a").first.click()
        expect(page.get_by_role("heading", name="گسترش خبر")).to_be_visible()


def test_two_texts_are_chosen_and_compared(house: House, base: str, browser: Browser) -> None:
    story = widest(house)
    with window(browser, base, scripts=False) as shown:
        page = shown.go(f"/stories/{story.id}")
        page.get_by_label("پس").select_option(index=1)
        page.get_by_role("button", name="مقایسه").click()
        expect(page.locator(".diff ins").first).to_be_visible()
        expect(page.locator(".diff del").first).to_be_visible()


def test_a_collection_is_imported(base: str, browser: Browser, tmp_path: Path) -> None:
    record = '{"outlet_id": "armanekerman", "url": "https://a.example/1", "title": "خبر کهنه"}'
    file = tmp_path / "old.jsonl"
    file.write_text(f"{record}\nنه JSON\n", encoding="utf-8")
    with window(browser, base, scripts=False, width=360) as shown:
        page = shown.go("/import")
        page.get_by_label("فایل").set_input_files(file)
        page.get_by_role("button", name="درون‌ریزی").click()
        expect(page.get_by_role("heading", name="old.jsonl")).to_be_visible()
        again = page.get_by_role("link", name="ببینم تا کجا رسیده")
        while again.is_visible():
            again.click()
        expect(page.get_by_role("status")).to_contain_text("پایان یافت")
        expect(page.get_by_role("row")).to_contain_text(["JSON نیست"])


def test_a_rule_is_tried_and_saved(base: str, browser: Browser) -> None:
    with window(browser, base, scripts=False) as shown:
        page = shown.go("/topics")
        page.get_by_label("پرسش").fill("مس صادرات")
        page.get_by_role("button", name="اجرای آزمایشی").click()
        expect(page.locator("svg.plot")).to_be_visible()
        page.get_by_label("شناسه").fill("mes-export")
        page.get_by_role("button", name="ذخیره").click()
        expect(page.get_by_role("status")).to_contain_text("ذخیره شد")


def test_somebody_subscribes_confirms_and_leaves(house: House, base: str, browser: Browser) -> None:
    def found() -> tuple[str, SubscriptionState]:
        with house.database.read() as connection:
            (one,) = list_subscriptions(connection, address="mina@example.ir")
        return one.id, one.state

    def path(purpose: Purpose) -> str:
        token = house.links.key.sign(purpose, found()[0], now=house.clock())
        return f"/{purpose.value}/{token}"

    with window(browser, base, scripts=False, width=360) as shown:
        page = shown.go("/subscribe")
        page.get_by_label("نشانی ایمیل").fill("mina@example.ir")
        page.get_by_label("صنعت مس", exact=False).first.check()
        page.get_by_label("روزانه").check()
        page.get_by_role("button", name="اشتراک").click()
        expect(page.get_by_role("heading", name="یک گام مانده است")).to_be_visible()
        shown.go(path(Purpose.CONFIRM))
        assert found()[1] is SubscriptionState.PENDING
        page.get_by_role("button", name="تأیید می‌کنم").click()
        assert found()[1] is SubscriptionState.ACTIVE
        shown.go(path(Purpose.MANAGE))
        page.get_by_role("button", name="نگه دار").click()
        expect(page.get_by_role("status")).to_contain_text("نگه داشته شد")
        shown.go(path(Purpose.UNSUBSCRIBE))
        page.get_by_role("button", name="پایان می‌دهم").click()
        assert found()[1] is SubscriptionState.ENDED


def test_the_keyboard_reaches_the_text_first(base: str, browser: Browser) -> None:
    with window(browser, base) as shown:
        page = shown.go("/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.url.endswith("#text")


def test_a_bulletin_prints_on_paper_without_the_furniture(
    base: str, browser: Browser, tmp_path: Path
) -> None:
    with window(browser, base) as shown:
        page = shown.go("/bulletin")
        page.emulate_media(media="print")
        expect(page.locator(".top")).to_be_hidden()
        expect(page.locator(".masthead")).to_be_visible()
        printed = page.pdf(format="A4", path=tmp_path / "bulletin.pdf")
        assert printed.startswith(b"%PDF")
