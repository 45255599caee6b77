"""Read, find and renew words in gettext catalogues: the one importer of Babel.

The ids are the English sentences as they stand in templates, code and errors; a closed choice (a
rhythm, a state …) has its kind as context and its value as id, so that an English catalogue holds
only those. Catalogues are compiled in memory when they are first read.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, Final, Literal

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

Language = Literal["fa", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fa", "en")

#: The history of the files is in the repository; a date would make every renewal a change.
_UNDATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_HOUSE: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What is said in one part of the house: the mails, or the pages.

    `folder` holds a catalogue for each language, `choices` are the closed choices by kind. The
    sentences stand in the code and the `templates` (a pattern) of `places`, where `keywords` say
    which argument of what is one: 1c is its context, two numbers are one and many. `further` are
    sentences that stand elsewhere, by file.
    """

    folder: Path
    choices: Mapping[str, Iterable[str]]
    places: tuple[str, ...]
    templates: str
    keywords: Mapping[str, Any]
    further: tuple[tuple[str, str], ...] = ()

    def file(self, language: Language) -> Path:
        """Return the file of a language."""
        return self.folder / f"{language}.po"

    def read(self, language: Language) -> Catalog:
        """Read the file of a language."""
        with self.file(language).open("rb") as file:
            return read_po(file, locale=language)

    def compiled(self, language: Language) -> GNUTranslations:
        """Return a language's messages, ready to be looked up."""
        machine = io.BytesIO()
        write_mo(machine, self.read(language))
        machine.seek(0)
        return GNUTranslations(machine)

    def used(self, language: Language) -> Catalog:
        """Return every message that can be said and needs words in a language."""
        catalogue = Catalog(locale=language, project="Rasad", fuzzy=False)
        for kind, values in self.choices.items():
            for value in values:
                catalogue.add(str(value), context=kind)
        if language != "en":
            for file, message, context in self._sentences():
                catalogue.add(message, context=context, locations=[(file, 0)])
        return catalogue

    def renew(self) -> None:
        """Put what is said today into the files, untranslated, and drop what nobody says."""
        for language in LANGUAGES:
            catalogue = self.read(language)
            catalogue.update(self.used(language), no_fuzzy_matching=True)
            catalogue.creation_date = catalogue.revision_date = _UNDATED
            with self.file(language).open("wb") as file:
                write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True)

    def _sentences(self) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
        """Yield every sentence in templates, code and elsewhere with its file and context."""
        for elsewhere, sentence in self.further:
            yield elsewhere, sentence, None
        methods = [(self.templates, "jinja2"), ("**.py", "python")]
        for spoken in self.places:
            place = _HOUSE / spoken
            folder = place if place.is_dir() else place.parent
            for name, _, message, _, context in extract_from_dir(
                folder, methods, keywords=self.keywords, strip_comment_tags=True
            ):
                file = folder / name
                if place.is_dir() or file == place:
                    yield file.relative_to(_HOUSE).as_posix(), message, context
