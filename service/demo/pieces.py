"""What stands on a page: a story as one outlet tells it, in its own spelling, at a given act."""

import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from service.demo.cast import Member, Trouble
from service.demo.spelling import HABITS, ZWNJ
from service.demo.stories import Edit, Story, Telling

FIRST_NUMBER: Final = 1_000_000
AHEAD: Final = timedelta(days=1)  # how far an outlet's clock is ahead of ours when it is
NUMBERS: Final = 9_000_000  # article numbers are seven digits long, and rarely the same
SENTENCE_ENDS: Final = ".؟!»"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article as printed by one outlet; the original has no `original_outlet_id`."""

    outlet_id: str
    story_id: str
    original_outlet_id: str | None
    number: int
    slug: str
    title: str
    kicker: str
    lead: str
    paragraphs: tuple[str, ...]
    closing: str
    byline: str
    section: str
    tags: tuple[str, ...]
    language: str
    published_at: datetime
    modified_at: datetime
    is_revised: bool = False

    @property
    def body(self) -> str:
        """The body as one text."""
        return "\n".join(self.paragraphs)


def pieces_at(
    stories: tuple[Story, ...], cast: tuple[Member, ...], *, act: int, now: datetime
) -> tuple[Piece, ...]:
    """Return everything the press shows at an act, newest first."""
    members = {member.id: member for member in cast}
    shown = [
        _piece(story, telling, members, act=act, now=now)
        for story in stories
        for telling in story.tellings
        if telling.act <= act and telling.outlet_id in members
    ]
    return tuple(sorted(shown, key=lambda piece: (piece.published_at, piece.number), reverse=True))


def _piece(
    story: Story, telling: Telling, members: dict[str, Member], *, act: int, now: datetime
) -> Piece:
    member, origin = members[telling.outlet_id], members[story.tellings[0].outlet_id]
    told = apply(telling.edit, _plain(story, telling, member, now))
    slug = slug_of(told.title)
    if act > 1 and telling.then is not None:
        told = apply(telling.then, told)
        told = replace(told, modified_at=now - telling.then_before_now, is_revised=True)
    if origin.id != member.id:
        told = replace(told, original_outlet_id=origin.id)
    return spell(name_outlets(replace(told, slug=slug), member, origin), member)


def _plain(story: Story, telling: Telling, member: Member, now: datetime) -> Piece:
    ahead = AHEAD if member.trouble is Trouble.CLOCK_AHEAD else timedelta()
    published_at = (now - telling.before_now + ahead).replace(second=0, microsecond=0)
    return Piece(
        outlet_id=member.id,
        story_id=story.id,
        original_outlet_id=None,
        number=number_of(member.group or member.id, story.id),
        slug="",
        title=story.title,
        kicker=story.kicker,
        lead=story.lead,
        paragraphs=story.paragraphs,
        closing=member.tail,
        byline=story.byline,
        section=story.section,
        tags=story.tags,
        language=story.language,
        published_at=published_at,
        modified_at=published_at,
    )


def apply(edit: Edit, piece: Piece) -> Piece:
    """Return a piece with one edit done to it."""
    paragraphs = shorten(piece.paragraphs, edit.keep)
    if edit.opening is not None:
        paragraphs = (edit.opening + paragraphs[0], *paragraphs[1:])
    paragraphs = tuple(swap(paragraph, edit) for paragraph in paragraphs) + edit.append
    if edit.in_one_paragraph:
        paragraphs = (" ".join(paragraphs),)
    return replace(
        piece,
        title=swap(piece.title if edit.title is None else edit.title, edit),
        kicker=piece.kicker if edit.kicker is None else edit.kicker,
        lead=swap(piece.lead, edit) if edit.lead is None else edit.lead,
        closing=piece.closing if edit.closing is None else edit.closing,
        byline=piece.byline if edit.byline is None else edit.byline,
        paragraphs=paragraphs,
    )


def swap(text: str, edit: Edit) -> str:
    """Replace the words that an edit replaces."""
    for old, new in edit.swap.items():
        text = text.replace(old, new)
    return text


def shorten(paragraphs: tuple[str, ...], keep: float) -> tuple[str, ...]:
    """Keep about the first `keep` share of a text, cut at the end of a sentence."""
    if keep >= 1:
        return paragraphs
    room = int(sum(len(paragraph) for paragraph in paragraphs) * keep)
    kept: list[str] = []
    for paragraph in paragraphs:
        if room <= 0:
            break
        kept.append(paragraph if len(paragraph) <= room else first_sentences(paragraph, room))
        room -= len(paragraph)
    return tuple(kept)


def first_sentences(paragraph: str, room: int) -> str:
    """Return whole sentences of about `room` letters, at least one."""
    end = next((at for at in range(room, len(paragraph)) if paragraph[at] in SENTENCE_ENDS), None)
    return paragraph if end is None else paragraph[: end + 1]


def name_outlets(piece: Piece, member: Member, origin: Member) -> Piece:
    """Put the teller's and the original's names where the text leaves room for them."""

    def named(text: str) -> str:
        return text.replace("{own}", member.name).replace("{origin}", origin.name)

    return replace(
        piece,
        lead=named(piece.lead),
        closing=named(piece.closing),
        paragraphs=tuple(named(paragraph) for paragraph in piece.paragraphs),
    )


def spell(piece: Piece, member: Member) -> Piece:
    """Print a piece in its newsroom's spelling."""
    habit = HABITS[member.habit]
    return replace(
        piece,
        title=habit.headline(piece.title),
        kicker=habit.headline(piece.kicker),
        lead=habit.text(piece.lead),
        paragraphs=tuple(habit.text(paragraph) for paragraph in piece.paragraphs),
        tags=tuple(habit.text(tag) for tag in piece.tags),
        section=habit.text(piece.section),
        byline=habit.text(piece.byline),
    )


def number_of(owner: str, story_id: str) -> int:
    """Return the article number a story gets, the same in every run; twins share theirs."""
    return FIRST_NUMBER + zlib.crc32(f"{owner}/{story_id}".encode()) % NUMBERS


def slug_of(title: str) -> str:
    """Make the last part of an address of a headline: words with hyphens, half-spaces lost."""
    letters = (mark if mark.isalnum() else " " for mark in title.replace(ZWNJ, ""))
    return "-".join("".join(letters).split())
