"""The readable word diff: blind to spelling, folded where nothing changed, true to both texts."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Block, BlockKind
from service.web.comparing import LONG, compare_texts, word_runs
from storage.codec import Said

words = st.lists(
    st.sampled_from(
        ["مس", "كرمان", "کرمان", "می‌شود", "میشود", "۱۲", "12", "،", "و", "\u064b", "گفت."]
    ),
    max_size=30,
)


def said(title: str, *paragraphs: str) -> Said:
    return Said(
        title=title,
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs),
    )


@given(words, words)
def test_the_runs_hold_both_texts_whole(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), "\n".join(new)
    runs = word_runs(before, after)
    shown = [run for run in runs if run.kind != "removed"]
    assert "".join(run.text for run in shown) == after
    removed = sum(len(run.text.split()) for run in runs if run.kind == "removed")
    kept = sum(len(run.text.split()) for run in runs if run.kind in {"same", "spelling"})
    assert removed + kept == len(old)


@given(words)
def test_a_text_differs_from_itself_in_nothing(text: list[str]) -> None:
    compared = compare_texts(said("تیتر", " ".join(text)), said("تیتر", " ".join(text)))
    assert compared.is_same
    assert (compared.kept, compared.own) == (1.0, 0.0)


def test_other_spellings_are_marked_and_never_struck_out() -> None:
    runs = word_runs("شركت‌هاي کوچک کرمان، فعال", "شرکتهای کوچک كرمان فعال")
    assert {run.kind for run in runs} == {"same", "spelling"}
    assert runs[0].text == "شرکتهای"


def test_another_word_is_removed_and_added_where_it_stands() -> None:
    runs = word_runs("قیمت ۱۲ درصد بالا رفت", "قیمت ۱۵ درصد بالا رفت")
    assert [(run.kind, run.text) for run in runs] == [
        ("same", "قیمت"),
        ("removed", " ۱۲"),
        ("added", " ۱۵"),
        ("same", " درصد بالا رفت"),
    ]


def test_paragraphs_cut_elsewhere_are_the_same_words() -> None:
    compared = compare_texts(said("ت", "یک دو", "سه چهار"), said("ت", "یک دو سه", "چهار"))
    assert compared.is_same
    assert "\n" in "".join(run.text for run in compared.body)


def test_a_long_stretch_in_common_is_folded_to_its_ends_and_can_be_unfolded() -> None:
    common = " ".join(f"واژه{number}" for number in range(5 * LONG))
    before, after = said("ت", f"الف {common} ب"), said("ت", f"پ {common} ت")
    folded = compare_texts(before, after).body
    hidden = sum(run.words for run in folded)
    assert hidden > 3 * LONG
    assert hidden + sum(len(run.text.split()) for run in folded if run.kind == "same") == 5 * LONG
    whole = compare_texts(before, after, whole=True).body
    assert not any(run.kind == "folded" for run in whole)


def test_a_text_wholly_in_common_is_folded_to_its_beginning() -> None:
    common = " ".join(f"واژه{number}" for number in range(5 * LONG))
    kinds = [run.kind for run in compare_texts(said("ت", common), said("ت", common)).body]
    assert kinds == ["same", "folded"]


def test_how_much_was_kept_and_how_much_is_new_is_told() -> None:
    compared = compare_texts(said("یک دو", "سه چهار"), said("یک دو", "سه پنج شش هفت"))
    assert compared.kept == 3 / 4
    assert compared.own == 3 / 6
    assert not compared.is_same
