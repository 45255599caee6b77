"""Render what is told into a subject, plain text and HTML, in Persian or English."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from secrets import token_hex
from typing import Any, Final, assert_never

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape

from alerts.bidi import direction, isolate_html, isolate_text
from alerts.message import (
    Alert,
    ChangeKind,
    Confirmation,
    Content,
    Correction,
    Digest,
    Notice,
    OutletHealth,
    Ping,
)
from alerts.notes import Asked, Note, note_of
from alerts.phrases import phrase, phrase_as
from alerts.tidy import one_line, web_url
from alerts.wording import Wording

_HEADLINE: Final = 160  # characters of a headline in a subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message says beside its content: to which subscription, and the links back.

    `waiting` counts the stories that the subscription's cap holds back for its next digest,
    `feedback_url` makes the link by which a reader says that a story was not relevant.
    """

    language: str = "fa"
    name: str = ""
    manage_url: str | None = None
    unsubscribe_url: str | None = None
    confirm_url: str | None = None
    confirm_code: str | None = None
    feedback_url: Callable[[int], str] | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message in words."""

    subject: str
    text: str
    html: str


_OWN: Final = ("manage_url", "unsubscribe_url", "confirm_url", "confirm_code")

#: What stands for what is a subscriber's own in a shared rendering; no article can guess it.
_MARK: Final = token_hex(8)
_FEEDBACK: Final = re.compile(rf"https://{_MARK}\.invalid/feedback/([0-9]+)")
_SHARED: Final = 128


def render(content: Content, envelope: Envelope) -> Rendered:
    """Render a content for one subscription; the same input gives the same bytes.

    A thousand readers of a story share its rendering; only what is their own is put in last.
    """
    rendered = _shared(
        content,
        replace(
            envelope,
            manage_url=envelope.manage_url and _placeholder("manage_url"),
            unsubscribe_url=envelope.unsubscribe_url and _placeholder("unsubscribe_url"),
            confirm_url=envelope.confirm_url and _placeholder("confirm_url"),
            confirm_code=envelope.confirm_code and _placeholder("confirm_code"),
            feedback_url=envelope.feedback_url and _feedback_placeholder,
        ),
    )
    text, html = rendered.text, rendered.html
    for name in _OWN:
        url = getattr(envelope, name) or ""
        text = text.replace(_placeholder(name), url)
        html = html.replace(_placeholder(name), str(escape(url)))
    if envelope.feedback_url is not None:
        own = envelope.feedback_url
        text = _FEEDBACK.sub(lambda found: own(int(found[1])), text)
        html = _FEEDBACK.sub(lambda found: str(escape(own(int(found[1])))), html)
    return Rendered(subject=rendered.subject, text=text, html=html)


def _placeholder(name: str) -> str:
    return f"https://{_MARK}.invalid/{name}"


def _feedback_placeholder(story_id: int) -> str:
    return _placeholder(f"feedback/{story_id}")


@lru_cache(maxsize=_SHARED)
def _shared(content: Content, envelope: Envelope) -> Rendered:
    subject = one_line(_subject(content, envelope.language))
    values = _values(content, envelope) | {"subject": subject}
    template = _template(content)
    return Rendered(
        subject=subject,
        text=_tidy_lines(
            _environment(html=False).get_template(f"{template}.txt.j2").render(values)
        ),
        html=_environment(html=True).get_template(f"{template}.html.j2").render(values),
    )


def _template(content: Content) -> str:
    match content:
        case Alert():
            return "alert"
        case Digest():
            return "digest"
        case Correction() | OutletHealth() | Ping() | Confirmation() | Notice():
            return "note"
        case _:
            assert_never(content)


def _subject(content: Content, language: str) -> str:
    wording = Wording(language)
    match content:
        case Alert():
            return _story_subject(content, wording)
        case Digest():
            day = wording.day(content.until_at)
            if content.corrections and not content.stories:
                return f"{phrase('Corrections', language)} {day}"
            count = wording.stories(content.stories)
            return f"{phrase_as('digest', content.rhythm, language)} {day}: {count}"
        case _:
            return note_of(content, language).title


def _story_subject(alert: Alert, wording: Wording) -> str:
    """Name topics and headline; an update answers under the subject that was told.

    Large mail providers keep a conversation together only while its subject stays the same.
    """
    told, change = alert.headline, alert.change
    if change is not None and change.kind is not ChangeKind.FIGURES and change.before:
        told = change.before
    subject = f"{wording.topics(alert)} | {one_line(told, _HEADLINE)}"
    return subject if change is None else f"Re: {subject}"


def _values(content: Content, envelope: Envelope) -> dict[str, Any]:
    language = envelope.language
    wording = Wording(language)
    note: Note | None = None
    if not isinstance(content, Alert | Digest):
        note = note_of(content, language, asked=Asked(envelope.confirm_url, envelope.confirm_code))
    return wording.functions() | {
        "content": content,
        "note": note,
        "envelope": envelope,
        "language": language,
        "dir": "ltr" if language == "en" else "rtl",
        "say": partial(phrase, language=language),
        "say_as": partial(phrase_as, language=language),
    }


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        autoescape=html,  # noqa: S701 - off for the plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "direction": direction,
        "bidi": isolate_html,
        "isolate": isolate_text,
        "line": one_line,
        "web": web_url,
    }
    return environment


def _tidy_lines(text: str) -> str:
    """Leave at most one empty line between two, and none at the ends."""
    tidied: list[str] = []
    for line in (one.rstrip() for one in text.splitlines()):
        if line or (tidied and tidied[-1]):
            tidied.append("-- " if line == "--" else line)  # RFC 3676 §4.3, the signature mark
    return "\n".join(tidied).strip("\n") + "\n"
