"""The shapes of the API's answers; the OpenAPI document is made from them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from crawler.article import Article
from crawler.diagnosis import Anomaly, Cause
from service.condition import why
from service.web.views import OutletView, ResultView, StoryView, Teller
from service.web.way_shapes import WayShape, way_shape
from storage.delivery import Delivery
from storage.outlet_states import OutletState


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class CreditShape(_Shape):
    """Who a text credits; `outlet_id` or `body` is set when the name is known."""

    kind: str
    name: str
    outlet_id: str | None
    body: str | None
    is_own: bool


class ArticleShape(_Shape):
    """An article as printed."""

    id: int
    outlet_id: str
    url: str
    kicker: str | None
    title: str = Field(examples=["توسعهٔ صنایع کوچک در شهرک صنعتی"])
    lead: str | None
    body: str
    byline: str | None
    section: tuple[str, ...]
    tags: tuple[str, ...]
    image_url: str | None
    language: str
    published_at: datetime | None
    published_from: str | None = Field(description="where the date was read: json_ld, meta, feed …")
    fetched_at: datetime


class TellerShape(_Shape):
    """One outlet's telling of a story; `kept_percent` is how much of the original it kept."""

    article: ArticleShape
    outlet_id: str
    outlet: str
    relation: str
    is_original: bool
    at: datetime
    kept_percent: int | None
    credits: tuple[CreditShape, ...]


class TopicShape(_Shape):
    """A topic or rule that fired, and the words that made it fire."""

    rule_id: str
    score: float
    words: tuple[str, ...]


class StoryShape(_Shape):
    """A story: its original first, then every copy in the order in which it came."""

    id: int
    title: str
    origin: str | None
    tellers: tuple[TellerShape, ...]
    topics: tuple[TopicShape, ...]


class HitShape(_Shape):
    """One search result; `marked` are the words found, as printed."""

    article_id: int
    story_id: int | None
    outlet_id: str
    outlet: str
    relation: str
    at: datetime
    title: str
    snippet: str
    marked: tuple[str, ...]
    topics: tuple[str, ...]


class HitsShape(_Shape):
    """A page of results; pass `next_cursor` as `cursor` for the next one."""

    hits: tuple[HitShape, ...]
    next_cursor: str | None
    is_partial: bool


class ReasonShape(_Shape):
    """Why an outlet is in its state: the cause with its figures, and `told` in English."""

    cause: Cause
    status: int | None = Field(description="the HTTP status it answered", examples=[403])
    fields: tuple[str, ...] = Field(description="what its pages no longer give")
    expected: float = Field(description="articles that its silence should have brought")
    anomalies: tuple[Anomaly, ...]
    told: str = Field(examples=["blocked by a challenge page since Tuesday 14:05"])


class OutletShape(_Shape):
    """An outlet and how it fares."""

    id: str
    name: str
    name_en: str
    role: str
    town: str | None
    homepage: str
    health: str | None
    health_since_at: datetime | None
    health_reason: ReasonShape | None
    last_visit_at: datetime | None
    next_visit_at: datetime | None
    ways_in: tuple[WayShape, ...]


class DeliveryShape(_Shape):
    """A row of the ledger."""

    id: str
    subscription_id: str
    channel: str
    kind: str
    subject: str
    story_id: int | None
    state: str
    reason: str | None
    attempts: int
    receipt: str | None
    last_error: str | None
    owed_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime | None


def article_shape(article_id: int, article: Article) -> ArticleShape:
    """Return an article for the API."""
    published = article.published
    return ArticleShape(
        id=article_id,
        outlet_id=article.outlet_id,
        url=article.url,
        kicker=article.kicker,
        title=article.title,
        lead=article.lead,
        body=article.body,
        byline=article.byline,
        section=article.section,
        tags=article.tags,
        image_url=article.image_url,
        language=article.language,
        published_at=published.at if published else None,
        published_from=published.source.value if published else None,
        fetched_at=article.fetched_at,
    )


def story_shape(view: StoryView) -> StoryShape:
    """Return a story for the API."""
    return StoryShape(
        id=view.id,
        title=view.original.article.title,
        origin=view.origin,
        tellers=tuple(_teller(one) for one in view.tellers),
        topics=tuple(
            TopicShape(rule_id=one.rule_id, score=one.score, words=tuple(one.verdict["words"]))
            for one in view.topics
        ),
    )


def _teller(one: Teller) -> TellerShape:
    return TellerShape(
        article=article_shape(one.article_id, one.article),
        outlet_id=one.outlet_id,
        outlet=one.outlet,
        relation=one.relation,
        is_original=one.is_original,
        at=one.at,
        kept_percent=one.kept,
        credits=tuple(
            CreditShape(
                kind=credit.kind.value,
                name=credit.name,
                outlet_id=credit.outlet_id,
                body=credit.body,
                is_own=credit.is_own,
            )
            for credit in one.credits
        ),
    )


def hit_shape(one: ResultView) -> HitShape:
    """Return a search result for the API."""
    pieces = (*one.title, *one.snippet)
    return HitShape(
        article_id=one.article_id,
        story_id=one.story_id,
        outlet_id=one.outlet_id,
        outlet=one.outlet,
        relation=one.relation,
        at=one.at,
        title="".join(piece.text for piece in one.title),
        snippet="".join(piece.text for piece in one.snippet),
        marked=tuple(dict.fromkeys(piece.text for piece in pieces if piece.marked)),
        topics=one.topics,
    )


def outlet_shape(one: OutletView, *, now: datetime) -> OutletShape:
    """Return an outlet for the API."""
    state = one.state
    return OutletShape(
        id=one.id,
        name=one.name,
        name_en=one.name_en,
        role=one.role,
        town=one.town,
        homepage=one.homepage,
        health=state.health if state else None,
        health_since_at=state.health_since_at if state else None,
        health_reason=_reason(state, now) if state else None,
        last_visit_at=state.last_visit_at if state else None,
        next_visit_at=state.next_visit_at if state else None,
        ways_in=tuple(way_shape(way) for way in one.ways),
    )


def _reason(state: OutletState, now: datetime) -> ReasonShape | None:
    reason = state.health_reason
    if reason is None:
        return None
    return ReasonShape(
        cause=reason.cause,
        status=reason.status,
        fields=reason.fields,
        expected=round(reason.expected, 1),
        anomalies=reason.anomalies,
        told=why(state, language="en", now=now),
    )


def delivery_shape(one: Delivery) -> DeliveryShape:
    """Return a row of the ledger for the API; the address stays out of it."""
    return DeliveryShape(
        id=one.id,
        subscription_id=one.subscription_id,
        channel=one.channel.value,
        kind=one.kind.value,
        subject=one.subject,
        story_id=one.story_id,
        state=one.state.value,
        reason=one.reason.value if one.reason else None,
        attempts=one.attempts,
        receipt=one.receipt,
        last_error=one.last_error,
        owed_at=one.owed_at,
        sent_at=one.sent_at,
        next_attempt_at=one.next_attempt_at,
    )
