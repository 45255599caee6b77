"""Gather what an alert says beside the article itself: names, the story's spread, links."""

from sqlalchemy import Connection

from alerts.compose import StoryFacts
from alerts.message import Carrier, Name
from service.house import House
from storage.archive import Archived
from storage.articles import get_articles
from storage.members import members_of


def story_facts(connection: Connection, house: House, kept: Archived) -> StoryFacts:
    """Return the facts of the story an article was just placed in."""
    return StoryFacts(
        story_id=kept.story_id,
        article_id=kept.article_id,
        rule_names=house.rulebook.names,
        outlet_names=house.names,
        spread=carriers(connection, house, kept.story_id, kept.original_article_id),
        archive_url=house.links.story(kept.story_id),
    )


def carriers(
    connection: Connection, house: House, story_id: int, original_article_id: int
) -> tuple[Carrier, ...]:
    """Return who carries a story, the original first, then by the time each had it."""
    members = members_of(connection, story_id)
    articles = get_articles(connection, [member.article_id for member in members])
    found = [
        Carrier(
            outlet_id=member.outlet_id,
            name=house.names.get(member.outlet_id) or Name(fa=member.outlet_id),
            url=articles[member.article_id].article.url,
            at=articles[member.article_id].sort_at,
            is_original=member.article_id == original_article_id,
        )
        for member in members
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_original, one.at)))
