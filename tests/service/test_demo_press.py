"""The simulated press: real servers, real validators, two acts."""

import asyncio
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax import ContentHandler, SAXParseException

import httpx
import pytest
from defusedxml.sax import parseString

from service.demo.cast import Trouble
from service.demo.loopback import Loopback
from service.demo.press import Press
from service.errors import PortBusyError

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_every_article_that_can_be_read_is_served_at_each_of_its_addresses() -> None:
    with Press(now=NOW) as press, httpx.Client() as client:
        answers = [
            (article, client.get(url))
            for article in press.expected({}).articles
            for url in article.urls
        ]
    assert len(answers) > 100
    assert {answer.status_code for _, answer in answers} == {200}
    assert all(article.title in answer.text for article, answer in answers)


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


def feed_of(outlet_id: str) -> httpx.Response:
    with Press(now=NOW) as press:
        member = next(each for each in press.cast if each.id == outlet_id)
        return httpx.get(press.origin(outlet_id) + member.feed_path)


def test_a_challenge_stands_before_every_page_with_status_200() -> None:
    answer = feed_of("sabanews")
    assert (answer.status_code, "__arcsjs" in answer.text) == (200, True)
    assert len(answer.content) < 5_000


def test_the_broken_feed_is_no_xml_and_begins_like_one() -> None:
    text = feed_of("rafsanjanemrooz").text
    assert text.startswith("<?xml")
    assert text.count("</item>") >= 2
    with pytest.raises(SAXParseException):
        parseString(text.encode(), ContentHandler())


def test_the_feed_that_is_a_page_says_so_in_its_type() -> None:
    assert feed_of("peykebam").headers["Content-Type"].startswith("text/html")


def test_nothing_listens_where_the_dead_outlet_was() -> None:
    with pytest.raises(httpx.ConnectError):
        feed_of("neginkavir")


def test_the_slow_outlet_takes_its_time_and_is_right() -> None:
    with Press(now=NOW) as press:
        answer = httpx.get(press.origin("bardsirnama") + "/feed/")
    assert answer.elapsed > timedelta(seconds=0.3)
    assert answer.status_code == 200


def test_the_second_act_corrects_completes_and_brings_the_late_original() -> None:
    with Press(now=NOW) as press:
        before = {post.url: post.piece for post in press.posts}
        press.advance()
        after = {post.url: post.piece for post in press.posts}
    assert [piece.story_id for url, piece in after.items() if url not in before] == [
        "late-original"
    ]
    changed = {after[url].story_id for url, piece in before.items() if after[url] != piece}
    assert changed == {"correction", "bus"}


def test_a_late_original_takes_over_from_the_copy_that_came_first() -> None:
    with Press(now=NOW) as press:
        before = press.expected({}).stories
        press.advance()
        after = press.expected({}).stories
    late = [each for each in (*before, *after) if each.story_id == "late-original"]
    assert [each.original_outlet_id for each in late] == ["nazirkerman", "diyarekariman"]
    assert late[1].copies == ("nazirkerman",)


PAIR = """سر خط آزمایشی

جمله نخست خبر. به گزارش «نذیر کرمان» و به نقل از روابط عمومی استانداری، ادامه […]

جمله نخست خبر.

به گزارش «نذیر کرمان» و به نقل از روابط عمومی استانداری، ادامه خبر چنین است.

انتهای خبر/ کریمی


سر خط آزمایشی

منبع:آرمـان
"""


def test_a_pair_of_texts_from_outside_joins_the_press(tmp_path: Path) -> None:
    (tmp_path / "pair.txt").write_text(PAIR)
    with Press(now=NOW, seed_path=tmp_path) as press:
        original, copy = (
            httpx.get(post.url).text
            for outlet_id in ("nazirkerman", "armanekerman")
            for post in press.posts
            if (post.piece.outlet_id, post.piece.story_id) == (outlet_id, "seed")
        )
        (story,) = (each for each in press.expected({}).stories if each.story_id == "seed")
    assert "انتهای خبر/ کریمی" in original
    assert "منبع:آرمـان" not in original
    assert "«نذیر کرمان» و به نقل از" in copy
    assert "منبع:آرمـان" in copy
    assert (story.original_outlet_id, story.copies) == ("nazirkerman", ("armanekerman",))


def test_a_file_that_is_no_pair_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "pair.txt").write_text(PAIR.replace("منبع", "مأخذ"))
    with pytest.raises(ValueError, match="pair.txt: is no pair"):
        Press(now=NOW, seed_path=tmp_path)


def test_a_port_in_use_is_named_and_nothing_stays_open() -> None:
    with Press(now=NOW) as press:
        taken = press.ports["armanekerman"]
        second = Press(now=NOW, ports={"armanekerman": taken})
        with pytest.raises(PortBusyError, match=f"127.0.0.1:{taken} is in use"):
            second.start()
    with pytest.raises(httpx.ConnectError):
        httpx.get(second.origin("nazirkerman"))


def test_a_port_in_use_is_named_for_an_outlet_that_only_refuses_too() -> None:
    loopback, other = Loopback(), Loopback()
    loopback.start()
    other.start()
    taken = loopback.listen(asyncio.Protocol)
    with pytest.raises(PortBusyError, match=f"127.0.0.1:{taken} is in use"):
        other.reserve(taken)
    loopback.stop()


def test_an_outlet_can_die_and_come_back_at_its_address() -> None:
    with Press(now=NOW) as press, httpx.Client() as client:
        feed = press.origin("nazirkerman") + "/feed/"
        before = client.get(feed)
        press.trouble("nazirkerman", Trouble.DEAD)
        with pytest.raises(httpx.TransportError):
            client.get(feed)
        with pytest.raises(httpx.ConnectError):
            httpx.get(feed)
        press.trouble("nazirkerman", Trouble.NONE)
        assert client.get(feed).text == before.text


def test_a_challenge_can_begin_and_end() -> None:
    with Press(now=NOW) as press:
        url = press.origin("nazirkerman") + "/feed/"
        press.trouble("nazirkerman", Trouble.CHALLENGE)
        assert "__arcsjs" in httpx.get(url).text
        assert "nazirkerman" not in {each.outlet_id for each in press.expected({}).articles}
        press.trouble("nazirkerman", Trouble.NONE)
        assert "<rss" in httpx.get(url).text
