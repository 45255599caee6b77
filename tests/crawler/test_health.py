from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.causes import state_of
from crawler.diagnosis import Anomaly, Cause, Circumstances, Diagnosis, Health, Look, Network
from crawler.health import GONE_AFTER, diagnose
from crawler.health_words import STATES, sentence, state_name
from crawler.outage import network
from crawler.outlets import Access
from crawler.page import FailureKind
from crawler.rhythm import Rhythm

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday, 09:30 in Tehran
HOUR = timedelta(hours=1)
STEADY = Rhythm(rates=(1.0,) * 168, known_weeks=8)
RARE = Rhythm(rates=(0.02,) * 168, known_weeks=8)


def good(hours_ago: float, **values: object) -> Look:
    return replace(Look(at=NOW - hours_ago * HOUR, answered=True, new=2, articles=2), **values)  # type: ignore[arg-type]


def bad(hours_ago: float, kind: FailureKind, status: int | None = None) -> Look:
    return Look(at=NOW - hours_ago * HOUR, answered=False, failure=kind, status=status)


def around(**values: object) -> Circumstances:
    plain = Circumstances(
        rhythm=STEADY,
        last_new_at=NOW - HOUR,
        published_at=[NOW - n * HOUR for n in range(24)],
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def tell(looks: Sequence[Look], **values: object) -> Diagnosis:
    return diagnose(looks, around(**values), now=NOW)


def test_an_outlet_nobody_visited_is_new() -> None:
    assert tell([]).state is Health.NEW


def test_visits_that_answer_are_healthy_since_the_first_of_them() -> None:
    found = tell([good(1), good(5), good(3)])
    assert (found.state, found.cause) == (Health.HEALTHY, Cause.WORKING)
    assert found.since_at == NOW - 5 * HOUR


def test_one_failure_is_no_diagnosis() -> None:
    found = tell([bad(1, FailureKind.TIMEOUT), good(2)])
    assert (found.state, found.cause) == (Health.HEALTHY, Cause.FAILED_ONCE)


def test_health_returns_with_the_first_answer() -> None:
    looks = [good(1), bad(2, FailureKind.TIMEOUT), bad(3, FailureKind.TIMEOUT), good(9)]
    found = tell(looks)
    assert found.state is Health.HEALTHY
    assert found.since_at == NOW - HOUR


@pytest.mark.parametrize(
    ("kind", "status", "state", "cause"),
    [
        (FailureKind.CHALLENGE, 200, Health.BLOCKED, Cause.CHALLENGE),
        (FailureKind.HTTP_STATUS, 403, Health.BLOCKED, Cause.NOT_ALLOWED),
        (FailureKind.HTTP_STATUS, 451, Health.BLOCKED, Cause.NOT_ALLOWED),
        (FailureKind.ROBOTS, None, Health.BLOCKED, Cause.ROBOTS),
        (FailureKind.ROBOTS, 503, Health.UNREACHABLE, Cause.SERVER_ERROR),
        (FailureKind.FORBIDDEN_ADDRESS, None, Health.BLOCKED, Cause.FORBIDDEN_ADDRESS),
        (FailureKind.TLS, None, Health.CERTIFICATE, Cause.CERTIFICATE),
        (FailureKind.DNS, None, Health.UNREACHABLE, Cause.NO_ADDRESS),
        (FailureKind.TIMEOUT, None, Health.UNREACHABLE, Cause.NO_ANSWER),
        (FailureKind.REFUSED, None, Health.UNREACHABLE, Cause.NO_ANSWER),
        (FailureKind.RESET, None, Health.UNREACHABLE, Cause.NO_ANSWER),
        (FailureKind.HTTP_STATUS, 500, Health.UNREACHABLE, Cause.SERVER_ERROR),
        (FailureKind.HTTP_STATUS, 429, Health.UNREACHABLE, Cause.BUSY),
        (FailureKind.HTTP_STATUS, 404, Health.CHANGED, Cause.WAY_CHANGED),
        (FailureKind.NOT_A_FEED, None, Health.CHANGED, Cause.WAY_CHANGED),
        (FailureKind.NOTHING_FOUND, None, Health.CHANGED, Cause.WAY_CHANGED),
    ],
)
def test_two_failures_in_a_row_are_told_by_their_kind(
    kind: FailureKind, status: int | None, state: Health, cause: Cause
) -> None:
    found = tell([bad(1, kind, status), bad(2, kind, status), good(30)])
    assert (found.state, found.cause, found.status) == (state, cause, status)
    assert found.since_at == NOW - 2 * HOUR


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_kind_of_failure_has_a_state_and_a_sentence(kind: FailureKind) -> None:
    found = tell([bad(1, kind), bad(2, kind)])
    assert found.state not in {Health.HEALTHY, Health.NEW}
    assert sentence(found.reason, found.since_at, language="fa", now=NOW)


@pytest.mark.parametrize("kind", [FailureKind.CHALLENGE, FailureKind.TLS])
def test_a_challenge_or_a_bad_certificate_is_told_at_once(kind: FailureKind) -> None:
    assert tell([bad(1, kind), good(2)]).state in {Health.BLOCKED, Health.CERTIFICATE}


def test_silence_of_an_outlet_known_to_be_closed_abroad_is_not_its_fault() -> None:
    looks = [bad(1, FailureKind.TIMEOUT), bad(2, FailureKind.TIMEOUT)]
    assert tell(looks, access=Access.GEO_BLOCKED).state is Health.GEO_BLOCKED
    closed = [bad(1, FailureKind.HTTP_STATUS, 403), bad(2, FailureKind.HTTP_STATUS, 403)]
    assert tell(closed, access=Access.GEO_BLOCKED).state is Health.GEO_BLOCKED


def test_two_weeks_out_of_reach_is_dead_and_keeps_its_beginning() -> None:
    looks = [bad(1, FailureKind.DNS), bad(13, FailureKind.DNS)]
    began = NOW - GONE_AFTER - HOUR
    before = Diagnosis(state=Health.UNREACHABLE, cause=Cause.NO_ADDRESS, since_at=began)
    found = tell(looks, before=before)
    assert (found.state, found.cause, found.since_at) == (Health.DEAD, Cause.GONE, began)
    assert tell(looks, before=found).state is Health.DEAD


def test_a_body_gone_at_two_visits_is_changed_since_the_first() -> None:
    lost = {"body": 1}
    looks = [good(1, articles=1, missing=lost), good(2, articles=1, missing=lost), good(3)]
    found = tell(looks)
    assert (found.state, found.fields) == (Health.CHANGED, ("body",))
    assert found.since_at == NOW - 2 * HOUR
    assert "متن" in sentence(found.reason, found.since_at, language="fa", now=NOW)


def test_a_full_visit_without_bodies_is_enough() -> None:
    looks = [good(1, articles=4, missing={"body": 4, "lead": 1}), good(2)]
    assert tell(looks).fields == ("body",)


@pytest.mark.parametrize(
    "looks",
    [
        [good(1, articles=1, missing={"body": 1}), good(2)],
        [good(1, articles=9, missing={"kicker": 3}), good(2, articles=9, missing={"kicker": 3})],
        [good(1), good(2, missing={"body": 2}), good(3, missing={"body": 2})],
    ],
)
def test_now_and_then_a_missing_field_is_no_change(looks: list[Look]) -> None:
    assert tell(looks).state is Health.HEALTHY


def test_visits_that_read_nothing_neither_confirm_nor_end_a_change() -> None:
    lost = {"body": 2}
    looks = [good(1, new=0, articles=0), good(2, missing=lost), good(3, missing=lost)]
    assert tell(looks).state is Health.CHANGED


def test_pages_that_stop_being_articles_are_a_change() -> None:
    looks = [good(1, articles=0, unreadable=2), good(2, articles=0, unreadable=2), good(3)]
    found = tell(looks)
    assert (found.state, found.cause) == (Health.CHANGED, Cause.PAGES_UNREADABLE)
    assert found.since_at == NOW - 2 * HOUR


def test_articles_behind_a_challenge_while_the_feed_answers_are_blocked() -> None:
    closed = {"articles": 0, "failed_pages": 3, "failure": FailureKind.CHALLENGE}
    found = tell([good(1, **closed), good(2, **closed), good(3)])
    assert (found.state, found.cause) == (Health.BLOCKED, Cause.CHALLENGE)
    assert found.since_at == NOW - 2 * HOUR


def test_one_page_that_nobody_may_read_is_no_closed_door() -> None:
    once = {"articles": 0, "failed_pages": 1, "failure": FailureKind.HTTP_STATUS, "status": 403}
    assert tell([good(1, **once), good(2, **once), good(3)]).state is Health.HEALTHY


def test_a_page_that_fails_now_and_then_is_healthy() -> None:
    once = {"articles": 0, "failure": FailureKind.TIMEOUT}
    assert tell([good(1, **once), good(2, **once)]).state is Health.HEALTHY


def test_silence_within_the_rhythm_is_quiet_and_usual() -> None:
    found = tell([good(1, new=0)], rhythm=RARE, last_new_at=NOW - 30 * HOUR)
    assert (found.state, found.cause) == (Health.QUIET, Cause.USUAL_SILENCE)


def test_silence_beyond_the_rhythm_is_quiet_and_tells_what_was_expected() -> None:
    found = tell([good(1, new=0)], last_new_at=NOW - 30 * HOUR, published_at=[])
    assert (found.state, found.cause) == (Health.QUIET, Cause.LONG_SILENCE)
    assert found.expected == pytest.approx(30)
    assert Anomaly.FROZEN in found.anomalies
    assert "۳۰" in sentence(found.reason, found.since_at, language="fa", now=NOW)


def test_weeks_of_silence_of_a_busy_outlet_are_death() -> None:
    found = tell([good(1, new=0)], last_new_at=NOW - timedelta(days=50))
    assert (found.state, found.cause) == (Health.DEAD, Cause.SILENT_FOR_WEEKS)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ([NOW - n * HOUR for n in range(20)], ()),
        ([NOW - n * HOUR for n in range(3)], (Anomaly.LOW,)),
        ([], (Anomaly.FROZEN,)),
        ([NOW - timedelta(minutes=n) for n in range(200)], (Anomaly.HIGH,)),
        ([NOW - HOUR] * 9, (Anomaly.EQUAL_DATES,)),
        ([NOW - HOUR] * 10 + [NOW - n * HOUR for n in range(2, 20)], (Anomaly.EQUAL_DATES,)),
        ([datetime(2026, 11, 22, 20, 30, tzinfo=UTC)] * 9, ()),
    ],
)
def test_volume_and_dates_far_from_usual_are_told(
    published: list[datetime], expected: tuple[Anomaly, ...]
) -> None:
    assert tell([good(1)], published_at=published).anomalies == expected


