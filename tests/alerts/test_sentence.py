"""The sentence that made a rule fire, cut out and marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.bidi import direction, isolate_html, isolate_text
from alerts.message import Span
from alerts.sentence import sentence_with
from alerts.tidy import harmless, one_line, web_url

TEXT = "جملهٔ نخست. تولید کاتد به ۱۲.۵ تن رسید؟ سومی!\nپاراگراف دیگر؛ با نیم‌جمله."


def place(word: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(word)
    return start, start + len(word)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("نخست", "جملهٔ نخست."),
        ("کاتد", "تولید کاتد به ۱۲.۵ تن رسید؟"),
        ("سومی", "سومی!"),
        ("پاراگراف", "پاراگراف دیگر؛"),
        ("نیم‌جمله", "با نیم‌جمله."),
    ],
)
def test_the_sentence_around_a_word_is_cut_at_its_own_ends(word: str, sentence: str) -> None:
    spans = sentence_with(TEXT, [place(word)])
    assert "".join(span.text for span in spans) == sentence
    assert [span.text for span in spans if span.marked] == [word]


def test_of_several_sentences_the_one_that_says_most_is_shown() -> None:
    spans = sentence_with(TEXT, [place("نخست"), place("کاتد"), place("تولید"), place("سومی")])
    assert [span.text for span in spans if span.marked] == ["تولید", "کاتد"]


def test_every_word_in_the_sentence_is_marked_and_those_outside_are_not() -> None:
    spans = sentence_with(TEXT, [place("سومی"), place("کاتد"), place("تولید"), place("رسید")])
    assert [span.text for span in spans if span.marked] == ["تولید", "کاتد", "رسید"]


def test_of_two_places_that_overlap_the_longer_is_marked() -> None:
    start, end = place("تولید کاتد")
    spans = sentence_with(TEXT, [(start, start + 5), (start, end)])
    assert [span.text for span in spans if span.marked] == ["تولید کاتد"]


def test_a_long_sentence_is_shortened_around_its_first_mark() -> None:
    text = "کلمه " * 200 + "کاتد " + "کلمه " * 200
    spans = sentence_with(text, [place("کاتد", text)])
    whole = "".join(span.text for span in spans)
    assert len(whole) < 340
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert [span.text for span in spans if span.marked] == ["کاتد"]


def test_a_word_longer_than_the_limit_is_still_there() -> None:
    text = "الف" * 500
    assert Span(text=text, marked=True) in sentence_with(text, [(0, len(text))])


@pytest.mark.parametrize("places", [[], [(5, 5)], [(-1, 3)], [(0, 10_000)]])
def test_places_outside_the_text_give_no_sentence(places: list[tuple[int, int]]) -> None:
    assert sentence_with(TEXT, places) == ()


@given(
    text=st.text(alphabet="ابپ .،؛\n!ab1۲", max_size=500),
    cuts=st.lists(st.tuples(st.integers(0, 500), st.integers(1, 20)), max_size=5),
)
def test_what_is_marked_is_what_stood_there(text: str, cuts: list[tuple[int, int]]) -> None:
    places = [(start, start + size) for start, size in cuts]
    printed = {one_line(text[start:end], 50) for start, end in places}
    for span in sentence_with(text, places):
        if span.marked:
            assert span.text.strip() in printed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  یک\r\n دو\t سه\u2028چهار ", "یک دو سه چهار"),
        ("می\u200cشود", "می\u200cشود"),
        ("\u202eوارونه\u202c\u2066x\u2069\u200f", "وارونهx"),
        ("a\x00b\x1bc\x7fd\ufeff", "abcd"),
    ],
)
def test_a_line_is_one_and_harmless_and_keeps_its_half_spaces(text: str, line: str) -> None:
    assert one_line(text) == line


@given(text=st.text(), limit=st.integers(1, 50))
def test_a_line_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == one_line(line, limit)
    assert harmless(line) == line


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.ir/x", "https://a.ir/x"),
        (" HTTP://a.ir ", "HTTP://a.ir"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://a.ir/ b", None),
        ("java\nscript:x", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url: str, kept: str | None) -> None:
    assert web_url(url) == kept


def test_runs_against_the_direction_are_isolated_and_others_are_not() -> None:
    assert isolate_text("مدل MDK-276 رسید", "rtl") == "مدل \u2068MDK-276\u2069 رسید"
    assert (
        isolate_text("first کرمان نو 2026-11-23", "ltr") == "first \u2068کرمان نو\u2069 2026-11-23"
    )
    assert isolate_text("تا 2026-11-23 09:12 بود") == "تا \u20682026-11-23 09:12\u2069 بود"
    assert isolate_text("نشانی https://a.ir/x?y=1، بعد", "rtl") == (
        "نشانی \u2068https://a.ir/x?y=1\u2069، بعد"
    )
    assert isolate_text("plain English", "ltr") == "plain English"
    assert str(isolate_html("<b> & کرمان", "ltr")) == '&lt;b&gt; &amp; <bdi dir="rtl">کرمان</bdi>'
    assert "white-space:nowrap" in isolate_html("خط SX-EW", "rtl")
    assert "white-space:nowrap" not in isolate_html("a long English run of words indeed", "rtl")


@pytest.mark.parametrize(
    ("text", "way"), [("سلام", "rtl"), ("۱۲ Hello", "ltr"), ("12345", "rtl"), ("", "rtl")]
)
def test_direction_is_that_of_the_first_letter(text: str, way: str) -> None:
    assert direction(text) == way
