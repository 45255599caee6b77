"""The JSON shapes of versions, comparisons and health."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel

from service.web.comparing import Run
from service.web.texts import Comparison, Text
from service.web.views import OutletView
from storage.delivery import DeliveryState, Reason


class RevisionShape(BaseModel):
    """One text of one article; `ref` is its lasting name."""

    ref: str
    article_id: int
    content_hash: str
    is_current: bool
    shown_at: datetime
    last_shown_at: datetime
    kicker: str | None
    title: str
    lead: str | None
    paragraphs: tuple[str, ...]


class RunShape(BaseModel):
    """A run of words: same, removed, added, or spelling (the same words written otherwise)."""

    kind: str
    text: str


class ComparisonShape(BaseModel):
    """How one text became another; `kept` and `own` are shares of their words."""

    before: str
    after: str
    kept: float
    own: float
    is_same: bool
    title: tuple[RunShape, ...]
    lead: tuple[RunShape, ...]
    body: tuple[RunShape, ...]


class HealthShape(BaseModel):
    """How many outlets and deliveries are in which state."""

    outlets: dict[str, int]
    deliveries: dict[str, int]


def revision_shape(one: Text) -> RevisionShape:
    """Return one text for the API."""
    return RevisionShape(
        ref=one.ref,
        article_id=one.article_id,
        content_hash=one.content_hash,
        is_current=one.is_current,
        shown_at=one.shown_at,
        last_shown_at=one.last_shown_at,
        kicker=one.said.kicker,
        title=one.said.title,
        lead=one.said.lead,
        paragraphs=tuple(block.text for block in one.said.blocks),
    )


def comparison_shape(one: Comparison) -> ComparisonShape:
    """Return a word diff for the API."""
    found = one.compared
    return ComparisonShape(
        before=one.before.ref,
        after=one.after.ref,
        kept=round(found.kept, 4),
        own=round(found.own, 4),
        is_same=found.is_same,
        title=_runs(found.title),
        lead=_runs(found.lead),
        body=_runs(found.body),
    )


def health_shape(
    outlets: Sequence[OutletView], ledger: Mapping[tuple[DeliveryState, Reason | None], int]
) -> HealthShape:
    """Return the counts for the API."""
    deliveries: Counter[str] = Counter()
    for (state, _), count in ledger.items():
        deliveries[state.value] += count
    return HealthShape(
        outlets=Counter(one.health for one in outlets),
        deliveries=deliveries,
    )


def _runs(runs: Sequence[Run]) -> tuple[RunShape, ...]:
    return tuple(RunShape(kind=run.kind, text=run.text) for run in runs)
