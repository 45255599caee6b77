"""The words of the pages: each in two languages, none missing, none that nobody says."""

import re
from pathlib import Path
from string import Formatter

import pytest

from crawler.diagnosis import Health
from crawler.outlets import Role
from service.web.phrases import PHRASES, about, brief, clock, phrase, told
from service.web.refusal import RefusedError
from storage.change_kind import ChangeKind
from storage.delivery import DeliveryState
from storage.evidence import Ground
from storage.relations import Relation
from storage.storyline import Happening
from storage.subscription import Rhythm, SubscriptionState
from tests.service.copied import utc_now

TEMPLATES = Path(phrase.__code__.co_filename).parent / "templates"
SAID = re.compile(r"say\('([^']+)'")


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_numbers_to_fill_in() -> None:
    assert [name for name, (fa, en) in PHRASES.items() if fields(fa) != fields(en)] == []
    assert [name for name, row in PHRASES.items() if not all(row)] == []


def test_every_phrase_a_template_says_is_there() -> None:
    said = {
        (file.name, name)
        for file in TEMPLATES.glob("*.html")
        for name in SAID.findall(file.read_text("utf-8"))
    }
    assert len(said) > 150
    missing = {one for one in said if one[1] not in PHRASES and not one[1].endswith(".")}
    assert missing == set()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("relation", Relation),
        ("change", ChangeKind),
        ("happening", Happening),
        ("state", DeliveryState),
        ("ground", Ground),
        ("role", Role),
        ("rhythm", Rhythm),
        ("subscription", SubscriptionState),
        ("health", Health),
    ],
)
def test_every_value_a_page_can_meet_has_its_word(kind: str, values: list[str]) -> None:
    assert [one for one in values if f"{kind}.{one}" not in PHRASES] == []


def test_every_refusal_has_a_title() -> None:
    kinds = [RefusedError, *RefusedError.__subclasses__()]
    assert [kind for kind in kinds if kind.title not in PHRASES] == []


def test_what_nobody_translated_is_said_as_it_is() -> None:
    assert phrase("fa", "state.unheard") == "unheard"
    assert told("fa", "because", "some other reason") == "some other reason"
    assert told("en", "because", "the earliest trusted time") == "the earliest trusted time"
    assert about("fa", "mine", "مس") == "مس"


def test_an_instant_can_be_told_in_few_letters() -> None:
    now = utc_now()
    assert brief("en", now) == clock("en", now)
    assert len(brief("fa", now)) < len(clock("fa", now))
    assert clock("fa", None) == "—"
