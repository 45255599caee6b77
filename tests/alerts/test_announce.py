"""A matched story reaches the ledger once for each person, on both databases."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from alerts.announce import Occasion, announce
from alerts.content import from_json
from alerts.message import Alert
from storage.database import Database
from storage.delivery import DeliveryState, NewDelivery, Reason
from storage.ledger import content_of, list_deliveries
from storage.subscription import Preferences
from tests.alerts.news import BODY, COPPER, NOW, SME, article, facts
from tests.storage.ledger_examples import subscribe

NOW_OCCASION = Occasion(now=NOW)


def say(database: Database, outlet: str = "farda", **occasion: object) -> tuple[NewDelivery, ...]:
    with database.write() as connection:
        return announce(
            connection,
            article(outlet),
            [SME, COPPER],
            facts,
            replace(NOW_OCCASION, **occasion),  # type: ignore[arg-type]  # any field
        )


def told(database: Database, delivery: NewDelivery) -> Alert:
    with database.read() as connection:
        content = from_json(content_of(connection, delivery.content_id))
    assert isinstance(content, Alert)
    return content


def test_an_alert_carries_why_it_fired_and_the_sentence_with_the_words_marked(
    database: Database,
) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=Preferences(rule_ids=("copper", "sme")))
    [delivery] = say(database)
    alert = told(database, delivery)
    assert [rule.rule_id for rule in alert.rules] == ["copper", "sme"]
    assert alert.rules[0].terms == ("کاتد",)
    sentence = alert.rules[0].sentence
    assert "".join(span.text for span in sentence) == BODY.split(". ")[0] + "."
    assert [span.text for span in sentence if span.marked] == ["کاتد"]
    assert alert.outlet.fa == "فردای کرمان"
    assert alert.archive_url == "https://rasad.example.ir/stories/7"


def test_announcing_again_and_copies_that_come_later_write_nothing(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection)
    assert len(say(database)) == 1
    assert say(database) == ()
    assert say(database, "nazir") == ()
    with database.read() as connection:
        assert len(list_deliveries(connection)) == 1


def test_subscribers_of_the_same_rules_share_one_content(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, "sara")
        subscribe(connection, "reza")
        subscribe(connection, "mina", preferences=Preferences(rule_ids=("sme",)))
    contents = [delivery.content_id for delivery in say(database)]
    assert len(contents) == 3
    assert len(set(contents)) == 2


def test_the_cap_counts_what_the_ledger_holds_of_the_last_hour(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection, preferences=Preferences(rule_ids=("copper",), cap_per_hour=2))
        states = [
            announce(connection, article(), [COPPER], partial(facts, story), NOW_OCCASION)[0].reason
            for story in range(1, 5)
        ]
        later = Occasion(now=NOW + timedelta(minutes=61))
        [after] = announce(connection, article(), [COPPER], partial(facts, 9), later)
    assert states == [None, None, Reason.CAP, Reason.CAP]
    assert after.state is DeliveryState.OWED


def test_old_and_backfilled_articles_stand_in_the_ledger_as_held(database: Database) -> None:
    with database.write() as connection:
        subscribe(connection)
        old = article(published_at=NOW - timedelta(days=3))
        [held] = announce(connection, old, [COPPER], partial(facts, 1), NOW_OCCASION)
        backfill = replace(NOW_OCCASION, is_backfill=True)
        [history] = announce(connection, article(), [COPPER], partial(facts, 2), backfill)
    assert (held.reason, history.reason) == (Reason.TOO_OLD, Reason.BACKFILL)


def test_without_a_match_or_a_follower_nothing_is_written(database: Database) -> None:
    with database.write() as connection:
        assert announce(connection, article(), [], facts, NOW_OCCASION) == ()
        assert announce(connection, article(), [COPPER], facts, NOW_OCCASION) == ()
        assert list_deliveries(connection) == ()
