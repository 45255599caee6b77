"""What goes wrong on a page is told in the page's own language, with what to do about it."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from alerts.tokens import Purpose
from service.house import House
from service.web.app import create_app
from tests.service.browser import BASE, Browser
from tests.service.conftest import Played
from tests.service.copied import copied

#: An English sentence; single words are names of fields, examples and addresses.
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")


@pytest.fixture(scope="module")
def house(played: Played, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with copied(played, tmp_path_factory.mktemp("mistaken")) as house:
        yield house


@pytest.fixture
def web(house: House) -> Browser:
    return Browser(create_app(house))


def shown(answer: httpx.Response) -> str:
    """Return the text of a page's main part, without what the reader typed."""
    main = answer.text.split('<main id="text">')[1].split("</main>")[0]
    main = re.sub(r"<(textarea|p class=\"query\").*?</(textarea|p)>", "", main, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nowhere", 404, "چنین صفحه‌ای نیست"),
        ("/stories/nothing", 404, "چنین صفحه‌ای نیست"),
        ("/stories/99999", 404, "خبر ۹۹۹۹۹ در بایگانی نیست"),
        ("/articles/99999", 404, "مطلب ۹۹۹۹۹ در بایگانی نیست"),
        ("/articles/1/revisions/none", 404, "نسخه‌ای به نام"),
        ("/stories/1/compare?before=x&after=1", 422, "عدد نیست"),
        ("/stories/1/compare", 422, "کم دارد"),
        ("/outlets/nobody", 404, "رسانه‌ای با شناسهٔ"),
        ("/topics/nothing", 404, "موضوع یا قاعده‌ای با شناسهٔ"),
        ("/?day=1405-13-01", 422, "روز نیست"),
        ("/bulletin?day=" + quote("پریروز"), 422, "روز نیست"),
        ("/trends?days=many", 422, "باید عدد باشد"),
        ("/trends?days=0", 422, "باید دست‌کم ۱ باشد"),
        ("/trends?days=1000", 422, "باید دست‌بالا ۹۲ باشد"),
        ("/search?q=a&order=odd", 422, "باید یکی از این‌ها باشد"),
        ("/search?q=a&cursor=odd", 422, "از نو آغاز کنید"),
        ("/search?q=" + quote("(مس"), 422, "بسته نشده است"),
        ("/search?q=" + quote("مس after:1404/13/01"), 422, "در تقویم نیست"),
        ("/search?q=" + quote("مس titel:معدن"), 422, "شاید منظورتان"),
        ("/topics/try?q=" + quote("«مس"), 422, "بسته نشده است"),
        ("/c/forged", 403, "این پیوند ناقص است"),
        ("/m/forged", 403, "این پیوند ناقص است"),
        ("/u/forged", 403, "این پیوند ناقص است"),
    ],
)
def test_a_wrong_address_is_explained_in_persian(
    web: Browser, path: str, status: int, told: str
) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert told in shown(answer)
    assert ENGLISH.findall(shown(answer)) == []


@pytest.mark.parametrize(
    ("page", "path", "data", "told"),
    [
        ("/pickup", "/pickup", {"text": " "}, "«متن» را پر کنید"),
        ("/pickup", "/pickup", {"text": "متن", "released": "روزی"}, "روز نیست"),
        ("/subscribe", "/subscribe", {"address": "sara", "rule": "sme"}, "نشانی ایمیل نیست"),
        ("/stories/1", "/stories/1/merge", {"into": "دو", "why": "همان"}, "عدد نیست"),
        ("/stories/1", "/stories/1/merge", {"into": "1", "why": "همان"}, "در خودش ادغام نمی‌شود"),
        ("/topics/try?q=a", "/topics", {"id": "sme", "query": "مس"}, "نام یک موضوع است"),
        ("/topics/try?q=a", "/topics", {"id": "x", "query": "(مس"}, "بسته نشده است"),
    ],
)
def test_a_form_filled_in_wrong_is_explained_in_persian(
    web: Browser, page: str, path: str, data: dict[str, str], told: str
) -> None:
    answer = web.fill(page, path, data)
    assert answer.status_code in {409, 422}
    assert told in shown(answer)
    if path != "/subscribe":  # which names outlets and gives examples
        assert ENGLISH.findall(shown(answer)) == []


def test_a_form_from_elsewhere_or_too_old_is_refused_in_persian(web: Browser) -> None:
    stale = web.post("/pickup", data={"text": "متن", "csrf": "forged"})
    assert stale.status_code == 403
    assert "صفحه را دوباره باز کنید" in shown(stale)
    foreign = web.post("/pickup", data={"text": "متن"}, headers={"origin": "http://other.example"})
    assert foreign.status_code == 403
    assert "سایت دیگری" in shown(foreign)
    assert "خصوصی" in shown(web.get("/", headers={"host": "other.example"}))


def test_the_same_errors_are_english_on_an_english_page(web: Browser) -> None:
    assert "story 99999 is not in the archive" in shown(web.get("/stories/99999?lang=en"))
    wrong = shown(web.get("/search?lang=en&q=" + quote("(مس")))
    assert "this ( is never closed" in wrong
    assert not re.search("[آ-ی]", wrong)


def test_the_place_of_a_wrong_query_is_marked(web: Browser) -> None:
    answer = web.get("/search?q=" + quote("معدن (مس"))
    assert re.search(r'معدن <mark class="here"[^>]*>\(</mark>مس', answer.text)


def test_a_link_whose_time_is_over_says_what_to_do(house: House, web: Browser) -> None:
    long_ago = house.clock().replace(year=house.clock().year - 3)
    token = house.links.key.sign(Purpose.CONFIRM, "s1", now=long_ago)
    assert "دوباره مشترک شوید" in shown(web.get(f"/c/{token}"))


def test_programs_are_told_in_english_as_a_problem(web: Browser) -> None:
    answer = web.get("/api/v1/stories/99999")
    assert answer.json()["detail"] == "story 99999 is not in the archive"


def test_what_nobody_expected_is_a_page_without_its_details(house: House) -> None:
    app = create_app(house)

    def broken() -> None:
        raise RuntimeError("a secret of the house")

    app.add_api_route("/broken", broken)
    app.add_api_route("/api/v1/broken", broken)
    page, problem = (_asked(app, path) for path in ("/broken", "/api/v1/broken"))
    assert page.status_code == problem.status_code == 500
    assert "خطایی از سوی ما" in shown(page)
    assert "secret" not in page.text + problem.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert problem.headers["content-type"] == "application/problem+json"


def _asked(app: FastAPI, path: str) -> httpx.Response:
    """Ask as through a server: a fault inside is logged there, not raised here."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.get(path)

    return asyncio.run(ask())