def test_an_outlet_watched_for_less_than_a_week_has_no_usual() -> None:
    young = Rhythm(rates=(1.0,) * 168, known_weeks=0.5)
    assert tell([good(1)], rhythm=young, published_at=[]).anomalies == ()


def test_no_outlet_is_blamed_for_an_outage() -> None:
    before = Diagnosis(state=Health.HEALTHY, cause=Cause.WORKING, since_at=NOW - 9 * HOUR)
    looks = [bad(1, FailureKind.TIMEOUT), bad(2, FailureKind.TIMEOUT)]
    out = Network(is_out=True, answered_at=NOW - 3 * HOUR)
    found = tell(looks, network=out, before=before)
    assert (found.state, found.cause, found.since_at) == (
        Health.HEALTHY,
        Cause.OUTAGE,
        before.since_at,
    )
    assert tell(looks, network=out).state is Health.NEW
    assert tell([good(1)], network=out).cause is Cause.WORKING


def test_a_state_that_stands_keeps_its_beginning() -> None:
    before = Diagnosis(state=Health.BLOCKED, cause=Cause.CHALLENGE, since_at=NOW - 99 * HOUR)
    found = tell([bad(1, FailureKind.CHALLENGE)], before=before)
    assert found.since_at == before.since_at


@pytest.mark.parametrize(
    ("failed_hours_ago", "answered_hours_ago", "expected"),
    [
        ((0.1, 0.2), 0.3, Health.HEALTHY),  # nobody has answered since: it may be the network
        ((0.1, 0.2), 0.05, Health.UNREACHABLE),  # another answered meanwhile
        ((0.1, 0.6), 0.7, Health.UNREACHABLE),  # too long for a doubt
        ((0.1, 0.2), None, Health.UNREACHABLE),  # too few others to tell
    ],
)
def test_an_outlet_is_not_blamed_at_once_when_nobody_has_answered_since_it_failed(
    failed_hours_ago: tuple[float, ...], answered_hours_ago: float | None, expected: Health
) -> None:
    answered_at = None if answered_hours_ago is None else NOW - answered_hours_ago * HOUR
    looks = [*(bad(hours, FailureKind.TIMEOUT) for hours in failed_hours_ago), good(1)]
    assert tell(looks, network=Network(answered_at=answered_at)).state is expected


