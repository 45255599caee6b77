"""The simulated press: real servers, real validators, two acts."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from service.demo.press import Press

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_every_article_of_a_reachable_outlet_is_served_at_its_address() -> None:
    with Press(now=NOW) as press:
        answers = {post.url: httpx.get(post.url) for post in press.posts}
    assert len(answers) == len(press.posts)
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all(post.piece.title in answers[post.url].text for post in press.posts)


def test_every_feed_names_the_articles_of_its_outlet() -> None:
    with Press(now=NOW) as press:
        origin = press.origin("nazirkerman")
        feed = httpx.get(f"{origin}/feed/").text
        own = [post for post in press.posts if post.url.startswith(origin)]
    assert own
    assert all(post.url in feed for post in own)


@pytest.mark.parametrize(
    ("given", "sent"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_a_client_that_has_the_page_is_told_that_nothing_changed(given: str, sent: str) -> None:
    with Press(now=NOW) as press:
        url = press.posts[0].url
        first = httpx.get(url)
        again = httpx.get(url, headers={sent: first.headers[given]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_address_is_not_found() -> None:
    with Press(now=NOW) as press:
        assert httpx.get(press.origin("nazirkerman") + "/nowhere").status_code == 404


def test_a_second_press_on_the_same_ports_serves_the_same_addresses() -> None:
    with Press(now=NOW) as press:
        first = {post.url for post in press.posts}
    with Press(now=NOW, ports=press.ports) as press:
        assert {post.url for post in press.posts} == first


def test_the_log_tells_who_asked_for_what() -> None:
    with Press(now=NOW) as press:
        httpx.get(press.origin("kavirpress") + "/robots.txt", headers={"User-Agent": "Reader/1"})
        (asked,) = press.asked
    assert (asked.outlet_id, asked.path, asked.status) == ("kavirpress", "/robots.txt", 200)
    assert (asked.user_agent, asked.is_conditional) == ("Reader/1", False)


def test_one_file_per_outlet_names_its_way_in(tmp_path: Path) -> None:
    with Press(now=NOW) as press:
        press.outlet_directory(tmp_path / "outlets")
    files = {
        file.stem: tomllib.loads(file.read_text()) for file in (tmp_path / "outlets").iterdir()
    }
    assert set(files) == {member.id for member in press.cast}
    assert all(
        table["ways_in"][0]["url"].startswith("http://127.0.0.1:") for table in files.values()
    )
