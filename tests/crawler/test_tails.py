"""The tail of a body: closings, codes, numbers and tags, kept apart from the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Block, BlockKind
from crawler.tails import split_tail


def blocks(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


def split(*texts: str) -> tuple[list[str], str | None]:
    kept, tail = split_tail(blocks(*texts))
    return [block.text for block in kept], tail


@pytest.mark.parametrize(
    "line",
    [
        "انتهای پیام",
        "انتهای پیام/",
        "انتهاي پيام/60002/س",
        "انتهای خبر/ گلزاری",
        "*** انتهای گزارش",
        "/511/",
        "7438/8154/2624",
        "** 2342",
        "7438**9210**1834",
        "انتهای پیام 511",
        "انتهای پیام س",
        "انتهای پیام.",
        "پایان پیام/511",
        "س/511",
        "کد خبر: ۱۲۳۴۵",
        "کدخبر 12345",
        "شناسه خبر : 99",
        "منبع:آرمـان",
        "مرجع : https://golzar.ir/1",
    ],
)
def test_a_closing_line_is_the_tail(line: str) -> None:
    assert split("باران آمد.", "برف آمد.", line) == (["باران آمد.", "برف آمد."], line)


@pytest.mark.parametrize(
    ("text", "kept", "tail"),
    [
        ("باران آمد./س", "باران آمد.", "/س"),
        ("باران آمد. انتهای پیام/۷۰۴", "باران آمد.", "انتهای پیام/۷۰۴"),
        ("باران آمد.انتهای پیام", "باران آمد.", "انتهای پیام"),
        ("باران آمد! ** 2342", "باران آمد!", "** 2342"),
        ("گفت: «باران آمد»/3141", "گفت: «باران آمد»", "/3141"),
    ],
)
def test_what_is_glued_to_the_last_sentence_is_split_off(text: str, kept: str, tail: str) -> None:
    assert split("برف آمد.", text) == (["برف آمد.", kept], tail)


def test_everything_behind_the_closing_is_tail() -> None:
    assert split("باران آمد.", "انتهای پیام/", "بیشتر بخوانید", "خبری دیگر") == (
        ["باران آمد."],
        "انتهای پیام/\nبیشتر بخوانید\nخبری دیگر",
    )


def test_several_closing_lines_stay_in_order() -> None:
    assert split("باران آمد./س", "منبع: ایسنا", "کد خبر: 12") == (
        ["باران آمد."],
        "/س\nمنبع: ایسنا\nکد خبر: 12",
    )


@pytest.mark.parametrize(
    "text",
    [
        "سهم هر خانه ۱/۳ است",
        "سرعت باد ۸۰ کیلومتر/ساعت بود",
        "انتهای پیامش خواندنی نبود و همه را به فکر فرو برد و تا شب از آن سخن گفتند",
        "منبع آب شهر پر شد",
        "۱۴۰۳/۰۷/۱۵",
        "۲/۱",
        "پایان خبر خوش بود",
        "این انتهای گزارش نیست",
        "پایان گزارش کار کارگران همه را خوشحال کرد و آنان به خانه‌های خود رفتند",
        "این کد خبر مهمی است",
    ],
)
def test_an_ordinary_sentence_stays(text: str) -> None:
    assert split("باران آمد.", text) == (["باران آمد.", text], None)


def test_the_first_block_always_stays() -> None:
    assert split("انتهای پیام/") == (["انتهای پیام/"], None)
    assert split("منبع: ایسنا") == (["منبع: ایسنا"], None)
    assert split() == ([], None)


@given(st.lists(st.sampled_from(["باران آمد.", "گفت./س", "انتهای پیام/5", "منبع: مهر", "", "/5/"])))
def test_nothing_is_lost_between_body_and_tail(texts: list[str]) -> None:
    kept, tail = split(*texts)
    rest = f"{''.join(kept)}{tail or ''}".replace("\n", "")
    assert rest == "".join(texts)
    assert len(kept) >= min(1, len(texts))
