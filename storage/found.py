"""Read the articles a search found, with everything a query can ask about them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.articles import ArchivedArticle, get_articles
from storage.document import Document, credited
from storage.evaluate import Hit
from storage.relations import Relation
from storage.schema.articles import revisions
from storage.schema.search import search_documents, search_topics
from storage.schema.stories import story_members
from storage.search_sql import COLUMNS, Candidate, candidate_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article stands: its story (None: in none yet), its relation, the topics that fired.

    None of it is in the index, because it changes without the article.
    """

    story_id: int | None
    relation: str
    is_revised: bool
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One article that matches, with the places of the words as printed.

    `story_id` is None for an article that stands in no story; `score` orders `Order.BEST`.
    """

    article_id: int
    story_id: int | None
    relation: str
    archived: ArchivedArticle
    document: Document
    highlights: tuple[Hit, ...]
    ordinal: int
    score: float = 0.0


def load_documents(connection: Connection, found: list[Candidate]) -> Iterator[Found]:
    """Read the articles of candidates with everything a query can ask about them."""
    ids = [candidate.article_id for candidate in found]
    archived = get_articles(connection, ids)
    places = places_of(connection, ids)
    for candidate in found:
        article_id = candidate.article_id
        if article_id not in archived:
            continue
        place = places[article_id]
        yield Found(
            article_id=article_id,
            story_id=place.story_id,
            relation=place.relation,
            archived=archived[article_id],
            document=_document(candidate, archived[article_id], place),
            highlights=(),
            ordinal=candidate.ordinal,
        )


def _document(candidate: Candidate, archived: ArchivedArticle, place: Place) -> Document:
    article = archived.article
    return Document(
        outlet_id=article.outlet_id,
        title=article.title,
        published_at=archived.sort_at,
        kicker=article.kicker or "",
        lead=article.lead or "",
        body=article.body,
        tags=article.tags,
        section=article.section,
        credits=credited(article),
        reporter=article.byline or "",
        outlet_names=candidate.names,
        role=candidate.role,
        town=candidate.town,
        language=article.language,
        relation=place.relation,
        is_revised=place.is_revised,
        topics=place.topics,
    )


def places_of(connection: Connection, ids: Collection[int]) -> dict[int, Place]:
    """Return where each of these articles stands in the archive."""
    members = _members(connection, ids)
    topics = _topics(connection, ids)
    revised = _revised(connection, ids)
    found = {}
    for article_id in ids:
        story_id, relation = members.get(article_id, (None, Relation.ORIGINAL.value))
        found[article_id] = Place(
            story_id=story_id,
            relation=relation,
            is_revised=article_id in revised,
            topics=frozenset(topics.get(article_id, ())),
        )
    return found


def _members(connection: Connection, ids: Collection[int]) -> dict[int, tuple[int, str]]:
    columns = story_members.c
    rows = connection.execute(
        select(columns.article_id, columns.story_id, columns.relation).where(
            columns.article_id.in_(ids)
        )
    )
    return {row.article_id: (row.story_id, row.relation) for row in rows}


def _topics(connection: Connection, ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = connection.execute(select(search_topics).where(search_topics.c.article_id.in_(ids)))
    for row in rows:
        found.setdefault(row.article_id, []).append(row.topic_id)
    return found


def _revised(connection: Connection, ids: Collection[int]) -> set[int]:
    column = revisions.c.article_id
    rows = connection.execute(
        select(column).where(column.in_(ids)).group_by(column).having(func.count() > 1)
    )
    return set(rows.scalars())


def find_documents(connection: Connection, article_ids: Collection[int]) -> dict[int, Found]:
    """Return the indexed articles of these ids, by id."""
    rows = connection.execute(
        select(*COLUMNS).where(search_documents.c.article_id.in_(article_ids))
    )
    found = load_documents(connection, [candidate_of(row) for row in rows])
    return {one.article_id: one for one in found}