def test_an_outlet_that_answers_wrongly_is_told_whatever_the_others_do() -> None:
    silence = Network(answered_at=NOW - HOUR)
    looks = [bad(0.1, FailureKind.HTTP_STATUS, 500), bad(0.2, FailureKind.HTTP_STATUS, 500)]
    assert tell([*looks, good(1)], network=silence).cause is Cause.SERVER_ERROR


def visits(*kinds: FailureKind | None, hours_ago: float = 0.5) -> list[tuple[str, Look]]:
    """Return one visit to each of several outlets, the latest first, a minute apart."""
    return [
        (f"o{number}", good(at) if kind is None else bad(at, kind))
        for number, kind in enumerate(kinds)
        for at in [hours_ago + number / 60]
    ]


T, N = FailureKind.TIMEOUT, None


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        (visits(T, T, T, T, N), True),
        (visits(T, T, N, N, N), False),
        (visits(T, T, T, T), False),
        (visits(T, T, T, T, T, hours_ago=3), False),
        (visits(*[FailureKind.HTTP_STATUS] * 9), False),
        (visits(T, T, T, T, T, *[N] * 20), True),  # the others have not been visited since
        (visits(T, T, T, T, N, T, *[N] * 20), False),  # one answered: the network works
    ],
)
def test_an_outage_is_most_outlets_failing_at_once_by_the_network(
    looks: list[tuple[str, Look]], *, expected: bool
) -> None:
    assert network(looks, usually_failing=frozenset(), now=NOW).is_out is expected


