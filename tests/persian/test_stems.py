"""Light inflection: what comes off, what stays, and that one key stands for all of it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from persian.stems import index_key, respell, singulars, stems

LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
words = st.text(LETTERS, min_size=1, max_size=14)
endings = st.sampled_from(
    ["ها", "های", "هایی", "هایشان", "ی", "ای", "ش", "شان", "م", "تر", "ترین", "ان"]
)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("معدنی", "معدن"),
        ("معدنهای", "معدن"),
        ("شرکتهایشان", "شرکت"),
        ("شرکتش", "شرکت"),
        ("کارخانهای", "کارخانه"),
        ("مسها", "مس"),
        ("طلای", "طلا"),
        ("ابادیها", "اباد"),
        ("کارگران", "کارگر"),
        ("بزرگترین", "بزرگ"),
    ],
)
def test_an_ending_comes_off(word: str, stem: str) -> None:
    assert stem in stems(word)
    assert index_key(stem) == index_key(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("مسی", "مس"),
        ("تنها", "تن"),
        ("ساختمان", "ساخت"),
        ("شهرداری", "شهردار"),
        ("کارمان", "کار"),
        ("معدنچیان", "معدن"),
        ("کرمان", "کرم"),
    ],
)
def test_what_only_looks_like_an_ending_stays(word: str, other: str) -> None:
    assert other not in stems(word)


@settings(deadline=None)
@given(words, endings)
@example("مسها", "ی")
@example("طلا", "یی")
def test_every_stem_of_a_word_has_the_word_s_key(word: str, ending: str) -> None:
    inflected = word + ending
    for stem in stems(inflected):
        assert index_key(stem) == index_key(inflected)
        assert inflected.startswith(stem) or stem.removesuffix("ه") in inflected
    assert inflected.startswith(index_key(inflected))


@settings(deadline=None)
@given(words)
def test_a_word_is_the_first_of_its_stems_and_none_comes_twice(word: str) -> None:
    found = stems(word)
    assert found[0] == word
    assert len(set(found)) == len(found)


def test_a_search_for_a_plural_looks_for_the_singular() -> None:
    assert singulars("شرکتها") == ("شرکت",)
    assert singulars("کارخانهای") == ("کارخان", "کارخانه")
    assert singulars("تنها") == ("تنها",)
    assert singulars("معدنی") == ("معدنی",)


@settings(deadline=None)
@given(words)
def test_respelling_twice_is_respelling_once(word: str) -> None:
    assert respell(respell(word)) == respell(word)


def test_accepted_spellings_become_one() -> None:
    assert respell("هیاتهای") == respell("هییتهای")
    assert respell("ذغال") == "زغال"
    assert respell("معدن") == "معدن"
