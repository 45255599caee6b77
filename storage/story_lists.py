"""List stories: those that came out within a time, the latest first, with all their members."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from storage.articles import ArchivedArticle, get_article, get_articles
from storage.members import Member, members_of_all
from storage.schema.articles import articles
from storage.schema.stories import stories, story_members
from storage.storyline import Story, get_story, stories_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A story with everybody who ran it.

    `members` begin with the original, the others follow in the order in which they had it.
    """

    story: Story
    members: tuple[tuple[Member, ArchivedArticle], ...]

    @property
    def original(self) -> ArchivedArticle:
        """The article the story is rooted in."""
        return self.members[0][1]

    @property
    def outlets(self) -> int:
        """How many outlets ran it."""
        return len({member.outlet_id for member, _ in self.members})


def stories_between(
    connection: Connection,
    start_at: datetime,
    end_at: datetime,
    *,
    limit: int,
    after: int | None = None,
) -> tuple[ToldStory, ...]:
    """Return the latest `limit` stories whose original came out in [start_at, end_at).

    `after` is the last story of the page before; what it was rooted in meanwhile decides its place.
    """
    asked = (
        select(stories.c.id)
        .join(articles, articles.c.id == stories.c.original_article_id)
        .where(articles.c.sort_at >= start_at, articles.c.sort_at < end_at)
        .where(stories.c.merged_into.is_(None))
        .order_by(articles.c.sort_at.desc(), stories.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        last_at = _came_out(connection, after)
        tied = and_(articles.c.sort_at == last_at, stories.c.id < after)
        asked = asked.where(or_(articles.c.sort_at < last_at, tied))
    return told_stories(connection, connection.scalars(asked).all())


def _came_out(connection: Connection, story_id: int) -> datetime:
    """Return when a story's original came out; UnknownRecordError when there is no such story."""
    head = get_story(connection, story_id)
    return get_article(connection, head.original_article_id).sort_at


def told_stories(connection: Connection, story_ids: Collection[int]) -> tuple[ToldStory, ...]:
    """Return these stories in the order asked; one without members is left out."""
    heads = stories_by_id(connection, story_ids)
    members = members_of_all(connection, story_ids)
    archived = get_articles(connection, [one.article_id for one in members])
    found = []
    for story_id in story_ids:
        head = heads.get(story_id)
        own = [
            (one, archived[one.article_id])
            for one in members
            if one.story_id == story_id and one.article_id in archived
        ]
        if head is not None and own:
            found.append(ToldStory(story=head, members=_in_order(head, own)))
    return tuple(found)


def _in_order(
    head: Story, own: list[tuple[Member, ArchivedArticle]]
) -> tuple[tuple[Member, ArchivedArticle], ...]:
    first = head.original_article_id
    return tuple(sorted(own, key=lambda one: (one[1].id != first, one[1].sort_at, one[1].id)))


def count_stories(connection: Connection) -> int:
    """Count the stories that were not taken in by another."""
    whole = select(func.count()).select_from(stories).where(stories.c.merged_into.is_(None))
    return connection.scalar(whole) or 0


def count_copies(connection: Connection) -> int:
    """Count the articles that are not the original of their story."""
    members = select(func.count()).select_from(story_members)
    return (connection.scalar(members) or 0) - count_stories(connection)