def test_an_answer_counts_also_when_the_outlet_has_failed_since() -> None:
    looks = [*visits(T, T, T, T, T), ("o0", good(0.54)), *visits(*[N] * 9, hours_ago=1)]
    found = network(
        sorted(looks, key=lambda one: one[1].at, reverse=True), usually_failing=frozenset(), now=NOW
    )
    assert not found.is_out
    assert found.answered_at == NOW - 0.54 * HOUR


def test_too_few_outlets_tell_nothing_of_the_network() -> None:
    assert network(visits(T, N, N, N), usually_failing=frozenset(), now=NOW) == Network()


def test_outlets_that_always_fail_prove_no_outage() -> None:
    looks = visits(T, T, T, T, T, N, N)
    usually = frozenset({"o0", "o1", "o2"})
    assert not network(looks, usually_failing=usually, now=NOW).is_out


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_cause_has_a_sentence_without_holes(cause: Cause, language: str) -> None:
    told = Diagnosis(
        state=state_of(cause),
        cause=cause,
        since_at=NOW - timedelta(days=5, hours=2),
        status=403,
        fields=("body", "title"),
        expected=12.4,
        anomalies=tuple(Anomaly),
    )
    said = sentence(told.reason, told.since_at, language=language, now=NOW)
    assert "{" not in said
    assert "None" not in said
    if language == "fa":
        assert not set("0123456789") & set(said)


def test_the_sentence_says_since_when_as_people_do() -> None:
    lately = Diagnosis(state=Health.BLOCKED, cause=Cause.CHALLENGE, since_at=NOW - 120 * HOUR)
    assert sentence(lately.reason, lately.since_at, language="en", now=NOW) == (
        "blocked by a challenge page since Wednesday 09:30"
    )
    assert sentence(lately.reason, lately.since_at, language="fa", now=NOW) == (
        "از چهارشنبه ساعت ۰۹:۳۰ پشت صفحهٔ چالش مرورگر است"
    )
    long_ago = replace(lately, since_at=NOW - timedelta(days=20))
    assert sentence(long_ago.reason, long_ago.since_at, language="en", now=NOW).endswith(
        "since 03 November 2026"
    )
    assert "۱۲ آبان ۱۴۰۵" in sentence(long_ago.reason, long_ago.since_at, language="fa", now=NOW)


def test_every_state_has_a_name_in_both_languages() -> None:
    assert set(STATES) == set(Health)
    assert state_name(Health.QUIET, language="en") == "quiet"
    assert state_name(Health.QUIET, language="fa") == "خاموش"


KINDS = st.one_of(st.none(), st.sampled_from(list(FailureKind)))
LOOKS = st.builds(
    Look,
    at=st.integers(0, 10_000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    answered=st.booleans(),
    new=st.integers(0, 5),
    articles=st.integers(0, 5),
    unreadable=st.integers(0, 5),
    failed_pages=st.integers(0, 5),
    missing=st.dictionaries(st.sampled_from(["body", "title"]), st.integers(0, 5)),
    failure=KINDS,
    status=st.one_of(st.none(), st.sampled_from([200, 403, 404, 429, 500, 503])),
)


@given(st.lists(LOOKS, max_size=8))
def test_the_order_of_visits_does_not_matter_and_nothing_breaks(looks: list[Look]) -> None:
    once = tell(looks)
    shuffled = sorted(looks, key=lambda look: (look.at, repr(look)))
    times = {look.at for look in looks}
    if len(times) == len(looks):
        assert tell(shuffled) == once
    assert once.since_at <= NOW
