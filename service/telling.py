"""Tell what an article changes for subscribers: a story, an update of it, or its true original."""

from dataclasses import replace
from functools import cache, partial

from sqlalchemy import Connection

from alerts.announce import Occasion, announce
from alerts.changes import announce_original, announce_update
from alerts.compose import StoryFacts
from alerts.match import Match
from alerts.material import material_change
from alerts.message import Carrier, Correction, Name
from crawler.article import Article
from service.house import House
from storage.archive import Archived
from storage.articles import Outcome, get_article, get_articles
from storage.delivery import NewDelivery
from storage.members import members_of
from storage.storyline import Happening, history


def tell(  # noqa: PLR0913 - what was, what is, and why it is told
    connection: Connection,
    house: House,
    article: Article,
    kept: Archived,
    matches: tuple[Match, ...],
    *,
    is_backfill: bool,
) -> tuple[NewDelivery, ...]:
    """Write what is owed because of an article into the ledger; return what is new there.

    Nothing old alerts: a backfilled reading tells no update and no correction. Repeatable.
    """
    if not (matches or kept.outcome is Outcome.REVISED or kept.rerooted):
        return ()
    now = house.clock()
    facts = cache(partial(story_facts, connection, house, kept))
    occasion = Occasion(now=now, is_backfill=is_backfill, age_limit=house.settings.max_age)
    new = announce(connection, article, matches, facts, occasion)
    if is_backfill:
        return new
    if kept.before is not None:
        change = material_change(kept.before, article)
        if change is not None:
            changed = replace(facts(), change=change)
            new += announce_update(connection, article, matches, changed, now=now)
    if kept.rerooted:
        new += _correct(connection, house, kept)
    return new


def _correct(connection: Connection, house: House, kept: Archived) -> tuple[NewDelivery, ...]:
    """Say in the next digest that a story told through a copy has another original."""
    events = [one for one in history(connection, kept.story_id) if one.kind is Happening.REROOTED]
    if not events or events[-1].before is None:
        return ()
    told = get_article(connection, events[-1].before)
    original = get_article(connection, kept.original_article_id)
    correction = Correction(
        story_id=kept.story_id,
        headline=original.article.title,
        told_outlet=_name(house, told.article.outlet_id),
        original_outlet=_name(house, original.article.outlet_id),
        original_at=original.sort_at,
        url=original.article.url,
    )
    return announce_original(connection, correction, now=house.clock())


def story_facts(connection: Connection, house: House, kept: Archived) -> StoryFacts:
    """Return the facts of the story an article was just placed in."""
    return StoryFacts(
        story_id=kept.story_id,
        article_id=kept.article_id,
        rule_names=house.rulebook.names,
        outlet_names=house.names,
        spread=carriers(connection, house, kept.story_id, kept.original_article_id),
        archive_url=house.links.story(kept.story_id),
        is_original=kept.article_id == kept.original_article_id,
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
            name=_name(house, member.outlet_id),
            url=articles[member.article_id].article.url,
            at=articles[member.article_id].sort_at,
            is_original=member.article_id == original_article_id,
        )
        for member in members
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_original, one.at)))


def _name(house: House, outlet_id: str) -> Name:
    return house.names.get(outlet_id) or Name(fa=outlet_id)
