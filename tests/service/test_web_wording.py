"""The words of the pages: every message in two languages, none stale, none that nobody says."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import write_po

from service.web import catalogues
from service.web.catalogues import LANGUAGES, Language, read_catalogue, used_messages
from service.web.choices import CHOICES
from service.web.mishaps import HEADINGS, KINDS
from service.web.refusal import RefusedError
from service.web.words import Words
from storage.errors import UnknownRecordError
from storage.query_error import QueryError
from storage.query_fault import Fault
from tests.service.copied import utc_now

PERSIAN, ENGLISH = Words("fa"), Words("en")


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def messages(language: Language) -> Iterator[Message]:
    return (one for one in read_catalogue(language) if one.id)


def texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_left_that_nobody_says(language: Language) -> None:
    said = {(one.context, one.id) for one in used_messages(language) if one.id}
    kept = {(one.context, one.id): one for one in messages(language)}
    assert len(said) > 100
    assert said - kept.keys() == set(), "run `make words` and translate what is new"
    assert kept.keys() - said == set(), "run `make words` to drop what nobody says"
    assert [one.id for one in kept.values() if not all(texts(one.string))] == []
    assert [one.id for one in kept.values() if one.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_of_their_messages(language: Language) -> None:
    for one in messages(language):
        wanted = {name for text in texts(one.id) for name in places(text)}
        assert all(places(text) == wanted for text in texts(one.string)), one.id


def test_persian_words_hold_no_english_sentence() -> None:
    english = re.compile(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}")
    found = [one.id for one in messages("fa") for text in texts(one.string) if english.search(text)]
    assert found == []


def test_persian_words_use_persian_letters() -> None:
    assert [one.id for one in messages("fa") if re.search("[يك]", "".join(texts(one.string)))] == []


def test_renewing_the_catalogues_changes_nothing_that_stands(tmp_path: Path) -> None:
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        catalogue.update(used_messages(language), no_fuzzy_matching=True)
        renewed = tmp_path / f"{language}.po"
        with renewed.open("wb") as file:
            write_po(file, catalogue, ignore_obsolete=True)
        assert catalogue.obsolete == {}
        assert renewed.read_text("utf-8").count('msgstr ""\n\n') == 0


def test_every_refusal_has_a_heading() -> None:
    kinds = {one.title for one in [RefusedError, *RefusedError.__subclasses__()]}
    kinds |= {title for _, _, title in KINDS}
    assert kinds <= HEADINGS.keys()


def test_every_choice_is_said_in_words_of_the_language() -> None:
    for kind, values in CHOICES.items():
        for value in values:
            said = PERSIAN.say_as(kind, str(value))
            assert re.search("[آ-ی]", said), (kind, value)


def test_every_fault_of_a_query_is_said_in_persian_with_what_was_typed() -> None:
    for fault in Fault:
        names = places(fault.message) | places(fault.hint)
        error = QueryError(fault, position=0, text="", **{str(one): "مس1" for one in names})
        for english, persian in zip(fault.value, PERSIAN.tell_query(error), strict=True):
            assert ("مس1" in persian) == bool(places(english)), fault
            assert re.search("[آ-ی]{2}", persian.replace("مس1", "")), fault


def test_an_error_without_words_is_not_told_in_another_language() -> None:
    strange = UnknownRecordError("something nobody ever translated")
    assert PERSIAN.tell(strange) == ""
    assert ENGLISH.tell(strange) == "something nobody ever translated"
    assert PERSIAN.tell(UnknownRecordError("")) == ""


def test_what_nobody_translated_is_said_as_it_is() -> None:
    assert PERSIAN.say_as("state", "unheard") == "unheard"
    assert PERSIAN.say_as("because", "some other reason") == "some other reason"
    assert ENGLISH.say_as("because", "the earliest trusted time") == "the earliest trusted time"


def test_one_and_many_differ_where_the_language_does() -> None:
    def articles(words: Words, n: int) -> str:
        return words.say_n("{n} article", "{n} articles", n)

    assert [articles(ENGLISH, n) for n in (1, 2)] == ["1 article", "2 articles"]
    assert [articles(PERSIAN, n) for n in (1, 12)] == ["۱ مطلب", "۱۲ مطلب"]


def test_numbers_are_written_in_the_digits_of_the_language() -> None:
    assert PERSIAN.number(12.5) == "۱۲٫۵"
    assert PERSIAN.number("1404/03") == "۱۴۰۴/۰۳"
    assert ENGLISH.number(12.5) == "12.5"


def test_an_instant_can_be_told_in_few_letters() -> None:
    now = utc_now()
    assert ENGLISH.brief(now) == ENGLISH.clock(now)
    assert len(PERSIAN.brief(now)) < len(PERSIAN.clock(now))
    assert PERSIAN.clock(None) == "—"


def test_the_catalogues_stand_beside_the_pages() -> None:
    assert {file.name for file in catalogues.LOCALE.iterdir()} == {"fa.po", "en.po"}
