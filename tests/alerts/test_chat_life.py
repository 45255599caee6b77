"""A chat from its first question to its suspension: the same ledger, the same refusals."""

import asyncio
import re

import pytest

from alerts.chats.reading import read_chat
from alerts.errors import BadSubscriptionError
from alerts.subscribing import Reachable, Subscribed, confirm_by_code, read_wish, subscribe
from storage.database import Database
from storage.delivery import DeliveryKind, DeliveryState
from storage.ledger import list_deliveries
from storage.recipients import find_recipient
from storage.subscription import Preferences, Subscription, SubscriptionState
from tests.alerts.delivering import LINKS, Clock, owe_content, postman, run_due
from tests.alerts.news import NAMES, NOW, alert
from tests.alerts.playing_chats import BOT, PlayingChats
from tests.alerts.test_chat import settings

ADDRESS = f"bale://{BOT}/4321"


def ask(database: Database, server: PlayingChats) -> Subscribed:
    rules = settings(server).rules
    wish = read_wish(
        ADDRESS,
        Preferences(rule_ids=("copper",)),
        owner="desk@example.ir",
        rule_names=NAMES,
        reachable=Reachable(chats=rules),
    )
    assert "AAFunny" not in repr(wish)
    with database.write() as connection:
        return subscribe(connection, wish, now=NOW)


def told(server: PlayingChats) -> list[str]:
    return [str(said.body["text"]) for said in server.said]


def confirmed(database: Database, asked: Subscribed) -> Subscription:
    with database.write() as connection:
        code = LINKS.code(asked.subscription.id)
        return confirm_by_code(connection, asked.subscription, code, LINKS, now=NOW)


def test_a_chat_begins_by_the_code_that_was_told_in_it(database: Database) -> None:
    server = PlayingChats()

    async def go() -> Subscribed:
        async with server:
            asked = ask(database, server)
            async with postman(database, Clock(), chats=settings(server)) as carrier:
                await run_due(database, carrier, Clock())
            return asked

    asked = asyncio.run(go())
    assert asked.subscription.state is SubscriptionState.PENDING
    assert asked.secret is None, "nobody is shown the address that was typed"
    assert "AAFunny" not in asked.subscription.recipient.address
    (question,) = told(server)
    found = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", question)
    assert found is not None
    with database.write() as connection:
        with pytest.raises(BadSubscriptionError, match="code: "):
            confirm_by_code(connection, asked.subscription, "AAAA-AAAA", LINKS, now=NOW)
        typed = f" {found[0].lower().replace('-', ' ')} "
        begun = confirm_by_code(connection, asked.subscription, typed, LINKS, now=NOW)
    assert begun.state is SubscriptionState.ACTIVE


def test_a_story_is_told_once_in_the_chat_and_stands_in_the_ledger(database: Database) -> None:
    server = PlayingChats()

    async def go() -> None:
        async with server:
            active = confirmed(database, ask(database, server))
            owe_content(database, active, alert(7), subject="story:7")
            async with postman(database, Clock(), chats=settings(server)) as carrier:
                await run_due(database, carrier, Clock())
                await run_due(database, carrier, Clock())

    asyncio.run(go())
    stories = [one for one in told(server) if "خاتون‌آباد" in one]
    assert len(stories) == 1
    assert "https://farda.example.ir/news/7" in stories[0]
    with database.read() as connection:
        rows = list_deliveries(connection)
    (story,) = [row for row in rows if row.kind is DeliveryKind.STORY]
    assert (story.state, story.receipt) == (DeliveryState.SENT, "bale: accepted")
    assert all("AAFunny" not in str(row) for row in rows)


def test_a_bot_that_was_put_out_is_suspended_and_its_owner_told(database: Database) -> None:
    server = PlayingChats()
    server.answers.extend([403] * 9)

    async def go() -> Subscription:
        async with server:
            active = confirmed(database, ask(database, server))
            for number in (1, 2, 3, 4):
                owe_content(database, active, alert(number), subject=f"story:{number}")
            async with postman(database, Clock(), chats=settings(server)) as carrier:
                with database.read() as connection:
                    stories = [
                        row.id
                        for row in list_deliveries(connection)
                        if row.kind is DeliveryKind.STORY
                    ]
                for identity in stories:
                    await carrier.attempt(identity)
            return active

    active = asyncio.run(go())
    with database.read() as connection:
        recipient = find_recipient(connection, active.recipient.id)
        rows = list_deliveries(connection)
    assert recipient is not None
    assert recipient.disabled_at is not None
    states = sorted(row.state.value for row in rows if row.kind is DeliveryKind.STORY)
    assert states == ["dead", "dead", "dead", "held"]
    (notice,) = [row for row in rows if row.kind is DeliveryKind.NOTICE]
    assert notice.channel == "email"


def test_a_code_is_of_no_use_for_a_mail(database: Database) -> None:
    wish = read_wish(
        "sara@example.ir",
        Preferences(rule_ids=("copper",)),
        owner=None,
        rule_names=NAMES,
        reachable=Reachable(),
    )
    with database.write() as connection:
        asked = subscribe(connection, wish, now=NOW).subscription
        with pytest.raises(BadSubscriptionError, match="code: "):
            confirm_by_code(connection, asked, LINKS.code(asked.id), LINKS, now=NOW)


def test_the_address_kept_is_the_address_typed(database: Database) -> None:
    server = PlayingChats(port=1)
    recipient = ask(database, server).subscription.recipient
    assert recipient.secret is not None
    assert read_chat(recipient.secret, settings(server).rules).masked == recipient.address
