"""Read, check and renew the gettext catalogues of the pages' words: locale/fa.po and locale/en.po.

The ids are the English sentences as they stand in templates, code and errors; a closed choice (a
relation, a state …) has its kind as context and its value as id, so that en.po holds only those.
Catalogues are compiled in memory when the pages start. After a change of words run
`python -m service.web.catalogues`: it adds what is new, untranslated, and drops what nobody says.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, Final, Literal

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from service.web.choices import CHOICES
from storage.query_fault import Fault

Language = Literal["fa", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fa", "en")

LOCALE: Final = Path(__file__).parent / "locale"
#: The history of the files is in the repository; a date would make every renewal a change.
_UNDATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_HOUSE: Final = Path(__file__).parents[2]

#: Which argument of what is a message: 1c is its context, two numbers are one and many.
KEYWORDS: Final[dict[str, Any]] = {
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
_SPOKEN: Final = ("service/web", "service/rulebook.py", "service/taking_in.py", "storage", "alerts")


def catalogue_file(language: Language) -> Path:
    """Return the file of a language."""
    return LOCALE / f"{language}.po"


def read_catalogue(language: Language) -> Catalog:
    """Read the file of a language."""
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def translations(language: Language) -> GNUTranslations:
    """Return a language's messages, ready to be looked up."""
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def used_messages(language: Language) -> Catalog:
    """Return every message the pages can say that needs words in a language."""
    catalogue = Catalog(locale=language, project="Rasad", fuzzy=False)
    for kind, values in CHOICES.items():
        for value in values:
            catalogue.add(str(value), context=kind)
    if language != "en":
        for file, message, context in _sentences():
            catalogue.add(message, context=context, locations=[(file, 0)])
    return catalogue


def _sentences() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Yield every sentence in templates, code and errors with its file and context."""
    for fault in Fault:
        for sentence in (fault.message, fault.hint):
            yield "storage/query_fault.py", sentence, None
    methods = [("**.html", "jinja2"), ("**.py", "python")]
    for spoken in _SPOKEN:
        place = _HOUSE / spoken
        folder = place if place.is_dir() else place.parent
        for name, _, message, _, context in extract_from_dir(
            folder, methods, keywords=KEYWORDS, strip_comment_tags=True
        ):
            file = folder / name
            if place.is_dir() or file == place:
                yield file.relative_to(_HOUSE).as_posix(), message, context


def renew(language: Language) -> None:
    """Write a language's file anew with what is said today, keeping its translations."""
    catalogue = read_catalogue(language)
    catalogue.update(used_messages(language), no_fuzzy_matching=True)
    catalogue.creation_date = catalogue.revision_date = _UNDATED
    with catalogue_file(language).open("wb") as file:
        write_po(
            file,
            catalogue,
            width=100,
            include_lineno=False,
            ignore_obsolete=True,
            omit_header=False,
            sort_output=False,
        )


if __name__ == "__main__":
    for one in LANGUAGES:
        renew(one)
