"""A story's pages: its texts side by side, permalinks, and a person's rulings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.house import House
from service.web import views
from service.web.app import create_app
from storage.errors import UnknownRecordError
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


def spread_story(house: House) -> views.StoryView:
    """Return a story of at least three tellers."""
    stories = views.day(house, None).stories
    return max(stories, key=lambda one: len(one.tellers))


class TestTexts:
    def test_every_copy_can_be_compared_with_the_original(
        self, web: Browser, played: Played
    ) -> None:
        story = spread_story(played.house)
        page = web.get(f"/stories/{story.id}").text
        first, second = story.tellers[0].article_id, story.tellers[1].article_id
        path = f"/stories/{story.id}/compare?before={first}&amp;after={second}"
        assert path in page
        compared = web.get(path.replace("&amp;", "&")).text
        assert "<del>" in compared
        assert "<ins>" in compared
        assert story.tellers[1].outlet in compared

    def test_the_evidence_of_a_copy_is_told_in_words(self, web: Browser, played: Played) -> None:
        page = web.get(f"/stories/{spread_story(played.house).id}").text
        assert "شواهد همانندی: بیشتر متن در هر دو هست" in page
        assert "بلندترین بخش مشترک" in page

    def test_the_whole_text_is_a_link_away(self, web: Browser, played: Played) -> None:
        story = spread_story(played.house)
        ids = {"before": story.tellers[0].article_id, "after": story.tellers[2].article_id}
        assert "whole=1" in web.get(f"/stories/{story.id}/compare", params=ids).text
        whole = web.get(f"/stories/{story.id}/compare", params=ids | {"whole": "1"}).text
        assert "whole=1" not in whole.replace("whole=1&amp;lang", "")
        assert "folded" not in whole

    def test_articles_and_versions_have_permalinks(self, web: Browser, played: Played) -> None:
        teller = spread_story(played.house).original
        page = web.get(f"/articles/{teller.article_id}").text
        assert teller.article.title in page
        story = views.story(played.house, spread_story(played.house).id)
        version = (
            f"/articles/{teller.article_id}/revisions/{story.original.revisions[0].content_hash}"
        )
        assert teller.article.title in web.get(version).text
        assert (
            f'href="{version}"'
            in web.get(
                f"/stories/{story.id}/compare",
                params={"before": teller.article_id, "after": story.tellers[1].article_id},
            ).text
        )

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/articles/99999", 404),
            ("/articles/1/revisions/nothing", 404),
            ("/stories/1/compare?before=x&after=1", 422),
            ("/stories/1/compare", 422),
            ("/stories/1/compare?before=1@none&after=1", 404),
            ("/stories/nothing", 404),
        ],
    )
    def test_what_is_not_there_is_a_page_that_says_so(
        self, web: Browser, path: str, status: int
    ) -> None:
        answer = web.get(path)
        assert answer.status_code == status
        assert "<h1>" in answer.text


class TestRulings:
    def test_a_text_is_split_off_and_merged_back(self, own: House) -> None:
        web, story = Browser(create_app(own)), spread_story(own)
        page, leaving = f"/stories/{story.id}", story.tellers[-1].article_id
        split = web.fill(page, f"{page}/split", {"article": leaving, "why": "خبر دیگری است"})
        assert "جدا شد" in split.text
        assert "خبر دیگری است" in split.text
        assert "operator" in split.text
        fresh = int(split.url.path.rpartition("/")[2])
        assert len(views.story(own, story.id).tellers) == len(story.tellers) - 1
        merged = web.fill(
            f"/stories/{fresh}", f"/stories/{fresh}/merge", {"into": story.id, "why": "همان است"}
        )
        assert "ادغام شدند" in merged.text
        assert merged.url.path == page
        assert len(views.story(own, story.id).tellers) == len(story.tellers)
        assert web.get(f"/stories/{fresh}").status_code == 200

    def test_the_original_can_be_named(self, own: House) -> None:
        web, story = Browser(create_app(own)), spread_story(own)
        page, wanted = f"/stories/{story.id}", story.tellers[1].article_id
        named = web.fill(page, f"{page}/root", {"article": wanted, "why": "زودتر داشت"})
        assert "تعیین شد" in named.text
        assert views.story(own, story.id).original.article_id == wanted

    @pytest.mark.parametrize(
        ("what", "data", "status"),
        [
            ("split", {"why": "هیچ"}, 422),
            ("split", {"article": "99999", "why": "نیست"}, 409),
            ("merge", {"into": "x", "why": "عدد نیست"}, 422),
            ("merge", {"into": "1"}, 422),
            ("root", {"article": "99999", "why": "نیست"}, 409),
        ],
    )
    def test_a_form_filled_in_wrong_changes_nothing_and_is_explained(
        self, own: House, what: str, data: dict[str, str], status: int
    ) -> None:
        web, story = Browser(create_app(own)), spread_story(own)
        page = f"/stories/{story.id}"
        answer = web.fill(page, f"{page}/{what}", data)
        assert answer.status_code == status
        assert "فرم درست پر نشده" in answer.text
        assert views.story(own, story.id) == views.story(own, story.id)
        assert len(views.story(own, story.id).tellers) == len(story.tellers)

    def test_neither_a_whole_story_nor_one_into_itself_can_be_moved(self, own: House) -> None:
        web, story = Browser(create_app(own)), spread_story(own)
        page = f"/stories/{story.id}"
        every = [("article", one.article_id) for one in story.tellers]
        assert web.fill(page, f"{page}/split", [*every, ("why", "همه")]).status_code == 409
        itself = web.fill(page, f"{page}/merge", {"into": story.id, "why": "خودش"})
        assert itself.status_code == 409
        other = web.fill(page, f"{page}/merge", {"into": 99999, "why": "نیست"})
        assert other.status_code == 404

    def test_a_form_that_is_not_from_our_page_does_nothing(self, own: House) -> None:
        web, story = Browser(create_app(own)), spread_story(own)
        page = f"/stories/{story.id}"
        data = {"article": story.tellers[-1].article_id, "why": "دروغ"}
        assert web.post(f"{page}/split", data=data).status_code == 403
        assert web.post(f"{page}/split", data=data | {"csrf": "x"}).status_code == 403
        web.get(page)
        assert web.post(f"{page}/split", data=data | {"csrf": "x"}).status_code == 403
        assert len(views.story(own, story.id).tellers) == len(story.tellers)


def test_a_story_that_is_gone_is_an_error_of_the_archive(played: Played) -> None:
    with pytest.raises(UnknownRecordError):
        views.story(played.house, 99999)
