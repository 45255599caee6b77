"""After a story was told: a material revision is told once, a late original only corrects."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from alerts.announce import Occasion, announce
from alerts.changes import announce_original, announce_update
from alerts.content import from_json
from alerts.material import material_change, withdrawn
from alerts.message import Alert, Change, ChangeKind, Content, Correction
from crawler.article import Block, BlockKind
from storage.claims import claim
from storage.database import Database
from storage.deliveries import record_dead, record_sent
from storage.delivery import Delivery, DeliveryKind, DeliveryState, Reason
from storage.ledger import LedgerFilter, content_of, find_delivery, list_deliveries
from storage.subscription import Preferences, Rhythm
from storage.subscriptions import mark_ended
from tests.alerts.news import BODY, COPPER, NOW, OUTLETS, article, facts
from tests.storage.ledger_examples import subscribe

CHANGE = Change(kind=ChangeKind.TITLE, before="قدیم", after="نو")
LATER = NOW + timedelta(minutes=20)


def tell(database: Database, *, sent: bool = True, preferences: Preferences | None = None) -> str:
    """Let sara be told of story 7 (and let it be sent); return the delivery's id."""
    with database.write() as connection:
        subscribe(connection, preferences=preferences)
        [delivery] = announce(connection, article(), [COPPER], partial(facts, 7), Occasion(now=NOW))
        if sent:
            claim(connection, delivery.id, NOW)
            record_sent(connection, delivery.id, now=NOW, receipt="250")
    return delivery.id


def update(
    database: Database, story_id: int = 7, *, article_id: int = 77, is_original: bool = False
) -> list[Delivery]:
    """Announce that the article was given another headline."""
    with database.write() as connection:
        changed = replace(article(), title="تیتر نو")
        about = replace(
            facts(story_id), change=CHANGE, article_id=article_id, is_original=is_original
        )
        new = announce_update(connection, changed, [], about, now=LATER)
        rows = [find_delivery(connection, one.id) for one in new]
    return [row for row in rows if row is not None]


def said(database: Database, identity: str) -> Content:
    with database.read() as connection:
        row = find_delivery(connection, identity)
        assert row is not None
        return from_json(content_of(connection, row.content_id))


def test_whoever_was_told_hears_of_a_material_revision_once(database: Database) -> None:
    tell(database)
    [row] = update(database)
    assert (row.kind, row.state) == (DeliveryKind.UPDATE, DeliveryState.OWED)
    content = said(database, row.id)
    assert isinstance(content, Alert)
    assert content.headline == "تیتر نو"
    assert content.change == CHANGE
    assert [rule.rule_id for rule in content.rules] == ["copper"]
    assert update(database) == []


def test_whoever_was_not_told_hears_nothing_of_a_revision(database: Database) -> None:
    tell(database)
    assert update(database, story_id=8) == []


def test_a_copys_edit_is_no_news(database: Database) -> None:
    tell(database)
    assert update(database, article_id=999) == []


def test_a_correction_of_the_original_is_told_to_who_heard_it_from_a_copy(
    database: Database,
) -> None:
    tell(database)
    [row] = update(database, article_id=999, is_original=True)
    assert row.kind is DeliveryKind.UPDATE


def test_what_was_not_sent_yet_is_put_right_instead(database: Database) -> None:
    identity = tell(database, sent=False)
    assert update(database) == []
    content = said(database, identity)
    assert isinstance(content, Alert)
    assert content.headline == "تیتر نو"
    assert content.change is None


def test_a_digest_reader_hears_of_the_update_in_the_digest(database: Database) -> None:
    preferences = Preferences(rule_ids=("copper",), rhythm=Rhythm.DAILY)
    identity = tell(database, sent=False, preferences=preferences)
    with database.write() as connection:
        record_sent(connection, identity, now=NOW, receipt="in digest dlv_x")
    [row] = update(database)
    assert (row.state, row.reason) == (DeliveryState.HELD, Reason.DIGEST)


def test_the_dead_and_the_departed_get_no_update(database: Database) -> None:
    identity = tell(database, sent=False)
    with database.write() as connection:
        claim(connection, identity, NOW)
        record_dead(connection, identity, now=NOW, error="550")
    assert update(database) == []


def test_an_ended_subscription_gets_no_update(database: Database) -> None:
    tell(database)
    with database.write() as connection:
        mark_ended(connection, "sub_sara", now=NOW)
    assert update(database) == []


CORRECTION = Correction(
    story_id=7,
    headline="تولید کاتد",
    told_outlet=OUTLETS["farda"],
    original_outlet=OUTLETS["nazir"],
    original_at=NOW - timedelta(hours=3),
    url="https://nazir.example.ir/7",
)


def test_a_late_original_is_held_for_the_next_digest_and_never_told_as_new(
    database: Database,
) -> None:
    tell(database)
    with database.write() as connection:
        assert (
            announce(connection, article("nazir"), [COPPER], partial(facts, 7), Occasion(now=LATER))
            == ()
        )
        [new] = announce_original(connection, CORRECTION, now=LATER)
        assert announce_original(connection, CORRECTION, now=LATER) == ()
    assert (new.state, new.reason) == (DeliveryState.HELD, Reason.DIGEST)
    assert said(database, new.id) == CORRECTION


def test_a_story_not_sent_yet_needs_no_correction(database: Database) -> None:
    tell(database, sent=False)
    with database.write() as connection:
        assert announce_original(connection, CORRECTION, now=LATER) == ()
        kinds = {one.kind for one in list_deliveries(connection, LedgerFilter())}
    assert kinds == {DeliveryKind.STORY}


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        (None, None, None),
        ("توليد كاتد در خاتون آباد بالا رفت", None, None),
        ("تولید کاتد، در خاتون‌آباد بالا رفت!", BODY.replace("ی", "ي"), None),
        ("تولید کاتد در خاتون‌آباد پایین آمد", None, ChangeKind.TITLE),
        (None, BODY + " این خط ۱۲ میلیون یورو هزینه داشت.", ChangeKind.FIGURES),
        (None, BODY + " جملهٔ تازه‌ای بی‌عدد.", None),
    ],
)
def test_only_another_title_or_other_figures_are_material(
    title: str | None, body: str | None, kind: ChangeKind | None
) -> None:
    before = article()
    after = replace(
        before,
        title=title or before.title,
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=body or BODY),),
    )
    change = material_change(before, after)
    assert (change.kind if change else None) is kind


def test_the_same_figure_in_other_digits_is_the_same() -> None:
    before = replace(article(), lead="رشد ۱۲٫۵ درصدی")
    assert material_change(before, replace(before, lead="رشد 12.5 درصدي")) is None
    change = material_change(before, replace(before, lead="رشد 14.5 درصدی"))
    assert change == Change(kind=ChangeKind.FIGURES, before="12.5", after="14.5")


def test_a_withdrawal_keeps_the_title_that_was() -> None:
    assert withdrawn(article()).kind is ChangeKind.WITHDRAWN
    assert withdrawn(article()).before == article().title
