"""What happened and who tells it: our own stories, read from stories/*.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

STORIES: Final = Path(__file__).with_name("stories")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """How a telling departs from the story's own words; `None` and empty leave them as they are.

    `opening` goes before the first paragraph, `closing` after the last one; in both and in the text
    `{own}` is the teller's name and `{origin}` the original outlet's. `swap` replaces words, `keep`
    is the share of the text that a truncated copy keeps, `append` adds paragraphs.
    """

    title: str | None = None
    kicker: str | None = None
    lead: str | None = None
    opening: str | None = None
    closing: str | None = None
    byline: str | None = None
    swap: Mapping[str, str] = field(default_factory=dict)
    keep: float = 1.0
    append: tuple[str, ...] = ()
    in_one_paragraph: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One outlet's telling of a story, published `before_now`.

    `act` 2 appears only after the press advanced; `then` is what act 2 makes of a page of act 1,
    `then_before_now` when it was changed.
    """

    outlet_id: str
    before_now: timedelta
    edit: Edit = field(default_factory=Edit)
    act: int = 1
    then: Edit | None = None
    then_before_now: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story in its original words; the first of `tellings` is the original.

    `topics` are the shipped topics that must fire. `same_event_as` names a story told independently
    about the same event, `template_of` one that shares its form and differs in its figures: neither
    may ever be merged with the other.
    """

    id: str
    section: str
    title: str
    paragraphs: tuple[str, ...]
    tellings: tuple[Telling, ...]
    kicker: str = ""
    lead: str = ""
    byline: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    language: str = "fa"
    same_event_as: str | None = None
    template_of: str | None = None


def load_stories(folder: Path = STORIES) -> tuple[Story, ...]:
    """Read every story of a folder, in the order of the files' names."""
    return tuple(
        _story(table)
        for file in sorted(folder.glob("*.toml"))
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["story"]
    )


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Split a text at its empty lines; a line break inside a paragraph is a space."""
    return tuple(" ".join(part.split("\n")).strip() for part in text.strip().split("\n\n"))


def _story(table: dict[str, Any]) -> Story:
    body = table.pop("body")
    told = table.pop("told")
    tags, topics = tuple(table.pop("tags", ())), tuple(table.pop("topics", ()))
    return Story(
        **table,
        tags=tags,
        topics=topics,
        paragraphs=paragraphs_of(body),
        tellings=tuple(_telling(each) for each in told),
    )


def _telling(table: dict[str, Any]) -> Telling:
    then = table.pop("then", None)
    outlet_id = table.pop("outlet")
    act = table.pop("act", 1)
    before_now = timedelta(minutes=table.pop("minutes_ago"))
    then_before_now = timedelta(minutes=then.pop("minutes_ago", 0)) if then else timedelta()
    return Telling(
        outlet_id=outlet_id,
        before_now=before_now,
        act=act,
        edit=_edit(table),
        then=_edit(then) if then is not None else None,
        then_before_now=then_before_now,
    )


def _edit(table: dict[str, Any]) -> Edit:
    append = tuple(table.pop("append", ()))
    return Edit(**table, append=append)
