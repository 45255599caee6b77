"""Fold Persian text so that one spelling stands for all the spellings of the press.

Letters are unified (ي ى → ی, ك → ک, ھ ة ۀ → ه, ئ → ی, ؤ → و, آ أ إ → ا), vowel marks and tatweel
go, every digit is 0-9, Latin letters are small, every form of half-space between two letters is
U+200C, a run of white space is one space (or one line feed when it holds one), «۱۹۶٬۳۹۹» is 196399
and «۴۴٫۴» is 44.4. White space around the text goes. The price is known: رئال and ریال become one,
as do آستان and استان; a strict search looks at the printed text.
"""

import re
from typing import Final

from persian.spelling import (
    HALF_SPACE,
    MARKS,
    ORDINARY,
    SPELLING,
    TATWEEL,
    spell_letters,
    spell_text,
)
from persian.trace import Folded, Rule, rewrite, rewrite_all

_WORD: Final = r"[^\W_]"


def _holds_loose_white_space(text: str) -> bool:
    if "  " in text:
        return True
    return "\n" in text and ("\n\n" in text or "\n " in text or " \n" in text)


def _has_white_edge(text: str) -> bool:
    return text[:1] in {" ", "\n"} or text[-1:] in {" ", "\n"}


# The characters that do not spell exactly one: marks (none) and ligatures (several).
_UNEVEN: Final = Rule(
    pattern=re.compile(f"[{re.escape(MARKS)}]|[^{re.escape(ORDINARY)}]"),
    replacement=lambda character: character.translate(SPELLING),
    joins_left=True,
)
# A tatweel that touches no letter is a dash («کرمان ـ ایرنا ـ»); any other only stretches a word.
_LONE_TATWEEL: Final = Rule(
    pattern=re.compile(f"{TATWEEL}(?<!{_WORD}{TATWEEL}){TATWEEL}*+(?!{_WORD})"),
    replacement="-",
    applies=lambda text: TATWEEL in text,
)
_TATWEEL: Final = Rule(
    pattern=re.compile(f"{TATWEEL}+"),
    replacement="",
    joins_left=True,
    applies=lambda text: TATWEEL in text,
)
_STRAY_HALF_SPACE: Final = Rule(
    pattern=re.compile(
        f"{HALF_SPACE}(?:{HALF_SPACE}*+(?!{_WORD})|(?<!{_WORD}{HALF_SPACE}){HALF_SPACE}*+)"
    ),
    replacement="",
    applies=lambda text: HALF_SPACE in text,
)
_WHITE_SPACE: Final = Rule(
    pattern=re.compile(r"[ \n]{2,}+"),
    replacement=lambda run: "\n" if "\n" in run else " ",
    applies=_holds_loose_white_space,
)
_EDGES: Final = Rule(
    pattern=re.compile(r"\A[ \n]|[ \n]\Z"), replacement="", applies=_has_white_edge
)
_DECIMAL: Final = Rule(
    pattern=re.compile("٫(?<=[0-9]٫)(?=[0-9])"),
    replacement=".",
    applies=lambda text: "٫" in text,
)
_THOUSANDS: Final = Rule(
    pattern=re.compile("[٬,،](?<=[0-9].)(?=[0-9]{3}(?![0-9]))"), replacement=""
)
_TIDY: Final = (
    _LONE_TATWEEL,
    _TATWEEL,
    _STRAY_HALF_SPACE,
    _WHITE_SPACE,
    _EDGES,
    _DECIMAL,
    _THOUSANDS,
)


def fold(text: str) -> str:
    """Fold a text; folding twice changes nothing more.

    Ordinary news folds at more than a hundred megabytes a second.
    """
    text = spell_text(text)
    for rule in _TIDY:
        if rule.applies(text):
            text = rule.apply(text)
    return text


def fold_with_offsets(text: str) -> Folded:
    """Fold a text and keep the way from every folded span back to the span as printed."""
    even, step = rewrite(text, _UNEVEN)
    tidied = rewrite_all(spell_text(even), _TIDY)
    return Folded(text=tidied.text, original=text, steps=(step, *tidied.steps))


def letters(text: str) -> str:
    """Fold a text and keep its letters and digits only: «می‌شود», «می شود» and «میشود» are one."""
    return spell_letters(text)
