"""The words of the pages, as they stand in locale/fa.po and locale/en.po.

After a change of words run `python -m service.web.catalogues`: it adds what is new, untranslated,
and drops what nobody says, here and in the mails' catalogues.
"""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, Final

from alerts.catalogues import Language, Vocabulary
from alerts.phrases import MAILS
from service.web.choices import CHOICES
from storage.query_fault import Fault

_KEYWORDS: Final[dict[str, Any]] = {
    "say": None,
    "mark": None,
    "say_n": (1, 2),
    "say_as": ((1, "c"), 2),
    "UnknownRecordError": None,
    "UnreadableRecordError": None,
    "NotImportedError": None,
    "BadCursorError": None,
    "UnknownNameError": None,
    "BadSubscriptionError": None,
    "BadTokenError": None,
    "_bad": None,
    "wrong": None,
    "TooManyError": None,
    "NotAllowedError": None,
    "NotKnownError": None,
    "StaleFormError": None,
    "BadFormError": None,
    "ConflictError": None,
    "TooLargeError": None,
}

PAGES: Final = Vocabulary(
    folder=Path(__file__).parent / "locale",
    choices=CHOICES,
    places=("service/web", "service/rulebook.py", "service/taking_in.py", "storage", "alerts"),
    templates="**.html",
    keywords=_KEYWORDS,
    further=tuple(
        ("storage/query_fault.py", sentence)
        for fault in Fault
        for sentence in (fault.message, fault.hint)
    ),
)


@cache
def translations(language: Language) -> GNUTranslations:
    """Return a language's messages, ready to be looked up."""
    return PAGES.compiled(language)


if __name__ == "__main__":
    PAGES.renew()
    MAILS.renew()
