"""Words of a text, with their places as printed."""

from hypothesis import given
from hypothesis import strategies as st

from persian.fold import fold
from persian.words import words


def test_words_are_folded_and_know_their_print() -> None:
    text = "«شركت¬های»  مـسِ کرمان، ۳٫۵ درصد."
    found = words(text)
    assert [word.text for word in found] == ["شرکت\u200cهای", "مس", "کرمان", "3.5", "درصد"]
    assert [text[word.start : word.end] for word in found] == [
        "شركت¬های",
        "مـسِ",
        "کرمان",
        "۳٫۵",
        "درصد",
    ]


def test_a_point_joins_numbers_only() -> None:
    assert [word.text for word in words("گفت.او ۱۲.۵. a.b ۱.۲.۳")] == [
        "گفت",
        "او",
        "12.5",
        "a",
        "b",
        "1",
        "2",
        "3",
    ]


@given(st.text(st.sampled_from("اکي\u200c\u200d ـ.،۱2٫٬\nAéِ"), max_size=40))
def test_words_stand_in_order_and_fold_to_themselves(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold(word.text) == word.text
        end = word.end
