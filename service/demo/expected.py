"""What must happen when the press is read, as data: outlets, articles, stories, messages, holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crawler.page import FailureKind
from service.demo.cast import Member, Trouble
from service.demo.families import Posted
from service.demo.stories import Story

ALERT_AGE_LIMIT: Final = timedelta(hours=48)  # the default of the settings: older ones are held
FAILURES: Final[Mapping[Trouble, FailureKind]] = {
    Trouble.CHALLENGE: FailureKind.CHALLENGE,
    Trouble.HTML_FEED: FailureKind.NOT_A_FEED,
    Trouble.DEAD: FailureKind.REFUSED,
}

HONEST: Final = frozenset(
    {Trouble.NONE, Trouble.SLOW, Trouble.CHALLENGE, Trouble.BROKEN_FEED}
    | {Trouble.HTML_FEED, Trouble.DEAD}
)

Subscriptions = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOutlet:
    """One outlet; `failure` is what its visit reports, None when it is read."""

    outlet_id: str
    name: str
    family: str
    dialect: str
    failure: FailureKind | None
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedArticle:
    """One article; `urls` are its equal addresses, `original_outlet_id` None for an original."""

    outlet_id: str
    urls: tuple[str, ...]
    title: str
    story_id: str
    original_outlet_id: str | None
    published_at: datetime
    is_revised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedStory:
    """One story: who had it first, who copied it, and which stories must stay apart from it."""

    story_id: str
    title: str
    original_outlet_id: str
    copies: tuple[str, ...]
    apart_from: tuple[str, ...]
    topics: frozenset[str]
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMessage:
    """One message owed to one recipient about one story, naming the topics that fired.

    `is_held` says that it is too old to be sent and waits in the ledger for that reason.
    """

    recipient: str
    story_id: str
    topics: frozenset[str]
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """All of it, for the act the press is in."""

    outlets: tuple[ExpectedOutlet, ...]
    articles: tuple[ExpectedArticle, ...]
    stories: tuple[ExpectedStory, ...]
    messages: tuple[ExpectedMessage, ...]


def expect(
    cast: tuple[Member, ...],
    stories: tuple[Story, ...],
    posts: tuple[Posted, ...],
    *,
    subscriptions: Subscriptions,
    now: datetime,
) -> Expected:
    """Say what must happen; `subscriptions` gives each recipient's topics.

    Of hostile outlets nothing is expected.
    """
    cast = tuple(member for member in cast if member.trouble in HONEST)
    readable = readable_posts(cast, posts)
    articles = tuple(_article(post) for post in readable)
    told = tuple(
        found for story in stories if (found := _story(story, stories, articles, now)) is not None
    )
    return Expected(
        outlets=tuple(_outlet(member, articles) for member in cast),
        articles=articles,
        stories=told,
        messages=_messages(told, subscriptions),
    )


def readable_posts(cast: tuple[Member, ...], posts: tuple[Posted, ...]) -> tuple[Posted, ...]:
    """Leave out what nobody can read: outlets that fail, and the item at which a feed breaks."""
    readable: list[Posted] = []
    for member in cast:
        own = [post for post in posts if post.piece.outlet_id == member.id]
        if member.trouble is Trouble.BROKEN_FEED:
            own = own[:-1]
        if member.trouble in HONEST and member.trouble not in FAILURES:
            readable += own
    return tuple(readable)


def _article(post: Posted) -> ExpectedArticle:
    piece = post.piece
    return ExpectedArticle(
        outlet_id=piece.outlet_id,
        urls=(post.url, post.short_url),
        title=piece.title,
        story_id=piece.story_id,
        original_outlet_id=piece.original_outlet_id,
        published_at=piece.published_at,
        is_revised=piece.is_revised,
    )


def _outlet(member: Member, articles: tuple[ExpectedArticle, ...]) -> ExpectedOutlet:
    return ExpectedOutlet(
        outlet_id=member.id,
        name=member.name,
        family=member.family,
        dialect=member.dialect,
        failure=FAILURES.get(member.trouble),
        articles=sum(article.outlet_id == member.id for article in articles),
    )


def _story(
    story: Story, stories: tuple[Story, ...], articles: tuple[ExpectedArticle, ...], now: datetime
) -> ExpectedStory | None:
    """Return what is known of a story; None when nothing of it can be read yet.

    While its original cannot be read, the earliest readable copy stands in for it.
    """
    own = [article for article in articles if article.story_id == story.id]
    if not own:
        return None
    first = min(own, key=lambda each: (each.original_outlet_id is not None, each.published_at))
    return ExpectedStory(
        story_id=story.id,
        title=story.title,
        original_outlet_id=first.outlet_id,
        copies=tuple(article.outlet_id for article in own if article is not first),
        apart_from=_apart_from(story, stories),
        topics=frozenset(story.topics),
        is_old=all(now - article.published_at > ALERT_AGE_LIMIT for article in own),
    )


def _apart_from(story: Story, stories: tuple[Story, ...]) -> tuple[str, ...]:
    """Name the stories that tell the same event or share a template with this one."""
    kin = {story.id, story.same_event_as, story.template_of} - {None}
    return tuple(
        other.id
        for other in stories
        if other.id != story.id and kin & {other.id, other.same_event_as, other.template_of}
    )


def _messages(
    stories: tuple[ExpectedStory, ...], subscriptions: Subscriptions
) -> tuple[ExpectedMessage, ...]:
    return tuple(
        ExpectedMessage(
            recipient=recipient,
            story_id=story.story_id,
            topics=fired,
            is_held=story.is_old,
        )
        for recipient, topics in subscriptions.items()
        for story in stories
        if (fired := topics & story.topics)
    )
