import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decode import decode

TEXT = "خبر تازه از کرمان"
ARABIC = "خبر تازه از كرمان، بازار و شهر"  # windows-1256 has no Persian yeh


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
    ],
)
def test_marks_and_valid_utf8_decide_whatever_the_header_claims(body: bytes) -> None:
    assert decode(body, "windows-1256") == TEXT


def test_the_header_decides_where_the_bytes_are_not_utf8() -> None:
    assert decode(ARABIC.encode("cp1256"), "windows-1256") == ARABIC


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="windows-1256"?>', '<meta charset="windows-1256">']
)
def test_the_documents_own_word_comes_next(head: str) -> None:
    assert decode((head + ARABIC).encode("cp1256")).endswith(ARABIC)


@pytest.mark.parametrize("claim", ["iso-8859-1", "no-such-charset", None])
def test_a_claim_made_by_default_or_unknown_leaves_it_to_the_bytes(claim: str | None) -> None:
    body = (ARABIC * 20).encode("cp1256")
    assert decode(body, claim) == ARABIC * 20


def test_what_fits_nothing_is_kept_with_marks() -> None:
    assert "خبر" in decode("خبر".encode() + b"\xff\xfe\x81")


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "cp1256", "x-unknown", "utf-16"]))
def test_no_bytes_break_the_reading(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset), str)


@given(st.text(max_size=200))
def test_utf8_is_always_itself(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")
