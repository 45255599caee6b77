"""A credit is the same however its text is spelt: copies re-spell everything but who wrote it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import CreditKind
from crawler.credits import find_credits
from persian.digits import to_persian_digits
from tests.crawler.presses import DIRECTORY, OWN_ARMAN

TEXTS = (
    "به گزارش گروه معدن پایگاه خبری «نذیر کرمان» و به نقل از روابط عمومی استانداری کرمان، باران",
    "به گزارش مشرق به نقل از خبرگزاری فارس، کارگاه تازه باز شد.",
    "به گزارش خبرگزاری مهر، رسالت نوشت: کارگاه تازه باز شد.",
    "کرمان – ایرنا – کارگاه تازه باز شد.",
    "ایسنا/ کارگاه تازه باز شد.",
    "مدیر در گفت‌وگو با خبرنگار اقتصادی ایسنا از کارگاه گفت.",
    "کارگاه تازه باز شد.\nمنبع: خبرگزاری مهر\nانتهای پیام/60002/س",
    "به گزارش آرمان، کارگاه تازه باز شد.\nمنبع: ایسنا، مهر و فارس",
    "تهران (ایسنا) کارگاه تازه باز شد. منبع: مشرق نیوز",
)


def stretch(text: str) -> str:
    """Put a tatweel into the names that the texts print."""
    for joint in ("سن", "مش", "فا", "مه", "نذ", "رم"):
        text = text.replace(joint, f"{joint[0]}ـ{joint[1]}")
    return text


RESPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text.translate(str.maketrans("یک", "يك")),
    lambda text: text.translate(str.maketrans("ه", "ھ")),
    lambda text: text.replace("\u200c", " "),
    lambda text: text.replace("\u200c", ""),
    lambda text: text.replace("\u200c", "\u200f"),
    lambda text: text.replace(" به نقل", " بـه نقل").replace("به گزارش", "به  گـزارش"),
    lambda text: text.replace("به گزارش", "به‌گزارش").replace("نذیر کرمان", "نذیرکرمان"),
    lambda text: text.replace("خبر", "خَبَر").replace("«", "“").replace("»", "”"),
    lambda text: text.replace("–", "-").replace("،", " ،"),
    to_persian_digits,
    stretch,
)


def who(text: str) -> list[tuple[CreditKind, str | None, bool]]:
    """Return kind, outlet or body, and whether it is the outlet itself, of every credit."""
    found = find_credits(text, outlet=OWN_ARMAN, directory=DIRECTORY)
    return [(credit.kind, credit.outlet_id or credit.body, credit.is_own) for credit in found]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("respell", RESPELLINGS)
def test_a_respelt_copy_has_the_same_credits(text: str, respell: Callable[[str], str]) -> None:
    assert who(text)
    assert who(respell(text)) == who(text)


@given(st.sampled_from(TEXTS), st.lists(st.sampled_from(RESPELLINGS), max_size=4))
def test_respellings_may_come_together(text: str, respellings: list[Callable[[str], str]]) -> None:
    respelt = text
    for respell in respellings:
        respelt = respell(respelt)
    assert who(respelt) == who(text)


@given(st.sampled_from(TEXTS), st.integers(0, 30))
def test_more_paragraphs_in_the_middle_change_no_credit(text: str, count: int) -> None:
    head, _, tail = text.partition("\n")
    longer = "\n".join([head, *["کارگران خوشحال بودند."] * count, tail] if tail else [head])
    assert who(longer) == who(text)
