"""Subscribing on the pages: double opt-in, the person's own page, the list of all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.tokens import Purpose
from service.house import House
from service.web.app import create_app
from storage.delivery import DeliveryState
from storage.ledger import LedgerFilter, find_delivery, list_deliveries
from storage.recipients import find_recipient
from storage.subscription import Rhythm, Subscription, SubscriptionState
from storage.subscriptions import find_subscription, list_subscriptions
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

WISH = {"address": "sara@example.ir", "rule": "sme", "rhythm": "daily", "quiet": "22:00-07:00"}


@pytest.fixture
def own(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "own") as house:
        yield house


@pytest.fixture
def web(own: House) -> Browser:
    return Browser(create_app(own))


def of_address(house: House, address: str) -> Subscription:
    with house.database.read() as connection:
        (found,) = list_subscriptions(connection, address=address)
    return found


def managed(house: House, subscription: Subscription) -> str:
    return f"/m/{house.links.key.sign(Purpose.MANAGE, subscription.id, now=house.clock())}"


def standing(house: House, subscription: Subscription) -> Subscription:
    with house.database.read() as connection:
        found = find_subscription(connection, subscription.id)
    assert found is not None
    return found


def test_a_person_asks_is_asked_back_and_begins_by_the_link(own: House, web: Browser) -> None:
    answer = web.fill("/subscribe?rule=sme", "/subscribe", WISH)
    assert "یک گام مانده" in answer.text
    subscription = of_address(own, "sara@example.ir")
    assert subscription.state is SubscriptionState.PENDING
    assert subscription.preferences.rhythm is Rhythm.DAILY
    assert subscription.preferences.quiet is not None
    with own.database.read() as connection:
        (asked,) = list_deliveries(connection, LedgerFilter(subscription_id=subscription.id))
    assert asked.kind == "confirmation"
    token = own.links.key.sign(Purpose.CONFIRM, subscription.id, now=own.clock())
    web.post(f"/c/{token}")
    assert standing(own, subscription).state is SubscriptionState.ACTIVE


def test_the_ledgers_page_is_narrowed_and_sends_again_under_the_same_id(
    own: House, web: Browser
) -> None:
    with own.database.read() as connection:
        sent = list_deliveries(connection, LedgerFilter(state=DeliveryState.SENT), limit=1)[0]
        recipient = find_recipient(connection, sent.recipient_id)
    assert recipient is not None
    assert sent.id in web.get(f"/deliveries?state=sent&to={recipient.address}").text
    assert sent.id not in web.get("/deliveries?state=dead").text
    assert sent.id not in web.get("/deliveries?to=nobody@example.ir").text
    assert f"/{sent.id}/retry" not in web.get(f"/deliveries?before={sent.id}&state=sent").text
    assert web.get("/deliveries?state=lost").status_code == 422
    told = web.fill("/deliveries", f"/deliveries/{sent.id}/retry", {"state": "", "to": ""})
    assert "دوباره در نوبت" in told.text
    with own.database.read() as connection:
        again = find_delivery(connection, sent.id)
    assert again is not None
    assert (again.state, again.attempts) == (DeliveryState.OWED, 0)
    assert web.fill("/deliveries", "/deliveries/dlv_none/retry", {}).status_code == 422


BOT = "123456789:AAFunnyTokenOfOurOwn-0123456789abcdef"


def test_a_chat_is_asked_by_a_code_and_nobody_is_shown_its_token(own: House, web: Browser) -> None:
    asked = web.fill("/subscribe", "/subscribe", {**WISH, "address": f"bale://{BOT}/4321"})
    assert "رمز" in asked.text
    with own.database.read() as connection:
        (made,) = (one for one in list_subscriptions(connection) if "bale" in one.recipient.address)
    page = f"/subscribe/{made.id}/code"
    wrong = web.fill("/subscribe", page, {"code": "AAAA-AAAA"})
    assert (wrong.status_code, standing(own, made).state) == (422, SubscriptionState.PENDING)
    assert "این همان رمزی نیست" in wrong.text
    right = web.fill("/subscribe", page, {"code": own.links.code(made.id).lower()})
    assert right.status_code == 200
    assert standing(own, made).state is SubscriptionState.ACTIVE
    shown = (asked, wrong, right, web.get("/subscriptions"), web.get("/deliveries"))
    assert all("AAFunny" not in page.text for page in shown)
    assert "/4321" in web.get("/subscriptions").text


def test_a_chat_on_a_host_nobody_vouched_for_is_refused(own: House, web: Browser) -> None:
    address = "mmosts://chat.example.ir/abcdefghijklmnopqrstuvwxyz"
    answer = web.fill("/subscribe", "/subscribe", {**WISH, "address": address})
    assert answer.status_code == 422
    assert "chats.hosts" in answer.text


def test_an_endpoint_is_shown_its_secret_once(own: House, web: Browser) -> None:
    wish = {"address": "https://example.com/hook", "rule": "copper", "owner": "sara@example.ir"}
    answer = web.fill("/subscribe", "/subscribe", wish)
    assert "whsec_" in answer.text
    again = web.fill("/subscribe", "/subscribe", wish)
    assert "whsec_" not in again.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"address": "sara"}, "نشانی ایمیل نیست"),
        ({"address": ""}, "«نشانی» را پر کنید"),
        ({"rule": "no-such"}, "موضوع یا قاعده «\u2068no-such\u2069» نیست"),
        ({"rule": ""}, "دست‌کم یک موضوع"),
        ({"quiet": "شب"}, "دو ساعت نیست"),
        ({"cap": "x"}, "عدد نیست"),
        ({"address": "http://127.0.0.1:1/x y"}, "فاصله‌ها را از"),
    ],
)
def test_a_form_filled_in_wrong_is_shown_again_with_what_was_typed(
    web: Browser, change: dict[str, str], told: str
) -> None:
    answer = web.fill("/subscribe", "/subscribe", WISH | change)
    assert answer.status_code == 422
    assert told in answer.text.split('role="alert"')[1].split("</p>")[0]


def test_a_stranger_cannot_flood_a_mailbox(web: Browser) -> None:
    statuses = [web.fill("/subscribe", "/subscribe", WISH).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 422]


def test_the_own_page_changes_pauses_resumes_and_ends(own: House, web: Browser) -> None:
    web.fill("/subscribe", "/subscribe", WISH)
    subscription = of_address(own, "sara@example.ir")
    page = managed(own, subscription)
    shown = web.get(page).text
    assert "sara@example.ir" in shown
    assert 'value="22:00-07:00"' in shown
    changed = web.post(
        page,
        data={
            "action": "change",
            "rule": ["copper", "sme"],
            "rhythm": "weekly",
            "quiet": "",
            "cap": "5",
            "language": "en",
            "not_outlet": "sabanews",
        },
    )
    assert "تغییرها ذخیره شد" in changed.text
    wanted = standing(own, subscription).preferences
    assert wanted.rule_ids == ("copper", "sme")
    assert wanted.rhythm is Rhythm.WEEKLY
    assert (wanted.quiet, wanted.cap_per_hour, wanted.language) == (None, 5, "en")
    assert wanted.outlets_excluded == {"sabanews"}
    assert "نگه‌داشته تا" in web.post(page, data={"action": "pause", "days": "7"}).text
    until = standing(own, subscription).preferences.paused_until_at
    assert until is not None
    assert timedelta(days=6) < until - own.clock() <= timedelta(days=7)
    assert "ادامه دارد" in web.post(page, data={"action": "resume"}).text
    assert standing(own, subscription).preferences.paused_until_at is None
    assert "پایان یافت" in web.post(page, data={"action": "end"}).text
    assert standing(own, subscription).state is SubscriptionState.ENDED
    assert "<form" not in web.get(page).text


def test_the_own_page_explains_what_it_cannot_do(own: House, web: Browser) -> None:
    web.fill("/subscribe", "/subscribe", WISH)
    page = managed(own, of_address(own, "sara@example.ir"))
    for data in (
        {},
        {"action": "change"},
        {"action": "pause", "days": "1000"},
        {"action": "change", "rule": "sme", "rhythm": "never"},
    ):
        answer = web.post(page, data=data)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert web.post(f"{page}x", data={"action": "end"}).status_code == 403


def test_the_list_pauses_resumes_enables_and_ends(own: House, web: Browser) -> None:
    web.fill("/subscribe", "/subscribe", WISH)
    subscription = of_address(own, "sara@example.ir")
    path = f"/subscriptions/{subscription.id}"
    for data, told in (
        ({"action": "pause", "days": "7"}, "نگه داشته شد"),
        ({"action": "resume"}, "ادامه دارد"),
        ({"action": "enable"}, "دوباره فرستاده می‌شود"),
        ({"action": "end"}, "اشتراک پایان یافت"),
    ):
        assert told in web.fill("/subscriptions", path, data).text
    assert standing(own, subscription).state is SubscriptionState.ENDED
    assert web.fill("/subscriptions", path, {"action": "dance"}).status_code == 422
    assert web.fill("/subscriptions", "/subscriptions/none", {"action": "end"}).status_code == 404


def test_every_link_of_a_mail_opens_in_the_language_of_the_mail(
    played: Played, own: House, web: Browser
) -> None:
    texts = "\n".join(one.text for one in played.setup.inbox.messages)
    links = re.findall(r"https?://[^/\s]+/[mcu]/\S+", texts)
    assert {"/m/" in one for one in links} == {True, False}
    assert all(re.search(r"\?lang=(fa|en)$", one) for one in links)
    with own.database.read() as connection:
        subscription = list_subscriptions(connection)[0]
    english = f"{managed(own, subscription)}?lang=en"
    assert '<html lang="en"' in web.get(english).text
    assert '<html lang="en"' in web.post(english, data={"action": "pause", "days": "1"}).text


def test_the_question_of_an_english_link_names_the_topics_in_english(
    own: House, web: Browser
) -> None:
    web.fill("/subscribe?rule=sme", "/subscribe", WISH)
    subscription = of_address(own, "sara@example.ir")
    token = own.links.key.sign(Purpose.UNSUBSCRIBE, subscription.id, now=own.clock())
    english, persian = (web.get(f"/u/{token}?lang={one}").text for one in ("en", "fa"))
    name = own.rulebook.names["sme"]
    assert name.en in english
    assert name.fa not in english
    assert name.fa in persian
