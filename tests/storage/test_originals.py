"""Who had it first: the credit, then the role, then the time."""

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Credit, CreditKind
from storage.originals import Claimant, choose_original, in_order_of_time, press_office
from tests.storage.same_story_press import ROLES
from tests.storage.same_story_texts import NOON, credit, office


def claimant(
    number: int,
    outlet_id: str,
    *credits_: Credit,
    minutes: float | None = 0,
    seen: float | None = None,
) -> Claimant:
    """Return an article published `minutes` after noon (None: it claims no minute)."""
    read = seen if seen is not None else (minutes or 0) + 5
    return Claimant(
        article_id=number,
        outlet_id=outlet_id,
        credits=credits_,
        claimed_at=None if minutes is None else NOON + timedelta(minutes=minutes),
        seen_at=NOON + timedelta(minutes=read),
    )


def original(*claimants: Claimant) -> int:
    return choose_original(claimants, ROLES).article_id


def test_without_credits_the_earliest_trusted_time_wins() -> None:
    assert original(claimant(1, "arman", minutes=40), claimant(2, "nazir", minutes=5)) == 2


def test_a_credit_wins_over_the_clock() -> None:
    first = claimant(1, "arman", credit("nazir"), minutes=0)
    late = claimant(2, "nazir", minutes=90)
    choice = choose_original([first, late], ROLES)
    assert choice.article_id == 2
    assert choice.why == "others name it as their source"


def test_a_chain_of_credits_is_followed_to_its_end() -> None:
    assert (
        original(
            claimant(1, "vista", credit("farda", CreditKind.SOURCE_TAG), minutes=0),
            claimant(2, "farda", credit("nazir"), minutes=10),
            claimant(3, "nazir", minutes=60),
        )
        == 3
    )


def test_two_that_name_each_other_end_somewhere() -> None:
    assert original(claimant(1, "arman", credit("nazir")), claimant(2, "nazir", credit("arman")))


def test_an_outlets_own_name_is_no_credit() -> None:
    own = Credit(kind=CreditKind.SOURCE_TAG, name="آرمان", outlet_id="arman", is_own=True)
    assert original(claimant(1, "nazir"), claimant(2, "arman", own, minutes=20)) == 1
    unmarked = credit("arman", CreditKind.SOURCE_TAG)
    assert original(claimant(1, "nazir"), claimant(2, "arman", unmarked, minutes=20)) == 1


def test_an_interview_that_a_copy_kept_weighs_less_than_a_source_tag() -> None:
    kept = credit("mehr", CreditKind.INTERVIEW)
    assert (
        original(
            claimant(1, "nazir", minutes=30),
            claimant(2, "arman", kept, credit("nazir", CreditKind.SOURCE_TAG), minutes=50),
            claimant(3, "mehr", credit("nazir"), minutes=60),
        )
        == 1
    )


def test_a_name_deep_in_the_body_is_the_source_of_a_remark() -> None:
    remark = Credit(kind=CreditKind.REPORTED_BY, name="مهر", outlet_id="mehr", start=900, end=903)
    assert (
        original(
            claimant(1, "nazir", remark, minutes=0),
            claimant(2, "arman", credit("nazir"), minutes=30),
            claimant(3, "mehr", credit("nazir"), minutes=60),
        )
        == 1
    )


def test_an_aggregator_that_names_a_source_is_no_original() -> None:
    elsewhere = Credit(kind=CreditKind.QUOTED_FROM, name="روزنامه‌ای دیگر")
    choice = choose_original(
        [claimant(1, "vista", elsewhere, minutes=0), claimant(2, "farda", minutes=90)], ROLES
    )
    assert choice.article_id == 2
    assert choice.why == "earlier ones only repeat a source they name"


def test_a_republisher_that_names_nobody_may_have_been_first() -> None:
    assert original(claimant(1, "tejarat", minutes=0), claimant(2, "farda", minutes=90)) == 1


def test_without_a_minute_the_reading_counts() -> None:
    day_only = claimant(1, "nazir", minutes=None, seen=10)
    assert original(day_only, claimant(2, "arman", minutes=5, seen=30)) == 1
    assert original(day_only, claimant(2, "arman", minutes=5, seen=8)) == 2


def test_nothing_is_published_after_it_was_read() -> None:
    future = claimant(1, "arman", minutes=600, seen=1)
    assert future.at == NOON + timedelta(minutes=1)


def test_the_press_office_is_the_first_body_named() -> None:
    assert press_office([credit("nazir"), office("فرمانداری بم"), office()]) == "فرمانداری بم"
    assert press_office([credit("nazir")]) is None


MINUTES = st.one_of(st.none(), st.integers(0, 500))


@settings(deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(0, 500)), min_size=1, max_size=8), st.randoms())
def test_the_original_does_not_depend_on_the_order_of_asking(
    times: list[tuple[int | None, int]], shuffled: Random
) -> None:
    outlets = list(ROLES)
    claimants = [
        claimant(number, outlets[number], minutes=minutes, seen=seen)
        for number, (minutes, seen) in enumerate(times)
    ]
    other = list(claimants)
    shuffled.shuffle(other)
    assert choose_original(claimants, ROLES) == choose_original(other, ROLES)
    assert in_order_of_time(claimants) == in_order_of_time(other)
