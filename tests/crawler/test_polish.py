import pytest

from crawler import polish
from crawler.article import Block, BlockKind


def blocks(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("نویسنده: مینا نمونه‌فر", "مینا نمونه‌فر"),
        ("خبرنگار : مینا نمونه‌فر", "مینا نمونه‌فر"),
        ("نوشته شده توسط مینا نمونه‌فر", "مینا نمونه‌فر"),
        ("By Mina Example", "Mina Example"),
        ("مینا نمونه‌فر |", "مینا نمونه‌فر"),
        ("Mina Example Jan. 31, 2026 7:47 am", "Mina Example"),
        ("مینا نمونه‌فر - ۱۲ مهر ۱۴۰۳", "مینا نمونه‌فر"),
        ("https://n.example/user/mina", None),
        ("توسط admin", None),
        ("مدیر سایت", None),
        ("روزنامهٔ نمونه", None),
        ("", None),
        (None, None),
        ("ن" * 121, None),
    ],
)
def test_a_byline_is_a_persons_name_without_its_label(
    printed: str | None, name: str | None
) -> None:
    assert polish.byline(printed, ("روزنامه نمونه",)) == name


def test_a_breadcrumb_is_cut_into_sections_without_home_and_title() -> None:
    crumbs = ["صفحه اصلی", "استان‌ها > کرمان", "اخبار", "برق پايدار شد"]
    assert polish.section(crumbs, "برق پایدار شد") == ("استان‌ها", "کرمان")
    assert polish.section((), "برق") == ()


def test_tags_are_split_cleaned_and_said_once() -> None:
    labels = ["#صنایع_دستی", "مس، پسته", "مس", " ", "کرمان,بم"]
    assert polish.tags(labels) == ("صنایع دستی", "مس", "پسته", "کرمان", "بم")


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("/a.jpg", "https://n.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("data:image/png;base64,AA", None),
        ("http://[", None),
        ("ftp://n.example/a.jpg", None),
        (None, None),
    ],
)
def test_an_images_address_is_whole_or_nothing(address: str | None, whole: str | None) -> None:
    assert polish.image(address, "https://n.example/news/1") == whole


def test_heads_repeated_with_other_letters_and_digits_are_cut_from_the_body() -> None:
    body = blocks("بودجه ۱۴۰۳ كرمان", "سرخط", "متن خبر", "بودجه 1403 کرمان")
    kept = polish.without_head(body, ("بودجه 1403 کرمان", None, "سرخط"))
    assert [block.text for block in kept] == ["متن خبر", "بودجه 1403 کرمان"]


def test_the_last_block_is_never_cut_as_a_repeat() -> None:
    assert polish.without_head(blocks("تیتر"), ("تیتر",)) == blocks("تیتر")


def test_a_lead_that_is_the_title_or_a_cut_beginning_is_no_lead() -> None:
    body = blocks("سرشماری دام عشایر جنوب از هفته آینده آغاز می‌شود و تا مهر دنبال می‌شود.")
    assert polish.lead("آغاز سرشماری", "آغاز سرشماري", body) is None
    assert polish.lead("سرشماری دام عشایر جنوب از هفته آینده […]", "تیتر", body) is None
    assert polish.lead("سرشماری دام عشایر جنوب از هفته آینده…", "تیتر", body) is None
    assert polish.lead("خبری دیگر پایان نیافته …", "تیتر", body) == "خبری دیگر پایان نیافته …"
    assert polish.lead("لید کامل.", "تیتر", body) == "لید کامل."
    assert polish.lead(None, "تیتر", body) is None


def test_an_excerpt_is_known_by_its_end() -> None:
    assert polish.is_cut("تا پایان سال […]")
    assert polish.is_cut("تا پایان سال [...]")
    assert not polish.is_cut("تا پایان سال…")
    cut = blocks("متن", "ادامه مطلب »")
    assert polish.without_continuation(cut) == cut[:1]
    assert polish.without_continuation(cut[:1]) == cut[:1]
