"""Headers as a mail client reads them."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.mime import Mail, Sender, build

SENDER = Sender(address="rasad@example.ir", domain="rasad.example.ir")
MAIL = Mail(
    to="sara@example.ir",
    subject="",
    text="متن\n",
    html="<p>متن</p>",
    delivery_id="dlv_abc",
    sent_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
)
LONG = (
    "صنایع کوچک و متوسط | چرا بنگاه‌های کوچک کرمان به پول بانک نمی‌رسند؟ گزارشی از شهرک صنعتی سیرجان"
)


def _subject(mail: Mail) -> str:
    """Read the subject as RFC 2047 says, by the decoder that knows nothing of our builder."""
    read = message_from_bytes(build(mail, SENDER).data)
    return str(make_header(decode_header(read["Subject"])))


@pytest.mark.parametrize("subject", [LONG, LONG[:60], "copper | a plain subject", "مس"])
def test_a_subject_keeps_every_blank_however_often_it_is_folded(subject: str) -> None:
    assert _subject(replace(MAIL, subject=subject)) == subject


@given(st.lists(st.sampled_from(["مس", "کرمان", "صنایع", "copper", "۱۲", "«نذیر»"]), max_size=30))
def test_any_subject_of_words_survives_the_folding(words: list[str]) -> None:
    subject = " ".join(words)[:180].strip()
    assert _subject(replace(MAIL, subject=subject)) == subject


def test_no_header_line_is_longer_than_the_standard_allows() -> None:
    raw = build(replace(MAIL, subject=LONG), SENDER).data
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


def test_a_mail_says_its_language() -> None:
    assert (
        message_from_bytes(build(replace(MAIL, subject="مس"), SENDER).data)["Content-Language"]
        == "fa"
    )
