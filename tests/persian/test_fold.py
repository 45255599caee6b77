"""Folding: every spelling the press uses for one word becomes one word."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from persian.fold import fold, fold_with_offsets, letters

# The characters whose treatment interacts: letters of all sets, marks, spaces, digits, separators.
TRICKY = "اآأكکيیىھهۀة\u200c\u200c\u200f\u00ad¬ـ ـ\n\r\t  ۱2٣۴٬٫,،َِّ\u0654ABcé…ﷲﻻ–٪😀\u0307½'\u202b"
texts = st.text(st.sampled_from(TRICKY), max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("خاتون‌آباد", "خاتون\u200cاباد"),
        ("خاتون\u200fآباد", "خاتون\u200cاباد"),
        ("خاتون\u00adآباد", "خاتون\u200cاباد"),
        ("خاتون¬آباد", "خاتون\u200cاباد"),
        ("خاتون\ufeffآباد", "خاتون\u200cاباد"),
        ("شركتهاي", "شرکتهای"),
        ("نميتوانی", "نمیتوانی"),
        ("كوچک", "کوچک"),
        ("مؤثر", "موثر"),
        ("مسؤول", "مسوول"),
        ("مسئول", "مسیول"),
        ("هیأت", "هیات"),
        ("رأی", "رای"),
        ("آئین", "ایین"),
        ("رئیس", "رییس"),
        ("ذخائر", "ذخایر"),
        ("شعبهٔ", "شعبه"),
        ("شعبۀ", "شعبه"),
        ("جلسة", "جلسه"),
        ("ھمە", "همه"),
        ("آرمـان", "ارمان"),
        ("عــــزیز", "عزیز"),
        ("قُلّهٔ دماوند", "قله دماوند"),
        ("۵٠٠ تن", "500 تن"),
        ("۴0", "40"),
        ("۴۴٫۴ درصد", "44.4 درصد"),
        ("۱۹۶٬۳۹۹", "196399"),
        ("1,613,200", "1613200"),
        ("۱۲،۳۰۰ ریال", "12300 ریال"),
        ("۱۲، ۳۰۰", "12، 300"),
        ("SMEها و Copper", "smeها و copper"),
        ("ﻛﺮﻣﺎن ﷲ", "کرمان الله"),
        ("Kermān ＫＭ", "kerman km"),
    ],
)
def test_a_spelling_of_the_press_folds_to_the_one_form(printed: str, folded: str) -> None:
    assert fold(printed) == folded
    assert fold_with_offsets(printed).text == folded


def test_a_tatweel_without_a_letter_beside_it_is_a_dash() -> None:
    assert fold("کرمان ـ ایرنا ـــ امروز") == "کرمان - ایرنا - امروز"


def test_a_half_space_that_joins_nothing_disappears() -> None:
    assert fold("می\u200c رود \u200c و\u200c\u200cبس\u200c.") == "می رود و\u200cبس."


def test_white_space_runs_become_one_and_a_line_feed_survives() -> None:
    assert fold("\n یک\t\u00a0 دو \r\n\r\n سه\u2028چهار  ") == "یک دو\nسه\nچهار"


def test_letters_ignores_every_way_to_write_a_joint() -> None:
    assert letters("می‌شود") == letters("می شود") == letters("ميشود") == "میشود"
    assert letters("۱۹۶٬۳۹۹ تن، مـس!") == "196399تنمس"


@pytest.mark.parametrize(
    "spellings",
    [
        ("خاتون‌آباد", "خاتون آباد", "خاتونآباد", "خاتون‌اباد"),
        ("شهربابک", "شهر بابک", "شهر بابك"),
        ("سرچشمه", "سر چشمه", "سرچشمة"),
        ("میدوک", "ميدوك"),
        ("دره‌آلو", "دره آلو", "درهآلو"),
        ("شرکت‌های", "شرکت های", "شرکتهای", "شركتهاي"),
        ("مؤثر", "موثر"),
        ("رأی", "رای", "راي"),
        ("آئین", "آیین"),
        ("رئیس", "رییس", "رئيس"),
        ("ذخایر", "ذخائر"),
        ("گروه‌های", "گـروههای", "گروههای"),
        ("SME۱۰۰", "sme 100", "SME‌١٠٠"),
    ],
)
def test_every_way_to_print_one_term_has_the_same_letters(spellings: tuple[str, ...]) -> None:
    assert len({letters(spelling) for spelling in spellings}) == 1


def test_every_single_character_folds_to_something_stable() -> None:
    surrogates = range(0xD800, 0xE000)
    unstable = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if code not in surrogates and fold(once := fold(chr(code))) != once
    ]
    assert unstable == []


@given(texts)
@example("12,34,567")
@example("ا\u0651\u200cب")
def test_folding_is_idempotent(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(texts)
def test_both_ways_to_fold_agree(text: str) -> None:
    assert fold_with_offsets(text).text == fold(text)


@given(texts)
def test_letters_are_the_letters_and_digits_of_the_fold(text: str) -> None:
    assert letters(text) == "".join(c for c in fold(text) if c.isalnum())


@given(texts)
def test_a_rare_character_does_not_change_how_the_others_fold(text: str) -> None:
    # A Chinese character leaves the fast path; the result must not tell.
    assert fold(f"{text}x\u4e2d") == fold(f"{text}x") + "\u4e2d"


@given(texts)
def test_origins_advance_with_the_text_and_stay_inside_it(text: str) -> None:
    folded = fold_with_offsets(text)
    last = 0
    for position in range(len(folded.text)):
        start, end = folded.origin(position, position + 1)
        assert last <= start < end <= len(text)
        last = start


@given(texts, st.data())
def test_the_printed_form_of_a_span_folds_back_to_it(text: str, data: st.DataObject) -> None:
    folded = fold_with_offsets(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    # A ligature is printed whole, and an edge loses spaces and joints: the letters must be there.
    assert letters(folded.text[start:end]) in letters(folded.printed(start, end))


def test_a_highlight_shows_the_word_as_printed() -> None:
    text = "«  مجتمعِ مـــسِ خاتون¬آباد »"
    folded = fold_with_offsets(text)
    start = folded.text.index("مس")
    assert folded.printed(start, start + 2) == "مـــسِ"
    start = folded.text.index("خاتون")
    assert folded.printed(start, start + len("خاتون اباد")) == "خاتون¬آباد"


def test_an_empty_span_has_an_empty_origin() -> None:
    folded = fold_with_offsets("مـس")
    assert folded.origin(1, 1) == (2, 2)
    assert folded.printed(0, 0) == ""


def test_a_span_outside_the_text_is_refused() -> None:
    with pytest.raises(IndexError, match="outside"):
        fold_with_offsets("مس").origin(1, 5)
