"""The words of pages and mails: every message in two languages, none stale, all said."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Final

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from alerts.catalogues import LANGUAGES, Language, Vocabulary
from alerts.phrases import MAILS, phrase_as
from service.web.catalogues import PAGES
from service.web.choices import CHOICES
from service.web.mishaps import HEADINGS, KINDS
from service.web.refusal import RefusedError
from service.web.words import Words
from storage.errors import UnknownRecordError
from storage.query_error import QueryError
from storage.query_fault import Fault
from tests.service.copied import utc_now

IN_BOTH: Final = pytest.mark.parametrize(
    "spoken", [pytest.param(PAGES, id="pages"), pytest.param(MAILS, id="mails")]
)
PERSIAN, ENGLISH = Words("fa"), Words("en")


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def messages(spoken: Vocabulary, language: Language) -> Iterator[Message]:
    return (one for one in spoken.read(language) if one.id)


def texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


@IN_BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_left_that_nobody_says(
    spoken: Vocabulary, language: Language
) -> None:
    said = {(one.context, one.id) for one in spoken.used(language) if one.id}
    kept = {(one.context, one.id): one for one in messages(spoken, language)}
    assert len(said) > 10
    assert said - kept.keys() == set(), "run `make words` and translate what is new"
    assert kept.keys() - said == set(), "run `make words` to drop what nobody says"
    assert [one.id for one in kept.values() if not all(texts(one.string))] == []
    assert [one.id for one in kept.values() if one.fuzzy] == []


@IN_BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_of_their_messages(
    spoken: Vocabulary, language: Language
) -> None:
    english = spoken.read("en")
    for one in messages(spoken, language):
        told = english.get(one.id, one.context)
        wanted = {name for text in texts(told.string if told else one.id) for name in places(text)}
        assert all(places(text) == wanted for text in texts(one.string)), one.id


@IN_BOTH
def test_persian_words_hold_no_english_sentence(spoken: Vocabulary) -> None:
    english = re.compile(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}")
    said = ((one.id, text) for one in messages(spoken, "fa") for text in texts(one.string))
    assert [name for name, text in said if english.search(text)] == []


@IN_BOTH
def test_persian_words_use_persian_letters(spoken: Vocabulary) -> None:
    said = ((one.id, "".join(texts(one.string))) for one in messages(spoken, "fa"))
    assert [name for name, text in said if re.search("[يك]", text)] == []


@IN_BOTH
def test_renewing_the_catalogues_changes_nothing_that_stands(
    spoken: Vocabulary, tmp_path: Path
) -> None:
    copied = replace(spoken, folder=tmp_path)
    for language in LANGUAGES:
        shutil.copy(spoken.file(language), tmp_path)
    copied.renew()
    for language in LANGUAGES:
        assert copied.file(language).read_bytes() == spoken.file(language).read_bytes()


def test_renewing_asks_for_what_is_new_and_drops_what_nobody_says(tmp_path: Path) -> None:
    speaking = tmp_path / "speaking"
    (speaking / "locale").mkdir(parents=True)
    told = Catalog(locale="fa")
    told.add("Good morning", "بامداد خوش")
    told.add("Good night", "شب خوش")
    for language in LANGUAGES:
        with (speaking / "locale" / f"{language}.po").open("wb") as file:
            write_po(file, told)
    spoken = replace(
        PAGES,
        folder=speaking / "locale",
        places=(),
        further=(("a", "Good morning"), ("a", "Hello")),
    )
    spoken.renew()
    kept = {one.id: one.string for one in messages(spoken, "fa") if one.context is None}
    assert kept == {"Good morning": "بامداد خوش", "Hello": ""}


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


@IN_BOTH
def test_there_is_a_catalogue_for_every_language(spoken: Vocabulary) -> None:
    assert {file.name for file in spoken.folder.iterdir()} == {f"{one}.po" for one in LANGUAGES}


@pytest.mark.parametrize("kind", MAILS.choices)
def test_every_choice_of_a_mail_is_said_in_words_of_the_language(kind: str) -> None:
    filled = {"outlet": "نذیر", "count": "۳"}
    for value in MAILS.choices[kind]:
        assert re.search("[آ-ی]", phrase_as(kind, value, "fa", **filled)), (kind, value)
        assert phrase_as(kind, value, "en", **filled) != value
