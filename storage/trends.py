"""Count the archive over time: articles by day and outlet, topics by day, who is first, who copies.

Counting by day asks the index once for each day, so it costs what those days hold and follows
Tehran's clock whatever the database thinks of time zones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, func, select

from storage.members import Member, members_of_all
from storage.originals import in_order_of_time, strongest_source
from storage.relations import COPIES
from storage.schema.articles import articles
from storage.schema.rules import matches
from storage.schema.stories import stories, story_members
from storage.storyline import Story, stories_by_id

#: Stories that are looked through for who copies whom, the newest first.
MOST_STORIES: Final = 2_000
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many articles of each outlet came out in [start_at, end_at)."""

    start_at: datetime
    end_at: datetime
    by_outlet: Mapping[str, int]

    @property
    def total(self) -> int:
        """All outlets together."""
        return sum(self.by_outlet.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts:
    """One outlet's stories that others ran too: how many were its own, how many it took over."""

    outlet_id: str
    originals: int
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """Who is first and who copies whom, over the stories that at least two outlets ran.

    `taken` counts by (who copied, from whom): the outlet a text names, else the one whose text it
    resembles most, else the original's. `is_partial` when there were more than `MOST_STORIES`.
    """

    firsts: tuple[Firsts, ...]
    taken: Mapping[tuple[str, str], int]
    stories: int
    is_partial: bool


def volume(
    connection: Connection, days: Sequence[tuple[datetime, datetime]]
) -> tuple[DayCount, ...]:
    """Count the articles of each period by outlet."""
    return tuple(_day(connection, start_at, end_at) for start_at, end_at in days)


def topic_volume(connection: Connection, start_at: datetime, end_at: datetime) -> dict[str, int]:
    """Count the stories of a time that each topic or rule fired for, by its id."""
    rows = connection.execute(
        select(matches.c.rule_id, func.count())
        .join(articles, articles.c.id == matches.c.article_id)
        .where(articles.c.sort_at >= start_at, articles.c.sort_at < end_at)
        .group_by(matches.c.rule_id)
    )
    return {row[0]: row[1] for row in rows}


def copying(connection: Connection, start_at: datetime, end_at: datetime) -> Copying:
    """Count who had the stories of a time first, and who took them from whom."""
    ids = _shared_stories(connection, start_at, end_at)
    originals: Counter[str] = Counter()
    copies: Counter[str] = Counter()
    taken: Counter[tuple[str, str]] = Counter()
    for story, members in _told(connection, ids[:MOST_STORIES]):
        for member, source in _sources(story, members):
            if source is None:
                originals[member.outlet_id] += 1
            elif source != member.outlet_id:
                copies[member.outlet_id] += 1
                taken[member.outlet_id, source] += 1
    found = [
        Firsts(outlet_id=one, originals=originals[one], copies=copies[one])
        for one in originals.keys() | copies.keys()
    ]
    return Copying(
        firsts=tuple(sorted(found, key=lambda one: (-one.originals, one.copies, one.outlet_id))),
        taken=taken,
        stories=len(ids[:MOST_STORIES]),
        is_partial=len(ids) > MOST_STORIES,
    )


def _day(connection: Connection, start_at: datetime, end_at: datetime) -> DayCount:
    rows = connection.execute(
        select(articles.c.outlet_id, func.count())
        .where(articles.c.sort_at >= start_at, articles.c.sort_at < end_at)
        .group_by(articles.c.outlet_id)
    )
    by_outlet = {row[0]: row[1] for row in rows}
    return DayCount(start_at=start_at, end_at=end_at, by_outlet=by_outlet)


def _shared_stories(connection: Connection, start_at: datetime, end_at: datetime) -> list[int]:
    """Return the stories of a time that two outlets ran, the newest first, one more than needed."""
    return list(
        connection.scalars(
            select(stories.c.id)
            .join(articles, articles.c.id == stories.c.original_article_id)
            .join(story_members, story_members.c.story_id == stories.c.id)
            .where(articles.c.sort_at >= start_at, articles.c.sort_at < end_at)
            .where(stories.c.merged_into.is_(None))
            .group_by(stories.c.id)
            .having(func.count(story_members.c.outlet_id.distinct()) > 1)
            .order_by(stories.c.id.desc())
            .limit(MOST_STORIES + 1)
        )
    )


def _told(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[Story, list[Member]]]:
    for some in _chunks(ids):
        heads = stories_by_id(connection, some)
        members = members_of_all(connection, some)
        for story_id, own in groupby(members, key=lambda one: one.story_id):
            yield heads[story_id], list(own)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _sources(story: Story, members: list[Member]) -> Iterator[tuple[Member, str | None]]:
    """Yield the original with None and every copy with the outlet it was taken from."""
    by_article = {one.article_id: one for one in members}
    original = by_article.get(story.original_article_id)
    if original is None:
        return
    ordered = in_order_of_time([one.claimant for one in members])
    first_of = {one.outlet_id: one for one in reversed(ordered)}
    yield original, None
    for member in members:
        if member.relation not in COPIES:
            continue
        named = strongest_source(member.claimant, first_of)
        likest = by_article.get(member.source_article_id or 0, original)
        yield member, named[0] if named is not None else likest.outlet_id
