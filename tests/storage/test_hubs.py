"""Which hubs are offered and how each subscription stands, the same on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage import hubs, outlet_states
from storage.database import Database
from storage.hubs import HubState, HubSubscription

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FEED = "http://o.example/feed/"
OFFER = HubSubscription(outlet_id="o", way_url=FEED, hub="http://hub.example/", topic=FEED)
ASKED = replace(
    OFFER, state=HubState.ASKED, callback="http://us/t", token="t", secret="s", attempts=1
)


def _offer(database: Database, offer: HubSubscription = OFFER, at: datetime = NOW) -> None:
    with database.write() as connection:
        hubs.keep_offer(connection, offer, now=at)


def _all(database: Database) -> list[HubSubscription]:
    with database.read() as connection:
        return list(hubs.all_hubs(connection).values())


def _claim(database: Database, seen: HubSubscription, step: HubSubscription) -> bool:
    with database.write() as connection:
        return hubs.claim_hub(connection, seen, step)


def _asked(database: Database) -> HubSubscription:
    """Offer a hub and ask it; return how it stands."""
    _offer(database)
    step = replace(ASKED, due_at=LATER)
    assert _claim(database, replace(OFFER, due_at=NOW), step)
    return step


def test_a_hub_offered_is_due_at_once_and_only_once(database: Database) -> None:
    _offer(database)
    _offer(database, at=LATER)
    assert _all(database) == [replace(OFFER, due_at=NOW)]
    with database.read() as connection:
        assert hubs.due_hubs(connection, NOW, 10) == (replace(OFFER, due_at=NOW),)
        assert hubs.due_hubs(connection, NOW - timedelta(seconds=1), 10) == ()


def test_the_same_offer_leaves_a_subscription_alone(database: Database) -> None:
    step = _asked(database)
    _offer(database, at=LATER)
    assert _all(database) == [step]


def test_another_hub_begins_anew(database: Database) -> None:
    _asked(database)
    other = replace(OFFER, hub="http://other.example/")
    _offer(database, other, at=LATER)
    assert _all(database) == [replace(other, due_at=LATER)]


def test_of_two_that_claim_a_step_one_gets_it(database: Database) -> None:
    _offer(database)
    seen = replace(OFFER, due_at=NOW)
    step = replace(ASKED, due_at=LATER)
    assert [_claim(database, seen, step) for _ in range(2)] == [True, False]


def test_a_hub_that_speaks_while_it_is_asked_is_heard(database: Database) -> None:
    step = _asked(database)
    with database.write() as connection:
        hubs.note_told(connection, step, now=LATER)
        hubs.note_unsigned(connection, step)
    assert _claim(database, step, replace(step, due_at=None))
    (found,) = _all(database)
    assert (found.told, found.told_at, found.unsigned, found.due_at) == (1, LATER, 1, None)


def test_a_subscription_is_found_by_its_token_alone(database: Database) -> None:
    step = _asked(database)
    with database.write() as connection:
        assert hubs.find_hub(connection, "t") == step
        assert hubs.find_hub(connection, "T") is None


def test_an_offer_withdrawn_is_forgotten_and_what_was_asked_is_given_back(
    database: Database,
) -> None:
    _asked(database)
    _offer(database, replace(OFFER, outlet_id="p"))
    with database.write() as connection:
        for outlet_id in ("o", "p", "p"):
            hubs.withdraw_offer(connection, outlet_id, FEED, now=LATER)
    (left,) = _all(database)
    assert (left.outlet_id, left.state, left.due_at) == ("o", HubState.LEAVING, LATER)
    assert left.token == "t"


def test_a_way_that_comes_back_while_it_leaves_begins_anew(database: Database) -> None:
    _asked(database)
    with database.write() as connection:
        hubs.withdraw_offer(connection, "o", FEED, now=LATER)
    _offer(database, at=LATER)
    assert _all(database) == [replace(OFFER, due_at=LATER)]


def test_only_the_subscription_that_was_seen_is_changed_or_forgotten(database: Database) -> None:
    step = _asked(database)
    stale = replace(step, token="before")
    with database.write() as connection:
        hubs.change_hub(connection, stale, replace(step, detail="stale"))
        hubs.forget_hub(connection, stale)
    assert _all(database) == [step]
    with database.write() as connection:
        hubs.forget_hub(connection, step)
    assert _all(database) == []


def _visited(database: Database, **values: object) -> None:
    state = outlet_states.OutletState(
        outlet_id="o", next_visit_at=LATER, health_since_at=NOW, last_visit_at=NOW
    )
    with database.write() as connection:
        outlet_states.save_state(connection, replace(state, **values))  # type: ignore[arg-type]


def _told_of(database: Database) -> dict[str, hubs.ToldOf]:
    with database.read() as connection:
        return dict(hubs.outlets_told_of(connection))


def test_an_outlet_is_told_of_until_a_visit_begins_after_it(database: Database) -> None:
    step = _asked(database)
    _visited(database)
    assert _told_of(database) == {}
    at = NOW + timedelta(minutes=1)
    with database.write() as connection:
        hubs.note_told(connection, step, now=at)
    assert _told_of(database) == {"o": hubs.ToldOf(began_at=NOW, next_visit_at=LATER)}
    _visited(database, last_visit_at=at + timedelta(seconds=1))
    assert _told_of(database) == {}


def test_a_failing_outlet_and_one_that_is_not_visited_are_not_hastened(database: Database) -> None:
    step = _asked(database)
    with database.write() as connection:
        hubs.note_told(connection, step, now=LATER)
    _visited(database, consecutive_failures=1)
    assert _told_of(database) == {}
    _visited(database, next_visit_at=None)
    assert _told_of(database) == {}


def test_tokens_and_secrets_are_not_printed() -> None:
    shown = repr(replace(ASKED, token="capability", secret="hush", callback=None))
    assert "capability" not in shown
    assert "hush" not in shown
