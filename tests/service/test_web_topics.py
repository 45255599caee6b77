"""The workbench of topics and rules: try before saving, versions, silence, feedback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.house import House
from service.web.app import create_app
from storage.rules import feedback_of, find_rule, matches_of_rule, versions_of
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied


@pytest.fixture
def web(played: Played) -> Browser:
    return Browser(create_app(played.house))


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        yield house


def test_every_topic_says_what_it_is_and_what_it_found(web: Browser) -> None:
    assert "صنایع کوچک و متوسط" in web.get("/topics").text
    page = web.get("/topics/sme").text
    assert "نشانه‌ها" in page
    assert "<mark>" in page
    assert web.get("/topics/no-such").status_code == 404


def test_a_dry_run_shows_hits_volume_near_misses_and_overlap(web: Browser) -> None:
    page = web.get("/topics/try", params={"q": "مس صادرات"}).text
    assert "<svg" in page
    assert "نامه در هفته" in page
    assert "<mark>مس</mark>" in page
    assert "نزدیک بود" in page
    assert "هم‌پوشانی" in page
    assert "style=" not in page


def test_a_topic_can_be_tried_as_it_stands(web: Browser) -> None:
    page = web.get("/topics/try", params={"rule": "sme", "days": 7}).text
    assert "صنایع کوچک و متوسط" in page
    assert 'role="status"' in page
    assert web.get("/topics/try").status_code == 200
    assert web.get("/topics/try", params={"rule": "no-such"}).status_code == 404
    assert web.get("/topics/try", params={"q": "مس", "days": 9999}).status_code == 422


def test_a_query_that_cannot_be_read_is_explained_with_its_place(web: Browser) -> None:
    answer = web.get("/topics/try", params={"q": "مس NEAR/"})
    assert answer.status_code == 422
    assert 'class="here"' in answer.text


def test_a_rule_is_saved_versioned_compared_and_silenced(own: House) -> None:
    web = Browser(create_app(own))
    tried = "/topics/try?q=%D9%85%D8%B3"
    saved = web.fill(tried, "/topics", {"id": "mes", "query": "مس", "name": "مس", "note": "آغاز"})
    assert "ذخیره شد" in saved.text
    assert saved.url.path == "/topics/mes"
    web.fill("/topics/mes", "/topics", {"id": "mes", "query": "مس صادرات", "name": "مس"})
    with own.database.read() as connection:
        kept = versions_of(connection, "mes")
    assert [(one.query, one.saved_by) for one in kept] == [
        ("مس", "operator"),
        ("مس صادرات", "operator"),
    ]
    compared = web.get("/topics/try", params={"rule": "mes", "q": "مس"}).text
    assert "در برابر نسخهٔ کنونی" in compared
    assert "افزوده" in compared
    assert "خاموش شد" in web.fill("/topics/mes", "/topics/mes/silence", {"enabled": "0"}).text
    with own.database.read() as connection:
        rule = find_rule(connection, "mes")
    assert rule is not None
    assert not rule.is_enabled
    assert "خاموش" in web.get("/topics").text
    assert "دوباره روشن" in web.fill("/topics/mes", "/topics/mes/silence", {"enabled": "1"}).text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"id": "sme", "query": "مس"}, "نام یک موضوع است"),
        ({"id": "نه", "query": "مس"}, "شناسه نمی‌شود"),
        ({"id": "try", "query": "مس"}, "شناسه نمی‌شود"),
        ({"id": "good", "query": "(مس"}, "بسته نشده است"),
        ({"id": "good"}, "را پر کنید"),
    ],
)
def test_what_cannot_be_saved_is_explained(own: House, data: dict[str, str], told: str) -> None:
    web = Browser(create_app(own))
    answer = web.fill("/topics/try?q=%D9%85%D8%B3", "/topics", data)
    assert answer.status_code == (409 if data["id"] == "sme" else 422)
    assert told in answer.text


def test_a_readers_opinion_becomes_a_test_of_the_rule(own: House) -> None:
    web = Browser(create_app(own))
    with own.database.read() as connection:
        match = matches_of_rule(connection, "sme", limit=1)[0]
    page = web.fill(
        "/topics/sme", "/topics/sme/feedback", {"article": match.article_id, "relevant": "0"}
    )
    assert "نظر شما ثبت شد" in page.text
    assert "قاعده نظر دیگری دارد" in page.text
    with own.database.read() as connection:
        said = feedback_of(connection, "sme")
    assert [(one.reader, one.is_relevant) for one in said] == [("operator", False)]
    again = web.fill(
        "/topics/sme", "/topics/sme/feedback", {"article": match.article_id, "relevant": "1"}
    )
    assert "قاعده هم‌نظر است" in again.text


def test_an_opinion_on_nothing_is_refused(own: House) -> None:
    web = Browser(create_app(own))
    wrong = web.fill("/topics/sme", "/topics/sme/feedback", {"article": 99999, "relevant": "0"})
    assert wrong.status_code == 404
