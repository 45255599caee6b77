"""The reporter a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Block, BlockKind
from crawler.bylines import find_reporter


def blocks(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("گزارش: مینا گلزاری", "مینا گلزاری"),
        ("گزارش از مینا گلزاری", "مینا گلزاری"),
        ("خبرنگار : مينا  گلزاری‌نژاد.", "مينا  گلزاری‌نژاد"),
        ("گزارشگر/ مینا گلزاری", "مینا گلزاری"),
        ("به قلم مینا گلزاری", "مینا گلزاری"),
        ("*** گفت‌وگو از: مینا گلزاری ***", "مینا گلزاری"),
        ("باران آمد. گزارش: مینا گلزاری", "مینا گلزاری"),
    ],
)
def test_a_signature_at_either_end_names_the_reporter(line: str, name: str) -> None:
    assert find_reporter(blocks("باران آمد.", "برف آمد.", "باد آمد.", line)) == name
    assert find_reporter(blocks(line, "باران آمد.", "برف آمد.", "باد آمد.")) == name
    assert find_reporter(blocks("باران آمد."), tail=f"کد خبر: 12\n{line}") == name


def test_a_closing_names_the_reporter() -> None:
    assert find_reporter((), tail="انتهای خبر/ گلزاری") == "گلزاری"
    assert find_reporter((), tail="انتهای پیام/ مینا گلزاری") == "مینا گلزاری"


@pytest.mark.parametrize("tail", ["انتهای پیام", "انتهای پیام/511", "انتهای پیام/س", "", None])
def test_a_closing_with_a_code_or_nothing_names_nobody(tail: str | None) -> None:
    assert find_reporter(blocks("باران آمد."), tail=tail) is None


@pytest.mark.parametrize(
    "text",
    [
        "خبرنگار ما از باران نوشت",
        "این گزارش از کارگاه‌های شهر می‌گوید و از بازار و از خیابان و از مردم آن",
        "گزارش: ۱۲ تن",
        "به گزارش ایسنا، باران آمد.",
    ],
)
def test_a_sentence_about_reporters_is_no_signature(text: str) -> None:
    assert find_reporter(blocks(text)) is None


def test_a_signature_in_the_middle_of_a_body_belongs_to_a_box() -> None:
    assert find_reporter(blocks("الف", "ب", "گزارش: مینا گلزاری", "ج", "د")) is None


@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=40) | st.none())
def test_no_text_breaks_the_reader(texts: list[str], tail: str | None) -> None:
    name = find_reporter(blocks(*texts), tail=tail)
    assert name is None or name in "\n".join([*texts, tail or ""])
