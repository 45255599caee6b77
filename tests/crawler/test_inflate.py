import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BadEncodingError, TooLargeError
from crawler.inflate import Inflater, inflate_gzip

PACKED = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "identity": lambda data: data,
}


@given(
    st.binary(max_size=2000),
    st.sampled_from(sorted(PACKED)),
    st.lists(st.integers(0, 2100), max_size=8),
)
def test_the_body_is_the_same_however_it_is_cut(
    data: bytes, encoding: str, cuts: list[int]
) -> None:
    wire = PACKED[encoding](data)
    inflater = Inflater(encoding, limit_bytes=2000)
    edges = [0, *sorted(min(cut, len(wire)) for cut in cuts), len(wire)]
    for start, end in pairwise(edges):
        inflater.feed(wire[start:end])
    assert inflater.finish() == data


@given(st.binary(min_size=1, max_size=500), st.integers(0, 499))
def test_nothing_above_the_limit_is_returned(data: bytes, limit: int) -> None:
    inflater = Inflater("gzip", limit_bytes=min(limit, len(data) - 1))
    with pytest.raises(TooLargeError, match="larger than"):
        inflater.feed(gzip.compress(data))


def test_a_bomb_is_never_inflated_further_than_its_limit() -> None:
    inflater = Inflater("gzip", limit_bytes=1000)
    with pytest.raises(TooLargeError):
        inflater.feed(gzip.compress(b"\0" * 50_000_000))
    assert inflater._body.tell() <= 1001


def test_members_follow_each_other_and_padding_is_ignored() -> None:
    wire = gzip.compress(b"one") + gzip.compress(b"two") + b"\0" * 9
    assert inflate_gzip(wire, limit_bytes=100) == b"onetwo"


def test_what_is_no_gzip_file_is_returned_as_it_is() -> None:
    assert inflate_gzip(b"<urlset/>", limit_bytes=3) == b"<urlset/>"


def test_a_torn_file_is_an_error() -> None:
    with pytest.raises(BadEncodingError, match="ends in the middle"):
        inflate_gzip(gzip.compress(b"x" * 100)[:-5], limit_bytes=1000)


def test_an_empty_answer_is_empty_in_every_encoding() -> None:
    assert Inflater("gzip", limit_bytes=10).finish() == b""
