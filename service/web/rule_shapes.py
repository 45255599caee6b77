"""The JSON shapes of topics, rules, dry runs and opinions."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from alerts.opinions import Judged
from service.web.bodies import Body, Flag, Id
from service.web.rule_view import RuleView, Sample, Trial
from storage.rules import KeptMatch, RuleVersion


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class RuleShape(_Shape):
    """A topic (a file of the installation) or a saved rule."""

    id: str
    name: str
    is_topic: bool
    text: str = Field(description="what a topic is about; a rule's query")
    version: int
    is_enabled: bool


class RuleWish(Body):
    """A rule to save; another query than the one in force becomes its next version."""

    query: str = Field(min_length=1, max_length=20_000, examples=["مس NEAR/5 صادرات"])
    name: str = Field(default="", max_length=100, examples=["صادرات مس"])
    note: str = Field(default="", max_length=300, examples=["دامنه تنگ‌تر شد"])


class VersionShape(_Shape):
    """One query a rule has had."""

    version: int
    query: str
    saved_by: str
    note: str
    saved_at: datetime


class MatchShape(_Shape):
    """A story a rule fired for, and the words that made it fire."""

    story_id: int
    article_id: int
    score: float
    words: tuple[str, ...]
    matched_at: datetime


class OpinionWish(Body):
    """What a reader says of an alert."""

    article_id: Id
    is_relevant: Flag


class OpinionShape(_Shape):
    """What a reader said of an alert, and whether the rule of today agrees."""

    article_id: int
    story_id: int | None
    headline: str
    reader: str = Field(description="a user of the pages, or the id of a subscription")
    is_relevant: bool
    is_agreed: bool = Field(description="the rule fires where it was relevant, or is silent")
    given_at: datetime


class TrialWish(Body):
    """A query to try over the last days; with `against`, compared with that rule."""

    query: str = Field(min_length=1, max_length=20_000, examples=["مس NEAR/5 صادرات"])
    days: StrictInt = Field(default=30, ge=1, le=366)
    against: str | None = Field(default=None, max_length=120, examples=["sme"])


class SampleShape(_Shape):
    """One article of a dry run, and why it is there."""

    article_id: int
    story_id: int | None
    outlet: str
    at: datetime
    title: str
    why: str


class TrialShape(_Shape):
    """What a rule would have done."""

    articles: int
    stories: int
    per_day: dict[date, int]
    mails_a_week: dict[str, float]
    warning: str | None
    is_partial: bool
    newest: tuple[SampleShape, ...]
    near_misses: tuple[SampleShape, ...]
    overlaps: dict[str, int]
    words_to_add: tuple[str, ...]
    gained: tuple[SampleShape, ...]
    lost: tuple[SampleShape, ...]


def rule_shape(one: RuleView) -> RuleShape:
    """Return a topic or rule for the API."""
    return RuleShape(
        id=one.id,
        name=one.name,
        is_topic=one.is_topic,
        text=one.text,
        version=one.rule.version,
        is_enabled=one.saved is None or one.saved.is_enabled,
    )


def version_shape(one: RuleVersion) -> VersionShape:
    """Return one version of a rule for the API."""
    return VersionShape(
        version=one.version,
        query=one.query,
        saved_by=one.saved_by,
        note=one.note,
        saved_at=one.saved_at,
    )


def match_shape(one: KeptMatch) -> MatchShape:
    """Return a story a rule fired for."""
    return MatchShape(
        story_id=one.story_id,
        article_id=one.article_id,
        score=one.score,
        words=tuple(one.verdict["words"]),
        matched_at=one.matched_at,
    )


def opinion_shape(one: Judged) -> OpinionShape:
    """Return what a reader said, for the API."""
    return OpinionShape(
        article_id=one.feedback.article_id,
        story_id=one.found.story_id,
        headline=one.found.archived.article.title,
        reader=one.feedback.reader,
        is_relevant=one.feedback.is_relevant,
        is_agreed=one.is_right,
        given_at=one.feedback.given_at,
    )


def trial_shape(one: Trial) -> TrialShape:
    """Return a dry run for the API."""
    run = one.run
    return TrialShape(
        articles=run.articles,
        stories=run.stories,
        per_day=dict(run.per_day),
        mails_a_week={rhythm.value: round(count, 2) for rhythm, count in run.weekly.items()},
        warning=run.warning,
        is_partial=run.is_partial,
        newest=tuple(_sample(sample) for sample in one.newest),
        near_misses=tuple(_sample(sample) for sample in one.near),
        overlaps={overlap.rule_id: overlap.both for overlap in one.overlaps},
        words_to_add=tuple(term.words for term in one.terms),
        gained=tuple(_sample(sample) for sample in one.gained),
        lost=tuple(_sample(sample) for sample in one.lost),
    )


def _sample(one: Sample) -> SampleShape:
    return SampleShape(
        article_id=one.article_id,
        story_id=one.story_id,
        outlet=one.outlet,
        at=one.at,
        title="".join(piece.text for piece in one.title),
        why="، ".join(one.why),
    )
