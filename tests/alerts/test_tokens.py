"""Signed links: valid only as signed, for their purpose and their time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadTokenError
from alerts.links import Links
from alerts.tokens import Grant, Purpose, TokenKey

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = TokenKey(b"0123456789abcdef")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_says_what_was_signed(purpose: Purpose) -> None:
    token = KEY.sign(purpose, "sub_abc", now=NOW)
    assert KEY.read(token, purpose, now=NOW) == Grant(purpose=purpose, subscription_id="sub_abc")


@pytest.mark.parametrize(
    ("purpose", "days", "valid"),
    [
        (Purpose.CONFIRM, 6, True),
        (Purpose.CONFIRM, 8, False),
        (Purpose.MANAGE, 89, True),
        (Purpose.MANAGE, 91, False),
        (Purpose.UNSUBSCRIBE, 3650, True),
        (Purpose.FEEDBACK, 364, True),
        (Purpose.FEEDBACK, 366, False),
    ],
)
def test_a_token_lives_as_long_as_its_purpose(*, purpose: Purpose, days: int, valid: bool) -> None:
    token = KEY.sign(purpose, "sub_abc", now=NOW)
    later = NOW + timedelta(days=days)
    if valid:
        assert KEY.read(token, purpose, now=later).subscription_id == "sub_abc"
    else:
        with pytest.raises(BadTokenError, match="too old"):
            KEY.read(token, purpose, now=later)


def test_a_token_of_feedback_names_its_story_and_no_other() -> None:
    token = KEY.sign(Purpose.FEEDBACK, "sub_abc", now=NOW, story_id=7)
    assert KEY.read(token, Purpose.FEEDBACK, now=NOW).story_id == 7
    with pytest.raises(BadTokenError, match="damaged"):
        KEY.read(token.replace(".7.", ".8."), Purpose.FEEDBACK, now=NOW)


def test_a_token_for_one_purpose_is_worth_nothing_for_another() -> None:
    token = KEY.sign(Purpose.UNSUBSCRIBE, "sub_abc", now=NOW)
    with pytest.raises(BadTokenError, match="something else"):
        KEY.read(token, Purpose.MANAGE, now=NOW)


@given(where=st.integers(0, 200), letter=st.sampled_from("abcXYZ019._-"))
def test_one_changed_letter_makes_a_token_worthless(where: int, letter: str) -> None:
    token = KEY.sign(Purpose.MANAGE, "sub_abc", now=NOW)
    place = where % len(token)
    forged = token[:place] + letter + token[place + 1 :]
    if forged != token:
        with pytest.raises(BadTokenError):
            KEY.read(forged, Purpose.MANAGE, now=NOW)


@given(token=st.text(max_size=80))
def test_any_text_is_answered_with_words(token: str) -> None:
    with pytest.raises(BadTokenError):
        KEY.read(token, Purpose.CONFIRM, now=NOW)


def test_another_key_signs_nothing_of_ours() -> None:
    token = TokenKey(b"another key of 16").sign(Purpose.CONFIRM, "sub_abc", now=NOW)
    with pytest.raises(BadTokenError, match="damaged"):
        KEY.read(token, Purpose.CONFIRM, now=NOW)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(BadTokenError, match="at least 16"):
        TokenKey(b"short")


def test_links_are_short_and_stand_below_the_public_address() -> None:
    links = Links(base_url="https://rasad.example.ir", key=KEY)
    made = (
        links.confirm("sub_0123456789abcdef0123", now=NOW),
        links.manage("sub_0123456789abcdef0123", now=NOW),
        links.unsubscribe("sub_0123456789abcdef0123", now=NOW),
        links.feedback("sub_0123456789abcdef0123", 123_456, now=NOW),
    )
    assert [link.split("/")[3] for link in made] == ["c", "m", "u", "f"]
    assert all(len(link) < 110 for link in made)
    assert links.story(7) == "https://rasad.example.ir/stories/7"
