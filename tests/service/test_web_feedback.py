"""«This was not relevant»: the link in every mail, its page, what is kept, and who sees it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.house import House
from service.settings import WebSettings
from service.web.app import create_app
from storage.rules import Feedback, feedback_of, matches_of_rule
from storage.subscription import Subscription
from storage.subscriptions import list_subscriptions
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

_LINK = re.compile(r"https?://[^/\s]+(/f/\S+)")


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        yield house


@pytest.fixture
def web(own: House) -> Browser:
    return Browser(create_app(own))


def follower(house: House, rule_id: str) -> Subscription:
    with house.database.read() as connection:
        return next(
            one for one in list_subscriptions(connection) if rule_id in one.preferences.rule_ids
        )


def link(house: House, rule_id: str, *, language: str = "fa") -> str:
    """Return the path of the link to the newest story of a rule, for one who follows it."""
    with house.database.read() as connection:
        match = matches_of_rule(connection, rule_id, limit=1)[0]
    url = house.links.feedback(follower(house, rule_id).id, match.story_id, now=house.clock())
    return f"/f/{url.rpartition('/')[2]}?lang={language}"


def said(house: House, rule_id: str) -> tuple[Feedback, ...]:
    with house.database.read() as connection:
        return feedback_of(connection, rule_id)


def test_every_mail_of_a_story_has_a_link_of_its_own_that_works(
    played: Played, web: Browser, own: House
) -> None:
    mails = [one for one in played.setup.inbox.messages if "/f/" in one.text]
    assert mails
    for mail in mails:
        links = _LINK.findall(mail.text)
        assert len(set(links)) == len(links)
        assert all(found in mail.html for found in links)
        page = web.get(links[0])
        assert page.status_code == 200
        assert '<button name="relevant" value="0">' in page.text
    assert not said(own, "sme") + said(own, "copper")


def test_looking_changes_nothing_and_saying_so_is_kept_once(web: Browser, own: House) -> None:
    page = link(own, "sme")
    assert web.get(page).status_code == 200
    assert said(own, "sme") == ()
    told = web.post(page, data={"rule": "sme", "relevant": "0"})
    assert "نظر شما ثبت شد" in told.text
    (kept,) = said(own, "sme")
    assert (kept.reader, kept.is_relevant) == (follower(own, "sme").id, False)
    web.post(page, data={"rule": "sme", "relevant": "0"})
    assert said(own, "sme") == (kept,)


def test_it_can_be_taken_back(web: Browser, own: House) -> None:
    page = link(own, "sme")
    assert "نه، به کارم می‌آمد" not in web.get(page).text
    web.post(page, data={"rule": "sme", "relevant": "0"})
    assert "نه، به کارم می‌آمد" in web.get(page).text
    web.post(page, data={"rule": "sme", "relevant": "1"})
    assert [one.is_relevant for one in said(own, "sme")] == [True]


def test_the_page_speaks_the_language_of_the_mail(web: Browser, own: House) -> None:
    assert "به کارم نمی‌آمد" in web.get(link(own, "sme")).text
    english = web.get(link(own, "sme", language="en")).text
    assert "It was not relevant" in english
    assert 'dir="ltr"' in english


def test_a_program_says_it_with_an_empty_post(web: Browser, own: House) -> None:
    assert web.post(link(own, "sme")).status_code == 200
    assert [one.is_relevant for one in said(own, "sme")] == [False]


def test_only_rules_that_the_subscription_follows_are_judged(web: Browser, own: House) -> None:
    followed = follower(own, "sme").preferences.rule_ids
    web.post(link(own, "sme"), data={"rule": ["sme", "football-mes", "no-such"], "relevant": "0"})
    with own.database.read() as connection:
        ids = [*own.rulebook.topics, "no-such"]
        judged = {rule_id for rule_id in ids if feedback_of(connection, rule_id)}
    assert judged <= set(followed)
    assert "sme" in judged


def test_a_link_is_good_only_as_signed_and_only_for_its_story(web: Browser, own: House) -> None:
    subscription = follower(own, "sme")
    unknown = own.links.feedback(subscription.id, 10**9, now=own.clock())
    foreign = own.links.feedback("sub_nobody", 1, now=own.clock())
    old = own.links.feedback(subscription.id, 1, now=own.clock() - timedelta(days=366))
    manage = own.links.manage(subscription.id, now=own.clock())
    for url, status in ((unknown, 404), (foreign, 404), (old, 403), (manage, 403), ("x/y", 403)):
        path = f"/f/{url.rpartition('/')[2]}"
        assert web.get(path).status_code == status, url
        assert web.post(path).status_code == status, url
    good = link(own, "sme")
    assert web.get(good.replace("?", "x?")).status_code == 403
    as_unsubscribe = good.replace("/f/", "/u/")
    assert web.post(as_unsubscribe).status_code == 403


def test_nobody_needs_to_sign_in_and_a_mail_page_may_post(played: Played, tmp_path: Path) -> None:
    web = WebSettings(public_url="https://rasad.example.ir")
    with copied(played, tmp_path / "public", web=web) as house:
        browser = Browser(create_app(house), base="https://rasad.example.ir")
        answer = browser.post(link(house, "sme"), headers={"origin": "null"})
        assert answer.status_code == 200
        assert len(said(house, "sme")) == 1


def test_it_stands_beside_the_rule_on_its_page_and_in_the_api(web: Browser, own: House) -> None:
    web.post(link(own, "sme"), data={"rule": "sme", "relevant": "0"})
    page = web.get("/topics/sme").text
    assert "نظر خوانندگان" in page
    assert "قاعده نظر دیگری دارد" in page
    (opinion,) = web.get("/api/v1/rules/sme/opinions").json()
    assert opinion["reader"] == follower(own, "sme").id
    assert (opinion["is_relevant"], opinion["is_agreed"]) == (False, False)
    assert web.get("/api/v1/rules/no-such/opinions").status_code == 404


def test_a_webhook_carries_the_link_too(played: Played, web: Browser, own: House) -> None:
    stories = [one.data for one in played.setup.receiver.events if one.type == "story.matched"]
    assert stories
    for story in stories:
        found = _LINK.fullmatch(story["feedback_url"])
        assert found is not None
        assert web.get(found[1]).status_code == 200
