"""The search page: facets, order, collapse, pages, and help when a query finds nothing."""

import re

import pytest

from service.web import facets
from service.web.app import create_app
from tests.service.browser import Browser
from tests.service.conftest import Played


@pytest.fixture
def web(played: Played) -> Browser:
    return Browser(create_app(played.house))


def counts(played: Played, asked: str, *narrowed: str) -> dict[str, dict[str, int]]:
    found = facets.count_facets(played.house, asked, narrowed)
    return {one.kind: {value.name: value.count for value in one.values} for one in found.facets}


def test_a_facet_narrows_the_results_to_as_many_as_it_says(web: Browser, played: Played) -> None:
    whole = counts(played, "کرمان")
    topic, count = next(iter(whole["topic"].items()))
    narrowed = counts(played, "کرمان", f"topic:{topic}")
    assert sum(narrowed["role"].values()) == count
    assert narrowed["topic"][topic] == count
    page = web.get("/search", params={"q": "کرمان"}).text
    assert f"by=topic%3A{topic}" in page
    inside = web.get("/search", params={"q": "کرمان", "by": f"topic:{topic}"}).text
    assert f"برداشتن topic:{topic}" in inside


def test_every_facet_value_leads_to_results(web: Browser, played: Played) -> None:
    found = facets.count_facets(played.house, "کرمان", ())
    assert {one.kind for one in found.facets} == {"outlet", "role", "section", "topic", "month"}
    for facet in (one for one in found.facets if one.values):
        value = facet.values[0]
        page = web.get("/search", params={"q": "کرمان", "by": value.condition}).text
        assert 'class="card"' in page, value


def test_collapsed_a_story_stands_once_and_open_every_article_does(web: Browser) -> None:
    def stories(**more: str) -> list[str]:
        page = web.get("/search", params={"q": "توفان", **more}).text
        return re.findall(r'<h2><a href="/stories/(\d+)"', page)

    once, every = stories(), stories(every="1")
    assert len(once) == len(set(once))
    assert len(every) > len(once)
    assert set(every) == set(once)


def test_the_best_come_first_when_asked_for(web: Browser) -> None:
    page = web.get("/search", params={"q": "مس", "order": "best"}).text
    assert 'aria-current="true">مرتبط‌ترین' in page
    assert "<h2>" in page
    assert "order=best" in page
    assert web.get("/search", params={"q": "مس", "order": "worst"}).status_code == 422


def test_the_pages_of_a_search_follow_one_another_without_repeats(web: Browser) -> None:
    seen: list[str] = []
    path: str | None = "/search?q=%DA%A9%D8%B1%D9%85%D8%A7%D9%86&every=1"
    for _ in range(20):
        if path is None:
            break
        page = web.get(path).text
        seen += re.findall(r'<h2><a href="([^"]+)"[^>]*>(.*?)</a>', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    assert path is None
    assert len(seen) > 40


def test_a_wrong_query_shows_the_place_with_its_place(web: Browser) -> None:
    answer = web.get("/search", params={"q": "مس AND (نفت"})
    assert answer.status_code == 422
    assert 'class="here"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_query_that_finds_nothing_offers_the_nearest_that_does(web: Browser) -> None:
    page = web.get("/search", params={"q": "مس فضاپیما"}).text
    assert "شاید منظورتان این بود" in page
    assert "q=%D9%85%D8%B3" in page
    alone = web.get("/search", params={"q": "فضاپیما"}).text
    assert "شاید منظورتان این بود" not in alone


def test_a_misspelt_word_is_mended(played: Played) -> None:
    found = facets.nearest(played.house, "کرمنا", ())
    assert found is not None
    assert (found.query, found.articles > 3) == ("کرمان", True)


def test_a_search_keeps_its_language_on_every_link(web: Browser) -> None:
    page = web.get("/search", params={"q": "مس", "lang": "en"}).text
    assert "newest" in page
    links = re.findall(r'href="(/[^"]*)"', page)
    same_in_all = ("/static", "/outlets.opml", "/api/")
    away = [one for one in links if "lang=" not in one and not one.startswith(same_in_all)]
    assert away == []
