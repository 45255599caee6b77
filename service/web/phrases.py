"""The words of the pages in Persian and English, and how numbers and times are told in each.

They stand in wording/*.toml, one row a phrase: its name in the templates = [Persian, English].
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from persian.calendar import TEHRAN, JalaliStyle, format_jalali
from persian.digits import to_persian_digits

Language = Literal["fa", "en"]

WORDING: Final = Path(__file__).parent / "wording"


def _load() -> dict[str, tuple[str, str]]:
    """Read every file of the wording; a name stands in one of them only."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(WORDING.glob("*.toml")):
        for name, (persian, english) in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{file}: {name!r} stands in another file already")
            found[name] = (persian, english)
    return found


PHRASES: Final[Mapping[str, tuple[str, str]]] = _load()


def phrase(language: Language, name: str, **values: object) -> str:
    """Return a phrase in a language, its numbers in that language's digits.

    A name nobody knows is returned as it is: a new state of an enum must not break a page.
    """
    row = PHRASES.get(name)
    if row is None:
        return name.rpartition(".")[2]
    return row[0 if language == "fa" else 1].format(
        **{key: number(language, value) for key, value in values.items()}
    )


def number(language: Language, value: object) -> str:
    """Write a number in the language's digits."""
    return to_persian_digits(str(value)) if language == "fa" else str(value)


def clock(language: Language, at: datetime | None) -> str:
    """Write an instant as Tehran reads it: the Jalali date in Persian, the ISO date in English."""
    if at is None:
        return "—"
    if language == "fa":
        return format_jalali(at, JalaliStyle.LONG_TIME)
    return f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"


def brief(language: Language, at: datetime) -> str:
    """Write an instant in few letters, for tables: ۱۴۰۵/۰۹/۰۲ ۱۰:۱۴."""
    if language == "fa":
        return format_jalali(at, JalaliStyle.NUMERIC_TIME)
    return clock(language, at)


def told(language: Language, kind: str, sentence: str) -> str:
    """Return one of the machine's own English sentences in a language; others as they are."""
    row = PHRASES.get(f"{kind}.{sentence}")
    return row[0] if row and language == "fa" else sentence


def about(language: Language, rule_id: str, text: str) -> str:
    """Return what a shipped topic is about in a language; any other rule's text as it is."""
    row = PHRASES.get(f"about.{rule_id}")
    return row[0 if language == "fa" else 1] if row else text
