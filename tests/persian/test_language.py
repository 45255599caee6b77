"""Persian is told from its neighbours already by a headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.language import detect_language

PERSIAN = [
    "نشست کارگاه‌های کوچک در کرمان برگزار شد",
    "قیمت مس در بازار امروز بالا رفت",
    "باران جاده‌ها را بست",
    "تولید کاتد در خاتون‌آباد ده درصد بیشتر شد",
    "مدیر کارخانه: فروش خوب است",
    "برف و سرما در ارتفاعات",
    "العین و الهلال برابر کردند و به خانه برگشتند",
    "وزیر صنعت به رفسنجان می‌رود",
]
ARABIC = [
    "افتتاح مصنع جديد للنحاس في المدينة",
    "الوزير يؤكد أن الأسعار لن ترتفع هذا العام",
    "أمطار غزيرة تغلق الطرق الجبلية",
    "ارتفاع أسعار النحاس بعد اجتماع البنك",
    "وقال المدير إن العمال عادوا إلى المنجم",
    "مباراة اليوم بين الفريقين على ملعب المدينة",
]
KURDISH = [
    "نرخی مس لە بازاڕەکاندا بەرز بووەوە",
    "باران ڕێگاکانی شاخی داخست",
    "کارگەیەکی نوێ لە شارەکە کرایەوە",
    "وەزیر دەڵێت نرخەکان بەرز نابنەوە",
    "یاری ئەمڕۆ لە نێوان دوو تیپی شار",
]
URDU = [
    "تانبے کی قیمت میں آج پھر اضافہ ہوا",
    "بارش نے پہاڑی سڑکیں بند کر دیں",
    "شہر میں نیا کارخانہ کھل گیا ہے",
    "وزیر کا کہنا ہے کہ قیمتیں نہیں بڑھیں گی",
    "آج کا میچ دو ٹیموں کے درمیان ہو گا",
]
ENGLISH = [
    "Copper prices rise after a strike in the mine",
    "Rain closes mountain roads",
    "New plant opens in Kerman",
    "Minister says prices will not go up this year",
]


@pytest.mark.parametrize("headline", PERSIAN)
def test_a_persian_headline_is_persian_in_every_spelling(headline: str) -> None:
    arabic_letters = headline.translate(str.maketrans("یک", "يك")).replace("\u200c", " ")
    assert detect_language(headline) == "fa"
    assert detect_language(arabic_letters) == "fa"
    assert detect_language(headline.replace("ه", "ھ")) == "fa"
    assert detect_language(f"{headline} (SME)") == "fa"


@pytest.mark.parametrize("headline", ARABIC)
def test_an_arabic_headline_is_arabic(headline: str) -> None:
    assert detect_language(headline) == "ar"


@pytest.mark.parametrize("headline", KURDISH)
def test_a_kurdish_headline_is_kurdish(headline: str) -> None:
    assert detect_language(headline) == "ckb"


@pytest.mark.parametrize("headline", URDU)
def test_an_urdu_headline_is_urdu(headline: str) -> None:
    assert detect_language(headline) == "ur"


@pytest.mark.parametrize("headline", ENGLISH)
def test_an_english_headline_is_english(headline: str) -> None:
    assert detect_language(headline) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "۱۴۰۳/۰۷/۱۵ — ۲۰:۱۱",
        "Şehirde yeni bir fabrika açıldı ve işçiler döndü",
        "Карман и медь",
        "Le prix du cuivre monte encore une fois dans les marchés de la région",
    ],
)
def test_no_letters_and_other_languages_stay_undetermined(text: str) -> None:
    assert detect_language(text) == "und"


def test_a_word_without_any_sign_is_persian_on_these_pages() -> None:
    assert detect_language("کرمان") == "fa"


def test_a_few_words_of_another_script_do_not_change_the_language() -> None:
    assert detect_language("شرکت Copper World در بورس London پذیرفته شد") == "fa"
    assert detect_language("The town of کرمان opens a new plant for copper") == "en"


@given(st.text(max_size=200))
def test_every_text_has_one_of_the_six_answers(text: str) -> None:
    assert detect_language(text) in {"fa", "ar", "ckb", "ur", "en", "und"}
