"""Digests: what waited is told once, grouped, in parts when long; a bulletin always comes."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from alerts.announce import Occasion, announce
from alerts.changes import announce_original
from alerts.content import from_json
from alerts.digest import MAX_STORIES, Press, due_periods, grouped, make_due_digests
from alerts.message import Alert, Coverage, Digest
from alerts.payload import MAX_BYTES
from alerts.render import Envelope, render
from alerts.webhook import new_secret
from persian.calendar import from_jalali
from storage.database import Database
from storage.deliveries import record_sent, retry
from storage.delivery import DeliveryKind, DeliveryState, Reason
from storage.ledger import LedgerFilter, content_of, find_delivery, list_deliveries
from storage.recipients import disable_recipient, enable_recipient
from storage.subscription import Channel, NewRecipient, Preferences, QuietHours, Rhythm
from storage.waiting import count_waiting
from tests.alerts.delivering import Clock, postman, run_due
from tests.alerts.news import COPPER, NOW, SME, alert, article, facts
from tests.alerts.playing_http import PlayingReceiver
from tests.alerts.playing_smtp import Play, PlayingRelay
from tests.alerts.test_render import DIGEST as RENDERED
from tests.storage.ledger_examples import subscribe

BOTH = ("copper", "sme")
CORRECTION = RENDERED.corrections[0]
DAILY = Preferences(rule_ids=BOTH, rhythm=Rhythm.DAILY)
MORNING = from_jalali(1405, 9, 3, 7, 1)  # the bulletin after NOW


def hear(database: Database, *stories: int, at: datetime = NOW) -> None:
    """Let stories match; every third one on small industry."""
    with database.write() as connection:
        for story in stories:
            fired = [SME] if story % 3 == 0 else [COPPER]
            dated = replace(article(published_at=at), fetched_at=at)
            announce(connection, dated, fired, partial(facts, story), Occasion(now=at))


def digests(database: Database, at: datetime, press: Press | None = None) -> list[Digest]:
    with database.write() as connection:
        made = make_due_digests(connection, press or Press(), now=at)
        found = []
        for identity in made:
            row = find_delivery(connection, identity)
            assert row is not None
            content = from_json(content_of(connection, row.content_id))
            assert isinstance(content, Digest)
            found.append(content)
    return found


def test_a_daily_bulletin_tells_what_waited_once(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=DAILY)
    hear(database, 1, 2, 3)
    assert digests(database, NOW + timedelta(minutes=1)) == []
    with database.read() as connection:
        assert due_periods(connection, now=NOW + timedelta(minutes=1)) == ()
        [(subscription, _)] = due_periods(connection, now=MORNING)
    assert subscription.id == "sub_sara"
    [digest] = digests(database, MORNING)
    assert digest.stories == 3
    assert [group.rule_id for group in digest.groups] == ["copper", "sme"]
    assert digest.until_at == from_jalali(1405, 9, 3, 7, 0)
    assert digests(database, MORNING) == []
    hear(database, 1, 2, 3, at=MORNING)
    [next_one] = digests(database, MORNING + timedelta(days=1))
    assert next_one.stories == 0


@pytest.mark.parametrize("rhythm", [Rhythm.AT_ONCE, Rhythm.HOURLY])
def test_the_quick_rhythms_send_no_empty_digest(database: Database, rhythm: Rhythm) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=replace(DAILY, rhythm=rhythm))
    assert digests(database, NOW + timedelta(hours=2)) == []


def test_what_a_cap_held_back_comes_in_the_digest_of_the_hour(database: Database) -> None:
    with database.write() as connection:
        capped = replace(DAILY, rhythm=Rhythm.AT_ONCE, cap_per_hour=2)
        subscription = subscribe(connection, preferences=capped)
    hear(database, *range(1, 15))
    with database.read() as connection:
        assert count_waiting(connection, subscription.id) == 12

    async def go() -> list[str]:
        async with (
            PlayingRelay() as relay,
            postman(database, Clock(), smtp_port=relay.port) as carrier,
        ):
            await run_due(database, carrier, Clock())
        return [body.get_content() for mail in relay.inbox if (body := mail.get_body(("plain",)))]

    told = asyncio.run(go())
    assert len(told) == 2
    assert all("۱۲ خبر دیگر در نوبت است" in text for text in told)
    [digest] = digests(database, NOW + timedelta(hours=1))
    assert (digest.rhythm, digest.stories) == ("at_once", 12)


def test_what_quiet_hours_held_back_comes_when_they_end(database: Database) -> None:
    quiet = QuietHours(from_minute=11 * 60, until_minute=13 * 60 + 15)
    with database.write() as connection:
        subscribe(connection, preferences=replace(DAILY, rhythm=Rhythm.AT_ONCE, quiet=quiet))
    hear(database, 1, 2)
    assert digests(database, from_jalali(1405, 9, 2, 13, 14)) == []
    [digest] = digests(database, from_jalali(1405, 9, 2, 13, 15))
    assert digest.stories == 2


def test_a_digest_that_was_sent_tells_its_stories_and_one_that_failed_does_not(
    database: Database,
) -> None:
    async def go() -> None:
        clock = Clock()
        with database.write() as connection:
            subscribe(connection, preferences=DAILY)
        hear(database, 1, 2)
        digests(database, MORNING)
        clock.now = MORNING
        relay = PlayingRelay().script(Play(rcpt="550 5.7.1 refused"))
        async with relay, postman(database, clock, smtp_port=relay.port) as carrier:
            await run_due(database, carrier, clock)
            with database.write() as connection:
                held = list_deliveries(connection, LedgerFilter(state=DeliveryState.HELD))
                [dead] = list_deliveries(connection, LedgerFilter(kind=DeliveryKind.DIGEST))
                retry(connection, dead.id, now=clock.now)
            await run_due(database, carrier, clock)
        with database.read() as connection:
            told = list_deliveries(connection, LedgerFilter(kind=DeliveryKind.STORY))
        assert len(held) == 2
        assert {(one.state, one.receipt) for one in told} == {
            (DeliveryState.SENT, f"in digest {dead.id}")
        }
        [mail] = relay.inbox
        assert mail["Subject"] == "بولتن روز ۳ آذر ۱۴۰۵: ۲ خبر"

    asyncio.run(go())


def test_a_long_digest_comes_in_parts_and_leaves_nothing_out(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=DAILY)
    hear(database, *range(1, MAX_STORIES + 11))
    parts = digests(database, MORNING)
    assert [part.stories for part in parts] == [MAX_STORIES, 10]


def test_a_webhooks_digest_stays_under_its_size_and_leaves_nothing_out(
    database: Database,
) -> None:
    async def go() -> None:
        clock = Clock()
        async with PlayingReceiver() as receiver, postman(database, clock) as carrier:
            hook = NewRecipient(channel=Channel.WEBHOOK, address=receiver.url, secret=new_secret())
            with database.write() as connection:
                subscribe(connection, preferences=DAILY, new=hook)
            hear(database, *range(1, 51))
            digests(database, MORNING)
            clock.now = MORNING
            await run_due(database, carrier, clock)
        bodies = [got.body for got in receiver.got]
        assert all(len(body) <= MAX_BYTES for body in bodies)
        events = [json.loads(body) for body in bodies]
        assert {event["type"] for event in events} == {"digest.ready"}
        stories = [
            story["story_id"]
            for event in events
            for group in event["data"]["groups"]
            for story in group["stories"]
        ]
        assert sorted(stories) == list(range(1, 51))
        assert all(event["data"]["left_out"] == 0 for event in events)

    asyncio.run(go())


def test_the_spread_is_todays_and_the_coverage_stands_below(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=DAILY)
    hear(database, 1)

    def freshen(old: Alert) -> Alert:
        return replace(old, spread=alert().spread)

    press = Press(coverage=Coverage(outlets=31), freshen=freshen)
    [digest] = digests(database, MORNING, press)
    assert len(digest.groups[0].alerts[0].spread) == 2
    assert digest.coverage == Coverage(outlets=31)


def test_a_disabled_reader_hears_everything_in_one_digest_once_enabled(
    database: Database,
) -> None:
    with database.write() as connection:
        reader = subscribe(connection, preferences=DAILY)
    hear(database, 1)
    with database.write() as connection:
        disable_recipient(connection, reader.recipient.id, "bounced", now=NOW)
    for day in range(3):
        assert digests(database, MORNING + timedelta(days=day)) == []
    with database.write() as connection:
        enable_recipient(connection, reader.recipient.id)
    [digest] = digests(database, MORNING + timedelta(days=3))
    assert digest.stories == 1


@pytest.mark.parametrize(
    ("rhythm", "told"), [(Rhythm.AT_ONCE, []), (Rhythm.HOURLY, []), (Rhythm.DAILY, [1])]
)
def test_a_correction_alone_is_no_mail_between_bulletins(
    database: Database, rhythm: Rhythm, told: list[int]
) -> None:
    with database.write() as connection:
        subscription = subscribe(connection, preferences=replace(DAILY, rhythm=rhythm))
        [new] = announce(connection, article(), [COPPER], partial(facts, 4), Occasion(now=NOW))
        record_sent(connection, new.id, now=NOW, receipt="250")
        announce_original(connection, CORRECTION, now=NOW)
    assert [len(digest.corrections) for digest in digests(database, MORNING)] == told
    with database.read() as connection:
        assert count_waiting(connection, subscription.id) == 1 - len(told)


@pytest.mark.parametrize("rhythm", [Rhythm.AT_ONCE, Rhythm.HOURLY])
def test_a_correction_that_found_no_company_within_a_day_is_told_alone_and_once(
    database: Database, rhythm: Rhythm
) -> None:
    """Whoever hears at once may wait weeks for a digest; a wrong credit must not stand so long."""
    with database.write() as connection:
        subscribe(connection, preferences=replace(DAILY, rhythm=rhythm, quiet=None))
        for story in (4, 5):
            [new] = announce(
                connection, article(), [COPPER], partial(facts, story), Occasion(now=NOW)
            )
            record_sent(connection, new.id, now=NOW, receipt="250")
        later = NOW + timedelta(hours=5)
        announce_original(connection, replace(CORRECTION, story_id=4), now=NOW)
        announce_original(connection, replace(CORRECTION, story_id=5), now=later)
    assert digests(database, NOW + timedelta(hours=23)) == []
    [digest] = digests(database, NOW + timedelta(hours=24))
    assert [one.story_id for one in digest.corrections] == [4, 5]
    assert digest.stories == 0
    assert digests(database, NOW + timedelta(hours=30)) == []


def test_a_digest_of_corrections_alone_says_so_and_leads_to_the_original() -> None:
    digest = replace(RENDERED, groups=(), corrections=(CORRECTION,), rhythm="at_once")
    told = render(digest, Envelope(language="fa"))
    assert told.subject.startswith("اصلاح خبرهای پیشین")
    assert "در این بازه خبری نبود" not in told.text + told.html
    assert CORRECTION.url in told.text
    assert CORRECTION.url in told.html


def test_history_is_in_no_digest(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=DAILY)
        old = article(published_at=NOW - timedelta(days=9))
        announce(connection, old, [COPPER], partial(facts, 1), Occasion(now=NOW))
    [digest] = digests(database, MORNING)
    assert digest.stories == 0
    with database.read() as connection:
        [row] = list_deliveries(connection, LedgerFilter(kind=DeliveryKind.STORY))
    assert row.reason is Reason.TOO_OLD


def test_groups_hold_each_story_once_the_weightiest_first() -> None:
    light, heavy = alert(1), alert(2)
    heavier = replace(heavy.rules[0], rule_id="sme", score=9.0)
    heavy = replace(heavy, rules=(*heavy.rules, heavier))
    bare = replace(alert(3), rules=())
    groups = grouped([light, bare, heavy])
    assert [group.rule_id for group in groups] == ["sme", "copper", ""]
    assert [[one.story_id for one in group.alerts] for group in groups] == [[2], [1], [3]]
