"""Measure an outlet's habits: its own work, whom it copies, how fast, how much it keeps."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy import Connection, select

from storage.relations import Relation
from storage.schema.stories import story_members
from storage.spread import Step, story_spread

_OWN: Final = frozenset({Relation.ORIGINAL, Relation.REVISION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """An outlet that another one copies: how often, and how long after it (the median)."""

    outlet_id: str
    articles: int
    credited: int
    delay: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What an outlet printed in a span of time, by what it was to its stories.

    `suppliers` come most copied first; `copied_by` counts the copies that others made of its
    originals.
    """

    outlet_id: str
    relations: dict[Relation, int]
    suppliers: tuple[Supplier, ...]
    copied_by: dict[str, int]

    @property
    def articles(self) -> int:
        """All of its articles in the span."""
        return sum(self.relations.values())

    @property
    def own_share(self) -> float:
        """The share of its articles that it wrote itself; 0 when it printed nothing."""
        own = sum(count for relation, count in self.relations.items() if relation in _OWN)
        return own / self.articles if self.articles else 0.0


def outlet_habits(
    connection: Connection, outlet_id: str, *, since: datetime, until: datetime
) -> Habits:
    """Return the habits of an outlet over what was first read from `since` until before `until`."""
    rows = connection.execute(
        select(story_members.c.article_id, story_members.c.story_id).where(
            story_members.c.outlet_id == outlet_id,
            story_members.c.seen_at >= since,
            story_members.c.seen_at < until,
        )
    ).all()
    printed = {row.article_id for row in rows}
    steps = [
        step
        for story_id in sorted({row.story_id for row in rows})
        for step in story_spread(connection, story_id).steps
    ]
    own = [step for step in steps if step.article_id in printed]
    return Habits(
        outlet_id=outlet_id,
        relations=dict(Counter(step.relation for step in own)),
        suppliers=_suppliers(own),
        copied_by=dict(Counter(step.outlet_id for step in steps if _took(step, outlet_id))),
    )


def _took(step: Step, outlet_id: str) -> bool:
    return step.source_outlet_id == outlet_id and step.outlet_id != outlet_id


def _suppliers(own: list[Step]) -> tuple[Supplier, ...]:
    taken: dict[str, list[Step]] = defaultdict(list)
    for step in own:
        if step.source_outlet_id is not None and step.relation not in _OWN:
            taken[step.source_outlet_id].append(step)
    suppliers = (
        Supplier(
            outlet_id=outlet_id,
            articles=len(steps),
            credited=sum(step.is_credited for step in steps),
            delay=timedelta(seconds=median(step.after.total_seconds() for step in steps)),
        )
        for outlet_id, steps in taken.items()
    )
    return tuple(sorted(suppliers, key=lambda one: (-one.articles, one.outlet_id)))
