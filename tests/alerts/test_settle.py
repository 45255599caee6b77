"""What follows from an attempt: the schedule, its jitter, and when somebody is disabled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.outcome import Refused, Sent
from alerts.retry import WEBHOOK, RetryPolicy, roll_of
from alerts.settle import POLICIES, Again, Done, GivenUp, settle, why_disable
from storage.delivery import Delivery, DeliveryKind, DeliveryState
from storage.subscription import Channel, Recipient

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DELIVERY = Delivery(
    id="dlv_1",
    subscription_id="sub_1",
    recipient_id="rcp_1",
    channel=Channel.WEBHOOK,
    kind=DeliveryKind.STORY,
    subject="story:1",
    story_id=1,
    content_id="c",
    state=DeliveryState.SENDING,
    reason=None,
    digest_id=None,
    weight=1.0,
    attempts=1,
    next_attempt_at=None,
    owed_at=NOW,
    first_attempt_at=NOW,
    sent_at=None,
    changed_at=NOW,
    receipt=None,
    last_error=None,
)
ENDPOINT = Recipient(
    id="rcp_1", channel=Channel.WEBHOOK, address="https://a.example.com", created_at=NOW
)
PERSON = replace(ENDPOINT, channel=Channel.EMAIL, address="sara@example.ir")


def test_a_receipt_is_the_end() -> None:
    assert settle(DELIVERY, Sent(receipt="HTTP 204"), now=NOW) == Done(receipt="HTTP 204")


@given(attempt=st.integers(1, 9), identity=st.text(min_size=1, max_size=30))
def test_every_pause_lies_within_a_tenth_of_the_schedule(attempt: int, identity: str) -> None:
    tried = replace(DELIVERY, id=identity, attempts=attempt)
    settled = settle(tried, Refused(error="500"), now=NOW)
    assert isinstance(settled, Again)
    planned = WEBHOOK.delays[attempt - 1]
    assert 0.9 * planned <= settled.next_attempt_at - NOW <= 1.1 * planned
    assert settle(tried, Refused(error="500"), now=NOW) == settled


def test_deliveries_do_not_come_back_all_at_once() -> None:
    pauses = {WEBHOOK.next_attempt_at(2, now=NOW, roll=roll_of(f"dlv_{n}", 2)) for n in range(200)}
    assert len(pauses) == 200


@pytest.mark.parametrize("channel", list(Channel))
def test_after_the_last_attempt_a_delivery_is_dead(channel: Channel) -> None:
    policy = POLICIES[channel]
    last = replace(DELIVERY, channel=channel, attempts=policy.attempts)
    settled = settle(last, Refused(error="HTTP 500"), now=NOW)
    assert isinstance(settled, GivenUp)
    assert f"{policy.attempts} attempts" in settled.error
    before = replace(last, attempts=policy.attempts - 1)
    assert isinstance(settle(before, Refused(error="HTTP 500"), now=NOW), Again)


def test_webhooks_follow_the_schedule_of_the_specification() -> None:
    hours = [delay / timedelta(hours=1) for delay in WEBHOOK.delays]
    assert hours == pytest.approx([5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24])
    assert WEBHOOK.attempts == 10


@pytest.mark.parametrize("minutes", [1, 10, 600])
def test_what_the_other_side_asked_for_is_never_undercut(minutes: int) -> None:
    asked = timedelta(minutes=minutes)
    settled = settle(DELIVERY, Refused(error="429", retry_after=asked), now=NOW)
    assert isinstance(settled, Again)
    assert settled.next_attempt_at == NOW + asked


@pytest.mark.parametrize(
    "refused", [Refused(error="550", permanent=True), Refused(error="410", gone=True)]
)
def test_a_permanent_refusal_is_given_up_at_once(refused: Refused) -> None:
    assert settle(DELIVERY, refused, now=NOW) == GivenUp(error=refused.error)


@pytest.mark.parametrize(("failures", "disabled"), [(1, False), (2, False), (3, True), (4, True)])
def test_three_bounces_in_a_row_suspend_an_address(*, failures: int, disabled: bool) -> None:
    bounced = replace(PERSON, permanent_failures=failures)
    why = why_disable(bounced, Refused(error="550 unknown", permanent=True), now=NOW)
    assert (why is not None) is disabled
    assert why is None or "550 unknown" in why.words


@pytest.mark.parametrize(("days", "disabled"), [(0, False), (4.9, False), (5, True), (9, True)])
def test_five_days_of_failure_disable_an_endpoint(*, days: float, disabled: bool) -> None:
    failing = replace(ENDPOINT, failing_since_at=NOW - timedelta(days=days))
    assert (why_disable(failing, Refused(error="500"), now=NOW) is not None) is disabled


def test_gone_disables_at_once_and_a_slow_address_never_does() -> None:
    assert why_disable(ENDPOINT, Refused(error="410", gone=True), now=NOW) is not None
    slow = replace(PERSON, failing_since_at=NOW - timedelta(days=30))
    assert why_disable(slow, Refused(error="451"), now=NOW) is None
    assert why_disable(ENDPOINT, Refused(error="500"), now=NOW) is None


def test_a_policy_without_delays_tries_once() -> None:
    once = RetryPolicy(delays=())
    assert once.next_attempt_at(1, now=NOW, roll=0.5) is None


@given(identity=st.text(), attempt=st.integers(1, 99))
def test_a_roll_is_a_number_below_one_and_always_the_same(identity: str, attempt: int) -> None:
    roll = roll_of(identity, attempt)
    assert 0 <= roll < 1
    assert roll == roll_of(identity, attempt)
