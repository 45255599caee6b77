"""Take one reading of a page into the archive: article, text, story and index in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from crawler.article import Article
from storage.articles import Kept, Outcome, keep_article
from storage.change_kind import ChangeKind
from storage.cleaning import clean
from storage.document import OutletFacts, document_of
from storage.evidence import Evidence
from storage.history import last_change
from storage.index import index_article
from storage.locks import lock_stories
from storage.members import Member, find_member
from storage.originals import OutletRole
from storage.relations import Relation
from storage.stories import place
from storage.storyline import get_story


class OutletEntry(OutletRole, OutletFacts, Protocol):
    """What the archive takes from an outlet's entry in the catalogue: `crawler.outlets.Outlet`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What became of one reading.

    `sort_at` is the article's place in time. `relation` is what the article is to its story,
    `evidence` why (None when nothing like it was archived). `changes` names what kind of change a
    revision is, the weightiest first, and `before` what the article said until now; any other
    outcome has neither. `rerooted` tells that this reading gave the story another original;
    `moved_from` names the story a revised article left.
    """

    article_id: int
    outcome: Outcome
    sort_at: datetime
    story_id: int
    relation: Relation
    evidence: Evidence | None
    original_article_id: int
    rerooted: bool
    moved_from: int | None = None
    changes: tuple[ChangeKind, ...] = ()
    before: Article | None = None


def archive(
    connection: Connection,
    article: Article,
    *,
    roles: Mapping[str, OutletEntry],
    now: datetime,
    backfill: bool = False,
) -> Archived:
    """Archive one reading inside the caller's write transaction. Repeatable.

    The same reading again is `unchanged` and changes no row's meaning; when the transaction is
    undone nothing of it stays. Characters no database takes are replaced. `roles` are the
    catalogue's outlets by id; an outlet that is not among them is archived without a role.
    """
    article = clean(article)
    lock_stories(connection)
    kept = keep_article(connection, article, backfill=backfill)
    if kept.outcome is Outcome.UNCHANGED and not kept.is_retouched:
        standing = find_member(connection, kept.article_id)
        if standing is not None:
            return _as_it_stands(connection, kept, standing)
    _index(connection, kept, article, roles)
    return _placed(connection, kept, article, roles, now)


def _index(
    connection: Connection, kept: Kept, article: Article, roles: Mapping[str, OutletEntry]
) -> None:
    outlet = roles.get(article.outlet_id)
    document = document_of(article, published_at=kept.sort_at, outlet=outlet)
    is_new = kept.outcome is Outcome.NEW
    index_article(connection, kept.article_id, document, is_new=is_new)


def _placed(
    connection: Connection,
    kept: Kept,
    article: Article,
    roles: Mapping[str, OutletEntry],
    now: datetime,
) -> Archived:
    is_new = kept.outcome is Outcome.NEW
    placement = place(connection, kept.article_id, article, roles=roles, now=now, is_new=is_new)
    return Archived(
        article_id=kept.article_id,
        outcome=kept.outcome,
        sort_at=kept.sort_at,
        story_id=placement.story_id,
        relation=placement.relation,
        evidence=placement.evidence,
        original_article_id=placement.original_article_id,
        rerooted=placement.rerooted,
        moved_from=placement.moved_from,
        changes=_kinds(connection, kept),
        before=kept.before,
    )


def _kinds(connection: Connection, kept: Kept) -> tuple[ChangeKind, ...]:
    if kept.outcome is not Outcome.REVISED:
        return ()
    change = last_change(connection, kept.article_id)
    return () if change is None else change.kinds


def _as_it_stands(connection: Connection, kept: Kept, member: Member) -> Archived:
    story = get_story(connection, member.story_id)
    return Archived(
        article_id=kept.article_id,
        outcome=kept.outcome,
        sort_at=kept.sort_at,
        story_id=story.id,
        relation=member.relation,
        evidence=member.evidence,
        original_article_id=story.original_article_id,
        rerooted=False,
    )
