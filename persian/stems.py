"""Inflect Persian lightly: which dictionary forms a printed word may stand for.

Two promises are kept together. `stems` gives the alternatives a search accepts: plural, ezafe,
indefinite and clitics come off, but a stem of three letters or fewer loses only the plural, so that
«مسی» (Messi) is never «مس» (copper). `index_key` is coarser: every stem of a word has the word's
own key, whichever ending came off, so one token a position is enough for an index.

All words here are folded (`persian.fold`) and hold no half-space.
"""

import re
from typing import Final

_PLURAL: Final = re.compile("^(.{2,})ها(?:ی|یی|یم|یت|یش|یمان|یتان|یشان)?$")
# Persons take «ان» in the plural; elsewhere these letters end too many words of their own.
_MAKERS: Final = re.compile("(?:..گر|گذار|.کار|.دار|.ساز|.مند|.یار|اموز|نگار|فروش|.بان)ان$")
_HA: Final = re.compile("^(.{2,3})ها[اهیمشتنر]*$")
_ENDINGS: Final = ("یشان", "یمان", "یتان", "ترین", "شان", "مان", "تان", "تر", "یی", "ی", "ش", "م")
# Each letter an ending can hold; a key drops them all, so it cannot depend on the way taken.
ENDING_LETTERS: Final = "اهیمشتنر"
_SHORTEST: Final = 4
LONGEST_KEY: Final = 40
# Words whose last letters look like an ending and are none (تنها is not the plural of تن), and
# offices that are words of their own beside the officer (شهرداری is not شهردار).
_WHOLE: Final = frozenset(
    {
        "تنها",
        "تنهایی",
        "انها",
        "انهایی",
        "اینها",
        "انتها",
        "انتهای",
        "منتها",
        "منتهای",
        "اشتها",
        "اشتهای",
        "طاها",
        "ساختمان",
        "راندمان",
        "پارلمان",
        "درخشان",
        "زرافشان",
        "اتشفشان",
        "کهکشان",
        "نریمان",
        "ارامش",
        "اموزش",
        "پژوهش",
        "گزارش",
        "سفارش",
        "نمایش",
        "همایش",
        "پذیرش",
        "ستایش",
        "گرایش",
        "افزایش",
        "پالایش",
        "سرمایش",
        "گرمایش",
        "ازمایش",
        "مستقیم",
        "تصمیم",
        "چهارم",
        "میدانم",
        "شهرداری",
        "استانداری",
        "فرمانداری",
        "بخشداری",
        "دهیاری",
    }
)


# Words with two accepted spellings that no folding of letters brings together: hamza on another
# seat (هیئت and هیأت), or another letter of the same sound.
_OTHER_SPELLINGS: Final = {
    "هیات": "هییت",
    "مسوول": "مسیول",
    "مساله": "مسیله",
    "سیوال": "سوال",
    "ذغال": "زغال",
    "اطاق": "اتاق",
    "بلیط": "بلیت",
    "باطری": "باتری",
    "طهران": "تهران",
    "امپراطور": "امپراتور",
    "الومینیم": "الومینیوم",
    "الومنیوم": "الومینیوم",
}
_FIRST_LETTERS: Final = {
    spelling[0]: {spelling[0]}
    | {other[0] for other, same in _OTHER_SPELLINGS.items() if same[0] == spelling[0]}
    for spelling in _OTHER_SPELLINGS.values()
}
_OTHER_SPELLING: Final = re.compile("|".join(sorted(_OTHER_SPELLINGS, key=len, reverse=True)))


def respell(word: str) -> str:
    """Return a word in the one spelling that stands for all of its accepted ones."""
    found = _OTHER_SPELLING.match(word)
    return _OTHER_SPELLINGS[found[0]] + word[found.end() :] if found else word


def first_letters(word: str) -> set[str]:
    """Return the letters that words respelt into this one, or into a longer one, may begin with."""
    return _FIRST_LETTERS.get(word[0]) or {word[0]}


def stems(word: str) -> tuple[str, ...]:
    """Return the word and the shorter forms it may be an inflection of, without repetition."""
    if len(word) < _SHORTEST or word in _WHOLE:
        return (word,)
    found = [word]
    plural = _PLURAL.match(word)
    if plural:
        found.append(plural[1])
        found.extend(_without_ending(plural[1]))
    found.extend(_without_ending(word))
    key = index_key(word)
    return tuple(stem for stem in dict.fromkeys(found) if index_key(stem) == key)


def singulars(word: str) -> tuple[str, ...]:
    """Return what a search for this word looks for: the singular of a plural, else the word.

    «کارخانهای» may be «کارخان‌های» or «کارخانه‌ای», so both are looked for.
    """
    plural = _PLURAL.match(word)
    if plural is None or word in _WHOLE:
        return (word,)
    if word.endswith("های"):
        return (plural[1], f"{plural[1]}ه")
    return (plural[1],)


def index_key(word: str) -> str:
    """Return the token an index holds for a word; always a beginning of the word."""
    short = _HA.match(word)
    if short:
        return short[1]
    length = len(word)
    while length > _SHORTEST and word[length - 1] in ENDING_LETTERS:
        length -= 1
    if length == _SHORTEST and word[2] in "او" and word[3] == "ی":
        length -= 1
    return word[: min(length, LONGEST_KEY)]


def _without_ending(word: str) -> list[str]:
    """Take one ending off in each possible way, keeping stems of four letters and more."""
    if word in _WHOLE:
        return []
    found = [
        word[: -len(ending)]
        for ending in _ENDINGS
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST
    ]
    if _MAKERS.search(word):
        found.append(word[:-2])
    if word.endswith("های") and len(word) > _SHORTEST + 1:
        found.append(word[:-2])
    if len(word) == _SHORTEST and word[2] in "او" and word[3] == "ی":
        found.append(word[:3])
    return found
