"""Numbers in the three digit sets."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.digits import numbers_in, to_latin_digits, to_persian_digits


def test_every_digit_set_becomes_the_other() -> None:
    assert to_latin_digits("۵٠٠ تن، ۴0") == "500 تن، 40"
    assert to_persian_digits("500 تن، ٤٠") == "۵۰۰ تن، ۴۰"
    assert to_latin_digits("plain 12") == "plain 12"


@given(st.integers(min_value=0))
def test_digits_go_there_and_back(number: int) -> None:
    assert to_latin_digits(to_persian_digits(str(number))) == str(number)
    (found,) = numbers_in(f"به {to_persian_digits(str(number % 10**30))} رسید")
    assert found.value == number % 10**30


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("۶۷.۵", "67.5"),
        ("۴۴٫۴", "44.4"),
        ("۱۹۶٬۳۹۹", "196399"),
        ("1,613,200", "1613200"),
        ("۱،۲۰۰،۰۰۰", "1200000"),
        ("۱۶۱۳/۲۰", "1613.20"),
        ("۱۹۶٬۳۹۹٫۲۵", "196399.25"),
        ("۵٠٠", "500"),
    ],
)
def test_a_number_is_read_in_every_form(printed: str, value: str) -> None:
    text = f"حدود {printed} تن"
    (found,) = numbers_in(text)
    assert found.value == Decimal(value)
    assert text[found.start : found.end] == found.printed == printed


@pytest.mark.parametrize("text", ["۱۴۰۳/۰۷/۱۵", "ساعت ۱۵:۲۲", "1403-07-15", "نسخه 12.3.4", "-"])
def test_dates_times_and_versions_are_no_numbers(text: str) -> None:
    assert numbers_in(text) == ()


def test_a_list_stays_a_list() -> None:
    assert [number.value for number in numbers_in("۴، ۵ و ۶")] == [4, 5, 6]
    assert [number.value for number in numbers_in("سال ۱۴۰۲، ۱۴۰۳")] == [1402, 1403]


@given(st.text(st.sampled_from("۱2٣٫٬,،./-: الف"), max_size=30))
def test_numbers_stand_in_order(text: str) -> None:
    end = 0
    for number in numbers_in(text):
        assert end <= number.start < number.end <= len(text)
        end = number.end
