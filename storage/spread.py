"""Tell how a story spread: its time line, who took it from whom, how much each kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage.members import Member, members_of
from storage.originals import Claimant, in_order_of_time, strongest_source
from storage.relations import Relation
from storage.rulings import standing_story


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One outlet's part in a story. `after` is the time since the original; negative when before.

    `source_outlet_id` is the outlet it names, else the one whose text it resembles most; None for
    the original. `kept` is the share of the source's text it carries, None when nothing was
    compared.
    """

    article_id: int
    outlet_id: str
    relation: Relation
    at: datetime
    after: timedelta
    source_outlet_id: str | None
    is_credited: bool
    kept: float | None
    added: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A story from its original on, in the order of time. `origin` is a press office behind it."""

    story_id: int
    original_article_id: int
    origin: str | None
    steps: tuple[Step, ...]

    @property
    def outlet_ids(self) -> frozenset[str]:
        """The outlets that ran it."""
        return frozenset(step.outlet_id for step in self.steps)


def story_spread(connection: Connection, story_id: int) -> Spread:
    """Return how a story spread; a merged story answers with the one that took it in.

    Raises UnknownRecordError.
    """
    story = standing_story(connection, story_id)
    members = members_of(connection, story.id)
    by_article = {one.article_id: one for one in members}
    ordered = in_order_of_time([one.claimant for one in members])
    original = by_article[story.original_article_id]
    steps = (_step(by_article[one.article_id], original, by_article, ordered) for one in ordered)
    return Spread(
        story_id=story.id,
        original_article_id=story.original_article_id,
        origin=story.origin,
        steps=tuple(steps),
    )


def _step(
    member: Member,
    original: Member,
    by_article: Mapping[int, Member],
    ordered: Sequence[Claimant],
) -> Step:
    source, is_credited = _source(member, original, by_article, ordered)
    kept, added = _shares(member, original)
    return Step(
        article_id=member.article_id,
        outlet_id=member.outlet_id,
        relation=member.relation,
        at=member.claimant.at,
        after=member.claimant.at - original.claimant.at,
        source_outlet_id=source,
        is_credited=is_credited,
        kept=kept,
        added=added,
    )


def _shares(member: Member, original: Member) -> tuple[float | None, float | None]:
    """Return what a member kept of its source's text and the share of its own that it added.

    The first reading of a story was compared with nothing: when a later one turned out to be the
    original, that one's evidence tells, the other way round.
    """
    if member.article_id == original.article_id:
        return None, None
    if member.evidence is not None and member.source_article_id is not None:
        return member.evidence.share_of_old, 1 - member.evidence.share_of_new
    if original.evidence is not None and original.source_article_id == member.article_id:
        return original.evidence.share_of_new, 1 - original.evidence.share_of_old
    return None, None


def _source(
    member: Member,
    original: Member,
    by_article: Mapping[int, Member],
    ordered: Sequence[Claimant],
) -> tuple[str | None, bool]:
    """Return the outlet a member took its text from, and whether it says so."""
    if member.article_id == original.article_id:
        return None, False
    known = {one.outlet_id: one for one in reversed(ordered)}
    named = strongest_source(member.claimant, known)
    if named is not None:
        return named[0], True
    likest = by_article.get(member.source_article_id or 0)
    if likest is None or likest.outlet_id == member.outlet_id:
        return original.outlet_id, False
    return likest.outlet_id, False
