import pytest

from crawler.census import bounded

FORMATS = [
    "b",
    "i",
    "u",
    "s",
    "big",
    "code",
    "em",
    "font",
    "nobr",
    "small",
    "strike",
    "strong",
    "tt",
]


@pytest.mark.parametrize("name", [*FORMATS, *map(str.upper, FORMATS)])
@pytest.mark.parametrize("gap", [" ", "\t", "\n", "/"])
def test_open_formats_of_every_kind_are_cut_before_the_parser_copies_them(
    name: str, gap: str
) -> None:
    bomb = "".join(f"<{name}{gap}a{number}>" for number in range(2_000)).encode()
    kept = bounded(bomb)
    assert bomb.startswith(kept)
    assert kept.count(b"<") == 300


def test_formats_that_close_and_pages_without_them_stay_whole() -> None:
    closed = b"<p>x <b class=y>z</b>" * 4_000
    plain = b"<div><span title=x></span></div>" * 4_000
    assert bounded(closed) == closed
    assert bounded(plain) == plain


def test_a_small_page_stays_as_it_is() -> None:
    small = b"<b a>" * 500
    assert bounded(small) is small


def test_a_page_of_more_tags_or_bytes_than_any_real_one_is_cut() -> None:
    tags = b"<p>x</p>" * 20_000
    assert bounded(tags) == tags[: len(tags) // 2]
    assert len(bounded(b"x" * 5_000_000)) == 3_000_000
