"""The short messages: a title, a few paragraphs, at most one thing to do."""

from dataclasses import dataclass
from typing import assert_never

from alerts.message import (
    Alert,
    Confirmation,
    Content,
    Correction,
    Digest,
    Notice,
    OutletHealth,
    Ping,
)
from alerts.phrases import phrase, phrase_as
from alerts.tidy import one_line
from alerts.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A short message; `action_url` is the one thing to do, if there is one."""

    title: str
    paragraphs: tuple[str, ...] = ()
    action: str = ""
    action_url: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How a person may confirm: by a link, and in a chat by a code as well."""

    url: str | None = None
    code: str | None = None


def note_of(content: Content, language: str, *, asked: Asked | None = None) -> Note:
    """Put a content other than a story or a digest into a short message."""
    wording = Wording(language)
    match content:
        case Correction():
            return Note(
                title=one_line(content.headline, 200),
                paragraphs=(wording.correction_line(content),),
            )
        case OutletHealth():
            return _health(content, wording, language)
        case Ping():
            title = phrase("A test message from Rasad", language)
            return Note(title=title, paragraphs=(content.note,))
        case Confirmation():
            return _confirmation(content, wording, language, asked or Asked())
        case Notice():
            return _notice(content, wording, language)
        case Alert() | Digest():
            raise ValueError("a story and a digest have templates of their own")
        case _:
            assert_never(content)


def _health(health: OutletHealth, wording: Wording, language: str) -> Note:
    title = phrase_as("condition", health.condition, language, outlet=wording.name(health.outlet))
    since = phrase("Since {time}", language, time=wording.when(health.since_at))
    return Note(title=title, paragraphs=(one_line(health.detail.told(language), 600), since))


def _confirmation(content: Confirmation, wording: Wording, language: str, asked: Asked) -> Note:
    rules = "، ".join(wording.name(name) for name in content.rules)
    text = phrase(
        "Somebody, perhaps you, asked for news on “{rules}” at this address. "
        "Confirm if it was you; if not, do nothing and nothing will come.",
        language,
        rules=rules or phrase("Rasad", language),
    )
    code = (phrase("The code to confirm: {code}", language, code=asked.code),) if asked.code else ()
    return Note(
        title=phrase("Confirm your subscription", language),
        paragraphs=(text, *code),
        action=phrase("Confirm", language),
        action_url=asked.url,
    )


def _notice(notice: Notice, wording: Wording, language: str) -> Note:
    why = phrase_as("cause", notice.cause, language, count=wording.number(notice.count))
    endpoint = one_line(notice.endpoint, 200)
    text = phrase(
        "Nothing more is sent to {endpoint}, because {why}. "
        "Once it is mended, enable it again on the subscription's page.",
        language,
        endpoint=endpoint,
        why=why,
    )
    since = phrase("Since {time}", language, time=wording.when(notice.since_at))
    answer = phrase("Its last answer: {answer}", language, answer=one_line(notice.answer, 400))
    title = phrase("Your endpoint was disabled", language)
    return Note(title=title, paragraphs=(text, since, answer))
