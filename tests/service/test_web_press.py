"""Trends, the bulletin and the pickup of press releases, over the played demo."""

import re

import pytest

from service.web import bulletin, svg, trends
from service.web.app import create_app
from service.web.words import Words
from storage.articles import count_articles, get_article
from tests.service.browser import Browser
from tests.service.conftest import Played


@pytest.fixture
def web(played: Played) -> Browser:
    return Browser(create_app(played.house))


def test_the_trends_count_what_the_archive_holds(played: Played) -> None:
    view = trends.look(played.house, days=90, words=Words("fa"))
    with played.house.database.read() as connection:
        total = count_articles(connection)
    assert 0.8 * total <= sum(one.count for one in view.days) <= total
    assert sum(one.count for one in view.outlets) == sum(one.count for one in view.days)
    assert view.outlets[0].weight == 100
    assert sum(one.originals for one in view.copying.firsts) == view.copying.stories
    shown = sum(cell.count for row in view.matrix for cell in row.cells)
    assert 0 < shown <= sum(view.copying.taken.values())


def test_the_page_of_trends_shows_every_plot_as_a_table_too(web: Browser) -> None:
    page = web.get("/trends", params={"days": 7}).text
    assert page.count("<rect") >= 7
    assert 'role="img"' in page
    assert "<caption" in page or "<table" in page
    assert "style=" not in page
    assert "چه کسی از چه کسی؟" in page
    assert web.get("/trends", params={"days": 9999}).status_code == 422
    assert "Who copies whom?" in web.get("/trends?lang=en").text


def test_bars_begin_where_reading_begins_and_nothing_in_them_is_markup() -> None:
    shown = [svg.Bar(label="<b>", value=2, told='"<i>'), svg.Bar(label="y", value=0, told="none")]
    left = svg.bars(shown, label="<p>", is_rtl=False)
    right = svg.bars(shown, label="<p>", is_rtl=True)
    assert "<b>" not in left
    assert "<i>" not in left
    first = [re.search(r'<rect x="([\d.]+)"', str(one)) for one in (left, right)]
    assert first[0] is not None
    assert first[1] is not None
    assert float(first[0][1]) < svg.WIDTH / 2 < float(first[1][1])
    assert "<rect" not in svg.bars([], label="nothing", is_rtl=True)


def test_a_cell_is_the_darker_the_more_it_holds() -> None:
    assert [svg.weight(count, 10) for count in (0, 1, 5, 10)] == [0, 1, 3, 5]
    assert svg.weight(1, 0) == 0


def test_a_bulletin_holds_each_story_once_under_its_strongest_topic(played: Played) -> None:
    found = bulletin.compose(played.house, None)
    ids = [story.id for chapter in found.chapters for story in chapter.stories]
    assert len(ids) == len(set(ids))
    assert len(ids) + found.left_out == len(found.day.stories)
    assert found.chapters[-1].rule_id is None
    only = bulletin.compose(played.house, None, ["sme"])
    assert [chapter.rule_id for chapter in only.chapters] == ["sme"]


def test_any_days_bulletin_can_be_asked_for(web: Browser) -> None:
    assert "صنعت مس" in web.get("/bulletin").text
    assert "هنوز خبری در این روز نیست" in web.get("/bulletin", params={"day": "1404-01-01"}).text
    assert "Other stories" in web.get("/bulletin", params={"lang": "en"}).text


def test_a_pasted_release_is_found_with_who_ran_it(web: Browser, played: Played) -> None:
    with played.house.database.read() as connection:
        release = get_article(connection, 1).article
    text = "\n".join([release.lead or "", *(block.text for block in release.blocks)])
    page = web.fill("/pickup", "/pickup", {"text": text, "title": release.title}).text
    assert release.title in page
    assert "سهم مانده از بیانیه" in page


def test_a_release_nobody_ran_and_a_wrong_form_are_told(web: Browser) -> None:
    nobody = web.fill("/pickup", "/pickup", {"text": "هیچ‌کس این را ننوشته است."})
    assert "کار نکرده است" in nobody.text
    wrong = web.fill("/pickup", "/pickup", {"text": "متن", "released": "روزی"})
    assert wrong.status_code == 422
    assert "روز نیست" in wrong.text
    assert web.fill("/pickup", "/pickup", {"text": ""}).status_code == 422
    dated = web.fill("/pickup", "/pickup", {"text": "متن", "released": "1405/09/02"})
    assert dated.status_code == 200


def test_a_day_may_be_typed_as_people_write_it(web: Browser) -> None:
    typed = web.get("/bulletin", params={"day": "۱۴۰۵/۱/۲"}).text
    assert typed == web.get("/bulletin", params={"day": "1405-01-02"}).text.replace(
        "day=1405-01-02&amp;lang", "day=%DB%B1%DB%B4%DB%B0%DB%B5%2F%DB%B1%2F%DB%B2&amp;lang"
    )


def test_the_pairs_beside_the_matrix_are_its_cells(played: Played) -> None:
    view = trends.look(played.house, days=90, words=Words("fa"))
    assert view.pairs
    assert {(one.taker, one.source): one.count for one in view.pairs}.items() <= (
        view.copying.taken.items()
    )
    assert [one.count for one in view.pairs] == sorted(
        (one.count for one in view.pairs), reverse=True
    )
