"""What copiers do to a text, one function an edit, as seen on real copies."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Paragraphs = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A text as one outlet prints it."""

    title: str
    paragraphs: Paragraphs


Edit = Callable[[Printed], Printed]

_SYNONYMS: Final = {
    "وی": "او",
    "افزود": "اظهار داشت",
    "برای": "جهت",
    "نیز": "هم",
    "همچنین": "نیز",
    "پس از": "بعد از",
    "دوباره": "بازهم",
    "است": "می‌باشد",
    "گفت": "عنوان کرد",
    "پایان": "خاتمه",
    "به گفته او": "به گفته وی",
}


def _each(change: Callable[[str], str]) -> Edit:
    def edit(text: Printed) -> Printed:
        return Printed(title=change(text.title), paragraphs=tuple(map(change, text.paragraphs)))

    return edit


def _body(change: Callable[[Paragraphs], Paragraphs]) -> Edit:
    def edit(text: Printed) -> Printed:
        return Printed(title=text.title, paragraphs=change(text.paragraphs))

    return edit


def _synonyms(text: str) -> str:
    for one, other in _SYNONYMS.items():
        text = re.sub(rf"(?<!\w){one}(?!\w)", other, text)
    return text


def _split_words(text: str) -> str:
    """Break one long word in eight, as faulty optical reading does."""
    count = 0

    def broken(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        word = match[0]
        return f"{word[:3]} {word[3:]}" if count % 8 == 0 else word

    return re.sub(r"\w{6,}", broken, text)


def _joined_words(text: str) -> str:
    """Glue every ninth word to the one before."""
    words = text.split(" ")
    return "".join(
        word if place == 0 else (word if place % 9 == 0 else f" {word}")
        for place, word in enumerate(words)
    )


def _typing_errors(text: str) -> str:
    """Drop one letter in every twelfth word."""
    words = text.split(" ")
    return " ".join(
        word[:2] + word[3:] if place % 12 == 5 and len(word) > 4 else word
        for place, word in enumerate(words)
    )


def _first_part(share: float) -> Callable[[Paragraphs], Paragraphs]:
    def cut(paragraphs: Paragraphs) -> Paragraphs:
        words = "\n".join(paragraphs).split(" ")
        return tuple(" ".join(words[: int(len(words) * share)]).split("\n"))

    return cut


def _translate(one: str, other: str) -> Edit:
    table = str.maketrans(dict(zip(one, other, strict=True)))
    return _each(lambda text: text.translate(table))


def _figure_put_right(text: Printed) -> Printed:
    """Replace the first figure of two digits or more wherever it stands."""
    found = re.search(r"[۰-۹]{2,}", "\n".join(text.paragraphs))
    if found is None:
        return text
    right = found[0][::-1] if found[0] != found[0][::-1] else f"{found[0]}۵"
    return _each(lambda line: line.replace(found[0], right))(text)


_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
_OWN_LEAD: Final = "یکی از خبرهایی که این روزها در شهر دهان به دهان می‌گردد به بار نشست."
_KICKER: Final = "در آیینی با حضور مسئولان استان"
_FOOTER: Final = "ما را در پیام‌رسان‌ها دنبال کنید و خبرهای محله خود را برای تحریریه بفرستید."

EDITS: Final[dict[str, Edit]] = {
    "verbatim": lambda text: text,
    "arabic yeh and kaf": _translate("یک", "يك"),
    "alef maksura": _each(lambda text: re.sub(r"ی\b", "ى", text)),
    "mixed yeh in one word": _each(lambda text: text.replace("ی", "ي", text.count("ی") // 2)),
    "do-chashmi heh": _each(lambda text: text.replace("ه", "ھ")),
    "kurdish heh": _each(lambda text: re.sub(r"ه\b", "ە", text)),
    "heh with yeh above": _each(lambda text: text.replace("ه ", "ۀ ")),
    "half-spaces dropped": _each(lambda text: text.replace("\u200c", "")),
    "half-spaces as spaces": _each(lambda text: text.replace("\u200c", " ")),
    "half-spaces as not signs": _each(lambda text: text.replace("\u200c", "¬")),
    "tatweel": _each(lambda text: re.sub(r"(?<=[بتسشمنکگ])(?=[اریه])", "ــ", text)),
    "hamza dropped": _translate("ئؤأآ", "یواا"),
    "arabic-indic digits": _translate(_PERSIAN, "٠١٢٣٤٥٦٧٨٩"),
    "latin digits": _translate(_PERSIAN, "0123456789"),
    "vowel marks": _each(lambda text: text.replace("م", "مُ")),
    "glued words": _each(_joined_words),
    "split words": _each(_split_words),
    "typing errors": _each(_typing_errors),
    "synonyms": _each(_synonyms),
    "own name swapped in": _body(lambda all_: (f"به گزارش فردای کرمان، {all_[0]}", *all_[1:])),
    "dateline": _body(lambda all_: (f"کرمان – ایرنا – {all_[0]}", *all_[1:])),
    "double credit": _body(
        lambda all_: (f"به گزارش خبرگزاری مهر، آرمان نوشت: {all_[0]}", *all_[1:])
    ),
    "quoted from": _body(
        lambda all_: (f"به گزارش آرمان به نقل از نذیر کرمان، {all_[0]}", *all_[1:])
    ),
    "source tag": _body(lambda all_: (*all_, "منبع:آرمـان")),
    "closing code": _body(lambda all_: (*all_, "انتهای پیام/۶۰۰۰۲/س")),
    "glued desk code": _body(lambda all_: (*all_[:-1], f"{all_[-1]}/س")),
    "article number": _body(lambda all_: (*all_, "کد خبر: ۴۸۱۲۹۳")),
    "other boilerplate": _body(lambda all_: (*all_, _FOOTER, "لینک کوتاه: https://x.test/1")),
    "own lead before": _body(lambda all_: (_OWN_LEAD, *all_)),
    "own lead instead": _body(lambda all_: (_OWN_LEAD, *all_[1:])),
    "kicker before": _body(lambda all_: (_KICKER, *all_)),
    "lead twice": _body(lambda all_: (all_[0], *all_)),
    "paragraphs joined": _body(lambda all_: (" ".join(all_),)),
    "paragraphs reordered": _body(lambda all_: (all_[0], *reversed(all_[1:]))),
    "a paragraph cut": _body(lambda all_: (*all_[:2], *all_[3:])),
    "the last paragraphs cut": _body(lambda all_: all_[:-2]),
    "first 60 per cent": _body(_first_part(0.6)),
    "first 40 per cent": _body(_first_part(0.4)),
    "a figure put right": _figure_put_right,
    "new headline": lambda text: Printed(
        title="آنچه امروز در استان گذشت و شاید نشنیده باشید", paragraphs=text.paragraphs
    ),
}


def together(*names: str) -> Edit:
    """Apply several edits one after the other."""

    def edit(text: Printed) -> Printed:
        for name in names:
            text = EDITS[name](text)
        return text

    return edit


COMBINED: Final[dict[str, Edit]] = {
    "truncated, re-headlined, arabic letters": together(
        "first 40 per cent", "new headline", "arabic yeh and kaf"
    ),
    "own lead, half-spaces dropped, digits": together(
        "own lead instead", "half-spaces dropped", "arabic-indic digits"
    ),
    "synonyms, reordered, footer": together(
        "synonyms", "paragraphs reordered", "other boilerplate"
    ),
    "typing errors, tatweel, cut": together("typing errors", "tatweel", "the last paragraphs cut"),
}
