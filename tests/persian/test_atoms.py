"""Atoms: scripts, digits, endings written apart, barriers, and the way back to the print."""

from hypothesis import given
from hypothesis import strategies as st

from persian.atoms import BARRIER, base, places, read, split, words
from persian.compounds import parts
from persian.fold import fold


def test_scripts_and_digits_are_atoms_of_their_own() -> None:
    assert words("SME۱۰۰ MDK-۲۷۶ ۱۰مس") == ["sme", "100", "mdk", "276", "10", "مس"]


def test_an_ending_written_apart_belongs_to_its_word() -> None:
    assert split(fold("شرکت هاي كوچك، کارخانه‌ی")) == ["شرکت های", "کوچک", "،", "کارخانه\u200cی"]
    assert base("شرکت های") == "شرکت"
    assert read("شرکت های").exact == "شرکتهای"
    assert "شرکت" in read("شرکت های").stems


def test_a_smith_is_no_metal() -> None:
    assert base("مس\u200cگر") == "مسگر"
    assert split("مس\u200cگری") == ["مس\u200cگری"]


def test_a_barrier_reads_as_one_however_it_is_printed() -> None:
    for raw in ("،", "!؟", "…", "\n"):
        assert split(raw) == [raw]
        assert read(raw).stems == (BARRIER,)
        assert base(raw) == BARRIER


def test_a_point_between_digits_is_no_barrier() -> None:
    assert split("67.5 درصد.") == ["67", "5", "درصد", "."]


@given(st.text(max_size=80))
def test_places_point_at_the_atoms_as_printed(text: str) -> None:
    found = places(text)
    assert [place.raw for place in found] == split(fold(text))
    for place in found:
        assert 0 <= place.start < place.end <= len(text)
        assert fold(place.raw) in fold(text[place.start : place.end])


def test_compounds_are_split_where_the_press_splits_them() -> None:
    assert parts("خاتوناباد") == ("خاتون", "اباد")
    assert parts("سرمایهگذاری") == ("سرمایه", "گذاری")
    assert parts("شهربابک") == ("شهر", "بابک")
    assert parts("پیشبینی") == ("پیش", "بینی")
    assert parts("نیمسوخته") == ("نیم", "سوخته")
    assert parts("معدن") == ("معدن",)
