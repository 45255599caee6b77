"""The word diff of two texts, and the kind of change it amounts to."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.change_kind import ChangeKind, kinds_of_change
from storage.codec import Said, said_of
from storage.diff import Hunk, Piece, PieceKind, compare_words, diff, hunks
from tests.storage.articles import article, paragraph, report

SAID = said_of(report("sobh"))
_words = st.lists(st.sampled_from(["مس", "کرمان", " ", "\n", "۱۲", "،", "a"]), max_size=30)
_texts = _words.map("".join) | st.text(max_size=60)


def _put_together(pieces: tuple[Piece, ...], *kinds: PieceKind) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(_texts, _texts)
def test_the_pieces_put_together_are_the_two_texts(before: str, after: str) -> None:
    pieces = compare_words(before, after)
    assert _put_together(pieces, PieceKind.SAME, PieceKind.REMOVED) == before
    assert _put_together(pieces, PieceKind.SAME, PieceKind.ADDED) == after


@given(_texts, _texts)
def test_no_piece_is_empty_and_neighbours_differ(before: str, after: str) -> None:
    pieces = compare_words(before, after)
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(one is not other for one, other in pairwise(kinds))


@given(_texts)
def test_equal_texts_have_no_hunk(text: str) -> None:
    assert hunks(compare_words(text, text)) == ()


def test_only_the_word_that_changed_is_marked() -> None:
    pieces = compare_words("این واحد ۳۵ نفر دارد", "این واحد ۵۳ نفر دارد")
    assert pieces == (
        Piece(kind=PieceKind.SAME, text="این واحد"),
        Piece(kind=PieceKind.REMOVED, text=" ۳۵"),
        Piece(kind=PieceKind.ADDED, text=" ۵۳"),
        Piece(kind=PieceKind.SAME, text=" نفر دارد"),
    )
    assert hunks(pieces) == (Hunk(removed=" ۳۵", added=" ۵۳"),)


def test_endless_texts_are_compared_by_paragraph() -> None:
    first, middle = " ".join(["الف"] * 900), " ".join(["میانه"] * 900)
    pieces = compare_words(f"یک\n{first}\n{middle}\nسه", f"دو\n{first}\nتازه\n{middle}\nچهار")
    assert [(piece.kind, piece.text.strip()) for piece in pieces] == [
        (PieceKind.REMOVED, "یک"),
        (PieceKind.ADDED, "دو"),
        (PieceKind.SAME, first),
        (PieceKind.ADDED, "تازه"),
        (PieceKind.SAME, middle),
        (PieceKind.REMOVED, "سه"),
        (PieceKind.ADDED, "چهار"),
    ]


def test_hostile_repetition_is_compared_whole() -> None:
    old, new = "الف\n" * 3000 + "ب", "پ" + "\nالف ب" * 3000
    pieces = compare_words(old, new)
    assert _put_together(pieces, PieceKind.SAME, PieceKind.REMOVED) == old
    assert _put_together(pieces, PieceKind.SAME, PieceKind.ADDED) == new
    assert len(pieces) < 5


def test_each_part_of_a_text_is_compared_by_itself() -> None:
    changes = diff(SAID, replace(SAID, title="دیگر", lead="تازه"))
    assert hunks(changes.title) == (Hunk(removed=SAID.title, added="دیگر"),)
    assert hunks(changes.lead) == (Hunk(removed="", added="تازه"),)
    assert hunks(changes.kicker) == hunks(changes.body) == ()


def _kinds(before: Said, after: Said) -> tuple[ChangeKind, ...]:
    return kinds_of_change(before, after, diff(before, after))


def _bodies(before: str, after: str) -> tuple[ChangeKind, ...]:
    said = Said(title="خبر", blocks=paragraph(before))
    return _kinds(said, replace(said, blocks=paragraph(after)))


def test_equal_texts_have_no_kind_of_change() -> None:
    assert _kinds(SAID, SAID) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("کارخانه راه اندازی می شود", "کارخانه راه‌اندازی می‌شود"),
        ("شهرك صنعتي", "شهرک صنعتی"),
        ("وزیر صنعت گفت", "وزیر صنعت، گفت:"),
        ("بهربرداری از طرح", "بهره‌برداری از طرح"),
        ("تولید ۱۲۰۰ تن", "تولید 1200 تن"),
    ],
)
def test_spelling_spacing_and_punctuation_are_typos(before: str, after: str) -> None:
    assert _bodies(before, after) == (ChangeKind.TYPO,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("برای ۳۵ نفر کار", "برای ۵۳ نفر کار"),
        ("دوازده میلیون تومان", "دوازده میلیارد تومان"),
        ("۱۲ میلیارد تومان", "۱۲۰ میلیارد تومان"),
        ("رشد ۳٫۵ درصدی", "رشد ۴٫۵ درصدی"),
        ("سه کشته داشت", "چهار کشته داشت"),
    ],
)
def test_a_number_in_another_numbers_place_is_a_figure(before: str, after: str) -> None:
    assert _bodies(before, after) == (ChangeKind.FIGURE,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("مدیر معدن گفت", "مدیر کارخانه گفت"),
        ("تیم مس برد", "تیم مسی برد"),
        ("زلزلهٔ بم", "زلزلهٔ قم"),
        ("طرح آغاز شد", "طرح آغاز نشد و ۲ ماه ماند"),
    ],
)
def test_other_words_are_another_text(before: str, after: str) -> None:
    assert _bodies(before, after) == (ChangeKind.TEXT,)


def test_another_title_is_another_headline() -> None:
    assert _kinds(SAID, replace(SAID, title="جان تازهٔ شهرک دو")) == (ChangeKind.HEADLINE,)
    assert _kinds(SAID, replace(SAID, kicker="اقتصاد")) == (ChangeKind.HEADLINE,)
    assert _kinds(SAID, replace(SAID, title=SAID.title + "!")) == (ChangeKind.TYPO,)
    assert _kinds(SAID, replace(SAID, title=SAID.title.replace("۱۸", "۱۹"))) == (ChangeKind.FIGURE,)


def test_several_kinds_are_named_by_weight() -> None:
    after = replace(SAID, title="جان تازهٔ شهرک دو", lead="مدیر شهرک خبر داد")
    assert _kinds(SAID, after) == (ChangeKind.HEADLINE, ChangeKind.TEXT)


def test_an_announced_completion_is_one() -> None:
    begun = replace(SAID, blocks=(*SAID.blocks[:1], *paragraph("این خبر در حال تکمیل است...")))
    assert _kinds(begun, SAID) == (ChangeKind.COMPLETED,)
    still = replace(begun, lead="مدیر شهرک خبر داد")
    assert _kinds(begun, still) == (ChangeKind.TEXT,)


def test_a_text_that_only_grew_a_lot_was_completed() -> None:
    begun = replace(SAID, blocks=SAID.blocks[:1])
    assert _kinds(begun, SAID) == (ChangeKind.COMPLETED,)
    nearly = replace(SAID, blocks=SAID.blocks[:-1])
    assert _kinds(nearly, SAID) == (ChangeKind.TEXT,)


@pytest.mark.parametrize(
    "after",
    [
        replace(SAID, blocks=()),
        replace(SAID, blocks=paragraph("این خبر حذف شد.")),
        replace(SAID, title="این مطلب حذف شد", blocks=()),
    ],
)
def test_a_text_that_is_gone_was_withdrawn(after: Said) -> None:
    assert _kinds(SAID, after)[0] is ChangeKind.WITHDRAWN


def test_a_short_text_that_shrinks_was_edited_and_not_withdrawn() -> None:
    said = replace(said_of(article()), lead=None, blocks=paragraph("خبر کوتاه بود"))
    assert _kinds(said, replace(said, blocks=paragraph("کوتاه"))) == (ChangeKind.TEXT,)
