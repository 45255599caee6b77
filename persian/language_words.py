"""The small words by which Persian, Arabic, Sorani Kurdish and Urdu are told apart."""

from collections.abc import Mapping
from typing import Final

Weights = Mapping[str, float]
"""How much something speaks for each language; negative against it."""

_SURE: Final = 1.5
_SHARED: Final = 0.6  # the word is also one of another language, where it is rarer

_PERSIAN: Final = """
در از را این آن برای است شد شود شده شدند شدن کرد کرده کردند کردن می نمی ها های هایی تا خود یک
دو سه نیز هم یا باید هر چه چرا چگونه دارد دارند داد دهد داده بود بودند خواهد خواهند گفت کند
کنند کنید پس پیش همه هیچ دیگر نیست هستند روز کشور استان تومان هزار نفر برگزار افزایش کاهش روی
زیر چند بیش کمتر بیشتر ترین مدیر مدیرکل شهر شهرستان کارخانه خبر آغاز پایان دست سال بزرگ کوچک
جدید خرید فروش قیمت بازار
"""
_PERSIAN_SHARED: Final = (
    "به که با بر ما اما ایران رئیس واحد درصد میلیارد میلیون تن بی وزیر مردم مجلس دولت"
)
_ARABIC: Final = """
في على إلى الى أن إن عن مع هذا هذه ذلك التي الذي الذين بين كان كانت قال قالت خلال حول ضد لم لن
ما هي هو كل غير عند عبر وفي ومن وهو أو ثم قد لكن حتى منذ بأن أنه انه يوم عام يؤكد يعلن تعلن
تؤكد لدى أكثر اكثر أكد أعلن أعلنت اعلن اعلنت بعد نحو حيث ولا وقال لها له إنه عبد يبحث تبحث مقتل
ارتفاع فيه فيها عليه
"""
_ARABIC_SHARED: Final = "من لا قبل رئيس وزير أمير بيان مدينة دون تم"
_KURDISH: Final = """
لە بۆ ئەم ئەو لەگەڵ دەکات دەکەن دەبێت کرا کران هەر نێوان لەسەر لەلایەن پێش دوای ناو لەنێوان
هەموو ئەوەی بەرەو تەنیا نوێ زۆر هەیە نییە دەڵێت گوتی ڕایگەیاند راگەیاند سەرۆکی کوردستان هەرێمی
هەولێر سلێمانی لەو ئێمە ئێستا کە بە لەم ئەگەر بوو بوون کرد کردن دەکرێت لێ پێ تر وەک یان ڕۆژ ساڵ
هێزی وڵات خەڵک کەس
"""
_URDU: Final = """
کے میں ہے ہیں نے اور یہ وہ تھا تھی تھے گا گے گی لیے ساتھ بھی نہیں دیا گئی گیا ہوا ہوئی ہوئے
والے والی والا ہو رہا رہی رہے لئے جائے پاکستان بھارت وزیراعظم حکومت کیا دی کرنے کہا کہنا اعلان
متعلق درمیان لوگ
"""
_URDU_SHARED: Final = "کی کا سے کو پر تک اس ان ایک جو کر بعد"


def _forms() -> dict[str, Weights]:
    """Return the weights of every listed word; a word of two lists speaks for both."""
    forms: dict[str, dict[str, float]] = {}
    for language, words, weight in (
        ("fa", _PERSIAN, _SURE),
        ("fa", _PERSIAN_SHARED, _SHARED),
        ("ar", _ARABIC, _SURE),
        ("ar", _ARABIC_SHARED, _SHARED),
        ("ckb", _KURDISH, _SURE),
        ("ur", _URDU, _SURE),
        ("ur", _URDU_SHARED, _SHARED),
    ):
        for word in words.split():
            for spelling in _spellings(word, language):
                forms.setdefault(spelling, {})[language] = weight
    return dict(forms)


def _spellings(word: str, language: str) -> set[str]:
    """Return a word in Persian and in Arabic letters, as Persian pages print both."""
    if language != "fa":
        return {word}
    arabic = word.replace("ی", "ي").replace("ک", "ك")
    return {word, arabic, word.replace("ه", "ھ"), word.replace("ه", "ە"), word.replace("آ", "ا")}


FORMS_BY_WORD: Final[Mapping[str, Weights]] = _forms()

_ENGLISH: Final = """
the of and to in a is for on that with as by at from it be are was will has have after over new
says its an this not more than into about
"""
ENGLISH: Final = frozenset(_ENGLISH.split())
