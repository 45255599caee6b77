"""The words around the news in messages; what an outlet wrote is never translated.

They stand in locale/fa.po and locale/en.po; `make words` puts there what is said today.
"""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

from alerts.catalogues import Vocabulary
from alerts.message import ChangeKind, DisableCause, OutletCondition
from storage.subscription import Rhythm

MAILS: Final = Vocabulary(
    folder=Path(__file__).parent / "locale",
    choices={
        "change": ChangeKind,
        "digest": Rhythm,
        "condition": OutletCondition,
        "cause": DisableCause,
    },
    places=("alerts",),
    templates="**.j2",
    keywords={"say": None, "_say": None, "phrase": None, "phrase_n": (1, 2)},
)


def phrase(message: str, language: str, **values: object) -> str:
    """Say a message in a language, with its values filled in."""
    return _words(language).gettext(message).format(**values)


def phrase_n(one: str, many: str, n: int, language: str, **values: object) -> str:
    """Say a message about n things in a language."""
    return _words(language).ngettext(one, many, n).format(**values)


def phrase_as(kind: str, value: str, language: str, **values: object) -> str:
    """Say a value of a closed choice in a language."""
    return _words(language).pgettext(kind, value).format(**values)


@cache
def _words(language: str) -> GNUTranslations:
    return MAILS.compiled("en" if language == "en" else "fa")
