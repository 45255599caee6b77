"""The demo's final table: right when all is right, and one sentence for each thing that is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.demo.cast import load_cast
from service.demo.expected import Expected, expect
from service.demo.observed import Observed, SeenArticle, SeenMessage
from service.demo.pieces import pieces_at
from service.demo.report import Report, compare
from service.demo.site import posts_of
from service.demo.stories import load_stories

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READERS = {"one@demo": frozenset({"sme", "copper"}), "two@demo": frozenset({"copper"})}


def what_must_happen(act: int = 1) -> Expected:
    cast, stories = load_cast(), load_stories()
    pieces = pieces_at(stories, cast, act=act, now=NOW)
    posts = tuple(
        post for member in cast for post in posts_of(member, pieces, f"http://{member.id}.demo")
    )
    return expect(cast, stories, posts, subscriptions=READERS, now=NOW)


def all_of_it(expected: Expected) -> Observed:
    """Compose what a program sees that does everything right."""
    originals = {(story.story_id, story.original_outlet_id) for story in expected.stories}
    return Observed(
        visited=frozenset(outlet.outlet_id for outlet in expected.outlets),
        failures={each.outlet_id: each.failure for each in expected.outlets if each.failure},
        articles=tuple(
            SeenArticle(
                outlet_id=article.outlet_id,
                url=article.urls[0],
                story=article.story_id,
                is_original=(article.story_id, article.outlet_id) in originals,
                revisions=1 + article.is_revised,
            )
            for article in expected.articles
        ),
        messages=tuple(
            SeenMessage(
                recipient=message.recipient,
                story=message.story_id,
                topics=message.topics,
                held="too old" if message.is_held else None,
            )
            for message in expected.messages
        ),
    )


def report_when(change: Callable[[Observed], Observed]) -> Report:
    expected = what_must_happen()
    return compare(expected, change(all_of_it(expected)))


@pytest.mark.parametrize("act", [1, 2])
def test_nothing_is_missed_when_everything_happened(act: int) -> None:
    expected = what_must_happen(act)
    report = compare(expected, all_of_it(expected))
    assert report.misses == ()
    assert all(row.is_right for row in report.rows)


def test_every_reader_of_copper_is_owed_a_message_about_each_copper_story() -> None:
    expected = what_must_happen()
    about = {story.story_id for story in expected.stories if "copper" in story.topics}
    owed = {each.story_id for each in expected.messages if each.recipient == "two@demo"}
    assert owed == about != set()


def drop_an_article(seen: Observed) -> Observed:
    return replace(seen, articles=seen.articles[1:])


def repeat_an_article(seen: Observed) -> Observed:
    return replace(seen, articles=(*seen.articles, seen.articles[0]))


def archive_a_box(seen: Observed) -> Observed:
    box = replace(seen.articles[0], url="http://nazirkerman.demo/contact/")
    return replace(seen, articles=(*seen.articles, box))


def merge_everything(seen: Observed) -> Observed:
    return replace(seen, articles=tuple(replace(each, story=1) for each in seen.articles))


def split_a_copy(seen: Observed) -> Observed:
    copy = next(each for each in seen.articles if not each.is_original)
    rest = tuple(each for each in seen.articles if each is not copy)
    return replace(seen, articles=(*rest, replace(copy, story="other")))


def turn_an_original_round(seen: Observed) -> Observed:
    copy = next(each for each in seen.articles if not each.is_original)
    turned = tuple(
        replace(each, is_original=each is copy) if each.story == copy.story else each
        for each in seen.articles
    )
    return replace(seen, articles=turned)


def lose_a_version(seen: Observed) -> Observed:
    first, *rest = seen.articles
    return replace(seen, articles=(replace(first, revisions=3), *rest))


def send_twice(seen: Observed) -> Observed:
    return replace(seen, messages=(*seen.messages, seen.messages[0]))


def send_nothing(seen: Observed) -> Observed:
    return replace(seen, messages=seen.messages[1:])


def hold_one(seen: Observed) -> Observed:
    first, *rest = seen.messages
    return replace(seen, messages=(replace(first, held="quiet hours"), *rest))


def name_another_topic(seen: Observed) -> Observed:
    first, *rest = seen.messages
    return replace(seen, messages=(replace(first, topics=frozenset({"football"})), *rest))


def alert_on_anything(seen: Observed) -> Observed:
    stray = replace(seen.messages[0], story="pistachio")
    return replace(seen, messages=(*seen.messages, stray))


def skip_an_outlet(seen: Observed) -> Observed:
    return replace(seen, visited=seen.visited - {"nazirkerman"})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (drop_an_article, "is not in the archive"),
        (repeat_an_article, "is archived 2 times"),
        (archive_a_box, "is archived and is no article of the press"),
        (merge_everything, "is merged with"),
        (split_a_copy, "stand in another story"),
        (turn_an_original_round, "the archive says"),
        (lose_a_version, "has 3 versions, not 1"),
        (send_twice, "must be sent once, is there 2 times"),
        (send_nothing, "must be sent once, is there 0 times"),
        (hold_one, "must be sent, is quiet hours"),
        (name_another_topic, "names ['football']"),
        (alert_on_anything, "was told of pistachio"),
        (skip_an_outlet, "was never visited"),
    ],
)
def test_each_thing_that_went_wrong_is_named(
    change: Callable[[Observed], Observed], sentence: str
) -> None:
    report = report_when(change)
    assert any(sentence in miss for miss in report.misses)
    assert not all(row.is_right for row in report.rows)
