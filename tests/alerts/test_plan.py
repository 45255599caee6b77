"""Who is owed which alert of a story, and who waits for it: the decision, without any database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.plan import Decision, StoryNews, Told, accepts, plan_story
from storage.delivery import DeliveryState, Reason
from storage.subscription import Preferences, QuietHours, Rhythm, Subscription
from tests.alerts.news import COPPER, HOUR, NOW, SME, subscription

NEWS = StoryNews(story_id=7, outlet_id="farda", found_at=NOW, published_at=NOW)
FOLLOWS_BOTH = Preferences(rule_ids=("copper", "sme"))


def plan(
    *subscriptions: Subscription, news: StoryNews = NEWS, told: Told | None = None
) -> tuple[Decision, ...]:
    return plan_story(news, [SME, COPPER], subscriptions, told=told or Told(), now=NOW)


def state_of(preferences: Preferences, **told: object) -> tuple[DeliveryState, Reason | None]:
    [decision] = plan(
        subscription(preferences=preferences),
        told=Told(**told),  # type: ignore[arg-type]  # either field
    )
    return decision.state, decision.reason


def test_a_match_is_owed_at_once() -> None:
    [decision] = plan(subscription())
    assert decision.state is DeliveryState.OWED
    assert decision.subject == "story:7"
    assert decision.rule_ids == ("copper",)
    assert decision.weight == COPPER.score


def test_two_rules_that_fire_make_one_message_that_names_both_strongest_first() -> None:
    [decision] = plan(subscription(preferences=FOLLOWS_BOTH))
    assert decision.rule_ids == ("copper", "sme")


def test_two_subscriptions_of_one_person_make_one_message_and_one_skipped_row() -> None:
    copper = subscription("copper", address="sara@example.ir")
    sme = subscription("sme", Preferences(rule_ids=("sme",)), address="sara@example.ir")
    first, second = plan(sme, copper)
    assert first.state is DeliveryState.OWED
    assert set(first.rule_ids) == {"copper", "sme"}
    assert (second.state, second.reason) == (DeliveryState.SKIPPED, Reason.SAME_PERSON)


def test_of_one_persons_subscriptions_the_quickest_speaks() -> None:
    slow = subscription(
        "slow",
        Preferences(rule_ids=("copper",), rhythm=Rhythm.WEEKLY),
        address="s@example.ir",
        created_at=NOW - HOUR,
    )
    quick = subscription("quick", address="s@example.ir")
    first, second = plan(slow, quick)
    assert (first.subscription, first.state) == (quick, DeliveryState.OWED)
    assert (second.subscription, second.state) == (slow, DeliveryState.SKIPPED)


def test_whoever_has_been_told_hears_nothing_of_a_later_copy() -> None:
    reader = subscription()
    assert plan(reader, told=Told(recipients=frozenset({reader.recipient.id}))) == ()


def test_nobody_hears_of_rules_not_followed() -> None:
    assert plan(subscription(preferences=Preferences(rule_ids=("football",)))) == ()


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (timedelta(hours=47, minutes=59), None),
        (timedelta(hours=48, minutes=1), Reason.TOO_OLD),
        (timedelta(days=900), Reason.TOO_OLD),
    ],
)
def test_an_old_article_is_held_and_says_so(age: timedelta, reason: Reason | None) -> None:
    [decision] = plan(subscription(), news=replace(NEWS, published_at=NOW - age))
    assert decision.reason is reason
    assert (decision.state is DeliveryState.HELD) == (reason is not None)


def test_an_article_without_a_believed_time_is_as_old_as_its_finding() -> None:
    [decision] = plan(subscription(), news=replace(NEWS, published_at=None))
    assert decision.state is DeliveryState.OWED


def test_backfill_never_alerts_however_fresh() -> None:
    [decision] = plan(subscription(), news=replace(NEWS, is_backfill=True))
    assert (decision.state, decision.reason) == (DeliveryState.HELD, Reason.BACKFILL)


@pytest.mark.parametrize("rhythm", [Rhythm.HOURLY, Rhythm.DAILY, Rhythm.WEEKLY])
def test_other_rhythms_wait_for_their_digest(rhythm: Rhythm) -> None:
    chosen = Preferences(rule_ids=("copper",), rhythm=rhythm)
    assert state_of(chosen) == (DeliveryState.HELD, Reason.DIGEST)


def test_quiet_hours_hold_and_the_rest_of_the_day_does_not() -> None:
    quiet = QuietHours(from_minute=11 * 60, until_minute=12 * 60)  # it is 11:30 in Tehran
    chosen = Preferences(rule_ids=("copper",), quiet=quiet)
    assert state_of(chosen) == (DeliveryState.HELD, Reason.QUIET_HOURS)
    over = replace(chosen, quiet=QuietHours(from_minute=0, until_minute=7 * 60))
    assert state_of(over) == (DeliveryState.OWED, None)


def test_a_pause_holds_until_its_end() -> None:
    chosen = Preferences(rule_ids=("copper",), paused_until_at=NOW + HOUR)
    assert state_of(chosen) == (DeliveryState.HELD, Reason.PAUSED)
    over = replace(chosen, paused_until_at=NOW)
    assert state_of(over) == (DeliveryState.OWED, None)


@pytest.mark.parametrize(("already", "held"), [(0, False), (2, False), (3, True), (9, True)])
def test_a_cap_per_hour_holds_the_rest_for_the_digest(*, already: int, held: bool) -> None:
    chosen = Preferences(rule_ids=("copper",), cap_per_hour=3)
    expected = (DeliveryState.HELD, Reason.CAP) if held else (DeliveryState.OWED, None)
    assert state_of(chosen, recent={"sub_sara": already}) == expected


def test_a_disabled_recipient_is_skipped_and_the_ledger_says_why() -> None:
    [decision] = plan(subscription(disabled_at=NOW))
    assert (decision.state, decision.reason) == (DeliveryState.SKIPPED, Reason.DISABLED)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"outlets_included": frozenset({"farda"})}, True),
        ({"outlets_included": frozenset({"nazir"})}, False),
        ({"outlets_excluded": frozenset({"farda"})}, False),
        ({"minimum_score": 2.0}, True),
        ({"minimum_score": 2.1}, False),
    ],
)
def test_outlets_and_weight_decide_what_is_wanted(
    *, changes: dict[str, object], wanted: bool
) -> None:
    chosen = replace(Preferences(rule_ids=("copper",)), **changes)  # type: ignore[arg-type]
    assert accepts(chosen, "farda", [COPPER, SME]) is wanted
    assert bool(plan(subscription(preferences=chosen))) is wanted


@given(
    people=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.sets(st.sampled_from(["copper", "sme", "football"])),
            st.sampled_from(list(Rhythm)),
        ),
        max_size=8,
    ),
    told=st.sets(st.sampled_from(["a", "b", "c"])),
)
def test_nobody_is_ever_owed_or_held_a_story_twice(
    people: list[tuple[str, set[str], Rhythm]], told: set[str]
) -> None:
    subscriptions = [
        subscription(
            f"{number}",
            Preferences(rule_ids=tuple(rules), rhythm=rhythm),
            address=f"{person}@example.ir",
        )
        for number, (person, rules, rhythm) in enumerate(people)
    ]
    before = Told(recipients=frozenset(f"rcp_{person}@example.ir" for person in told))
    decisions = plan(*subscriptions, told=before)
    speaking = [
        decision.subscription.recipient.address
        for decision in decisions
        if decision.state is not DeliveryState.SKIPPED
    ]
    followers = {
        f"{person}@example.ir"
        for person, rules, _ in people
        if rules & {"copper", "sme"} and person not in told
    }
    assert sorted(speaking) == sorted(followers)
