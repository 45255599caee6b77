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
    SPELLING,
    TATWEEL,
    UNCHANGED,
    spell_letters,
    spell_text,
)
from persian.trace import Folded, Rule, rewrite_all

_WORD: Final = r"[^\W_]"


def _nothing(_: str) -> str:
    return ""


def _one_white_space(run: str) -> str:
    return "\n" if "\n" in run else " "


_SPELL: Final = Rule(
    pattern=re.compile(f"[^{re.escape(UNCHANGED)}]"),
    replacement=lambda character: character.translate(SPELLING),
    joins_left=True,
)
# A tatweel that touches no letter is a dash («کرمان ـ ایرنا ـ»); any other only stretches a word.
_LONE_TATWEEL: Final = Rule(
    pattern=re.compile(rf"(?<!{_WORD}){TATWEEL}++(?!{_WORD})"), replacement=lambda _: "-"
)
_TATWEEL: Final = Rule(pattern=re.compile(f"{TATWEEL}+"), replacement=_nothing, joins_left=True)
_STRAY_HALF_SPACE: Final = Rule(
    pattern=re.compile(
        rf"{HALF_SPACE}(?:{HALF_SPACE}*+(?!{_WORD})|(?<!{_WORD}{HALF_SPACE}){HALF_SPACE}*+)"
    ),
    replacement=_nothing,
)
_WHITE_SPACE: Final = Rule(pattern=re.compile(r"[ \n]{2,}+"), replacement=_one_white_space)
_EDGES: Final = Rule(pattern=re.compile(r"\A[ \n]|[ \n]\Z"), replacement=_nothing)
_DECIMAL: Final = Rule(pattern=re.compile("٫(?<=[0-9]٫)(?=[0-9])"), replacement=lambda _: ".")
_THOUSANDS: Final = Rule(
    pattern=re.compile("[٬,،](?<=[0-9].)(?=[0-9]{3}(?![0-9]))"), replacement=_nothing
)
_RULES: Final = (
    _SPELL,
    _LONE_TATWEEL,
    _TATWEEL,
    _STRAY_HALF_SPACE,
    _WHITE_SPACE,
    _EDGES,
    _DECIMAL,
    _THOUSANDS,
)
_RUNS_OF_WHITE_SPACE: Final = ("  ", "\n ", " \n", "\n\n")


def fold(text: str) -> str:
    """Fold a text; folding twice changes nothing more.

    The rules are those of `fold_with_offsets`; each is skipped when nothing in the text calls for
    it, so that ordinary news folds at hundreds of megabytes a second.
    """
    text = spell_text(text)
    if TATWEEL in text:
        text = _TATWEEL.apply(_LONE_TATWEEL.apply(text))
    if HALF_SPACE in text:
        text = _STRAY_HALF_SPACE.pattern.sub("", text)
    if any(run in text for run in _RUNS_OF_WHITE_SPACE):
        text = _WHITE_SPACE.apply(text)
    if "٫" in text:
        text = _DECIMAL.pattern.sub(".", text)
    return _THOUSANDS.pattern.sub("", text.strip(" \n"))


def fold_with_offsets(text: str) -> Folded:
    """Fold a text and keep the way from every folded span back to the span as printed."""
    return rewrite_all(text, _RULES)


def letters(text: str) -> str:
    """Fold a text and keep its letters and digits only: «می‌شود», «می شود» and «میشود» are one."""
    return spell_letters(text)
