"""Gather one day's bulletin: its stories under the topic they fired most for, the widest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from persian.calendar import JalaliDate
from service.house import House
from service.web import views
from service.web.views import DayView, StoryView

#: Stories of no topic that a bulletin still carries, the most widely run.
OTHERS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The stories of one topic; None for those of no topic."""

    rule_id: str | None
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One day's bulletin. `outlets` is how many ran something that day."""

    day: DayView
    chapters: tuple[Chapter, ...]
    outlets: int
    left_out: int


def compose(house: House, day: JalaliDate | None, wanted: Sequence[str] = ()) -> Bulletin:
    """Compose a day's bulletin, of all topics or of the wanted ones; a story stands once."""
    view = views.day(house, day)
    groups: dict[str | None, list[StoryView]] = {}
    for story in view.stories:
        groups.setdefault(_strongest(story, wanted), []).append(story)
    others = sorted(groups.pop(None, []), key=_weight)
    named = sorted(groups.items(), key=lambda one: (-len(one[1]), str(one[0])))
    chapters = [
        Chapter(rule_id=rule_id, stories=tuple(sorted(stories, key=_weight)))
        for rule_id, stories in named
    ]
    shown = () if wanted else tuple(others[:OTHERS])
    if shown:
        chapters.append(Chapter(rule_id=None, stories=shown))
    return Bulletin(
        day=view,
        chapters=tuple(chapters),
        outlets=len({one.outlet_id for story in view.stories for one in story.tellers}),
        left_out=len(others) - len(shown),
    )


def _strongest(story: StoryView, wanted: Sequence[str]) -> str | None:
    fired = [one for one in story.topics if not wanted or one.rule_id in wanted]
    best = max(fired, key=lambda one: (one.score, one.rule_id), default=None)
    return best.rule_id if best else None


def _weight(story: StoryView) -> tuple[int, float]:
    return -story.outlets, -story.original.at.timestamp()
