"""Let a story take in another one, when the text that holds both whole has come at last."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from storage.members import members_of, move_members, set_relation
from storage.relations import Relation
from storage.storyline import Happening, Story, StoryEvent, get_story, record, set_merged


def absorb(
    connection: Connection,
    story_ids: Collection[int],
    *,
    into: int,
    now: datetime,
) -> None:
    """Move the members of these stories; what a person placed or rooted by hand stays."""
    for story_id in story_ids:
        story = get_story(connection, story_id)
        members = members_of(connection, story_id)
        if story.is_rooted_by_hand or any(one.is_placed_by_hand for one in members):
            continue
        take_in(connection, story, [one.article_id for one in members], into, by_hand=False)
        for owner in (story_id, into):
            record(
                connection,
                StoryEvent(
                    story_id=owner,
                    kind=Happening.MERGED,
                    before=story_id,
                    after=into,
                    why="the whole text of which both are parts has come",
                    happened_at=now,
                ),
            )


def take_in(
    connection: Connection, story: Story, article_ids: Collection[int], into: int, *, by_hand: bool
) -> None:
    """Move a story's members into another one; its original becomes a copy there."""
    move_members(connection, article_ids, into, by_hand=by_hand)
    set_relation(connection, story.original_article_id, Relation.COPY)
    set_merged(connection, story.id, into)
