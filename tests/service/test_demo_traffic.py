"""The request log: who asked too fast, too often, or not at all."""

from datetime import UTC, datetime, timedelta

import httpx

from service.demo.press import Press
from service.demo.traffic import Asked, overlaps, requests_per_article, shortest_pause

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def asked(outlet_id: str, at_seconds: float, *, takes: float = 0.0) -> Asked:
    at = NOW + timedelta(seconds=at_seconds)
    return Asked(
        outlet_id=outlet_id,
        path="/",
        status=200,
        user_agent="",
        is_conditional=False,
        at=at,
        until_at=at + timedelta(seconds=takes),
    )


def test_a_request_before_the_last_answer_overlaps() -> None:
    first, second = asked("one", 0, takes=2), asked("one", 1)
    assert overlaps((second, first)) == ((first, second),)


def test_two_outlets_may_be_asked_at_the_same_time() -> None:
    assert overlaps((asked("one", 0, takes=2), asked("two", 1))) == ()


def test_the_pause_counts_from_the_answer() -> None:
    log = (asked("one", 0, takes=1), asked("one", 4), asked("one", 9))
    assert shortest_pause(log) == timedelta(seconds=3)
    assert shortest_pause(log[:1]) is None


def test_requests_are_counted_per_article() -> None:
    assert requests_per_article((asked("one", 0), asked("one", 1), asked("one", 2)), 2) == 1.5
    assert requests_per_article((), 0) == 0.0


def test_an_article_asked_for_by_either_address_is_no_longer_unread() -> None:
    with Press(now=NOW) as press, httpx.Client() as client:
        before = len(press.unread)
        own = [post for post in press.unread if post.piece.outlet_id == "felezban"]
        first, second = own[:2]
        client.get(first.url)
        client.get(second.short_url)
        after = press.unread
    assert before - len(after) == 2
    assert not {first.url, second.url} & {post.url for post in after}
