"""Show a story once: as the newest of its articles that a query holds for."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from storage.schema.search import search_documents
from storage.schema.stories import story_members
from storage.search_sql import COLUMNS, Candidate, candidate_of
from storage.verify import Held, Verifier


def newest_of_each_story(
    connection: Connection, verifier: Verifier, held: Sequence[Held]
) -> list[Held]:
    """Leave out the articles for which a newer one of the same story stands, here or elsewhere."""
    known = {one.candidate.article_id for one in held}
    stories = {one.story_id for one in held if one.story_id is not None}
    others = [one for one in _members(connection, stories) if one.article_id not in known]
    newest: dict[int | None, int] = {}
    for one in (*held, *verifier.holding(connection, others)):
        newest[one.story_id] = max(newest.get(one.story_id, 0), one.candidate.ordinal)
    return [
        one for one in held if one.story_id is None or one.candidate.ordinal == newest[one.story_id]
    ]


def _members(connection: Connection, stories: set[int]) -> list[Candidate]:
    rows = connection.execute(
        select(*COLUMNS)
        .join(story_members, story_members.c.article_id == search_documents.c.article_id)
        .where(story_members.c.story_id.in_(stories))
    )
    return [candidate_of(row) for row in rows]
