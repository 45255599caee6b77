"""Give every article its story: look up, decide, assign, re-root, in one write transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from crawler.article import Article, Trust
from persian.fold import fold
from storage.absorb import absorb
from storage.candidates import Proposals, propose
from storage.comparison import Comparison, Side, compare_each
from storage.evidence import Evidence
from storage.fingerprints import drop_fingerprints, keep_fingerprints, look_up, period_of
from storage.locks import lock_stories
from storage.members import (
    Link,
    Member,
    add_member,
    add_sketch,
    change_member,
    drop_links,
    drop_sketch,
    find_member,
    keep_link,
    members_of,
    sides_of,
)
from storage.originals import OutletRole, press_office
from storage.prepared import pipelined
from storage.relations import Relation, relation_to
from storage.rooting import Rooted, alone, root
from storage.samestory import Decision, decide
from storage.sketch import sketch, words_in
from storage.storyline import (
    Happening,
    StoryEvent,
    new_story,
    record,
    set_merged,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs: its story, its relation there, and whether the original changed.

    `evidence` is None when nothing like it was archived. `moved_from` names the story that a
    changed article left.
    """

    story_id: int
    relation: Relation
    original_article_id: int
    rerooted: bool
    evidence: Evidence | None
    moved_from: int | None = None


def place(  # noqa: PLR0913  # one argument for each thing the caller knows
    connection: Connection,
    article_id: int,
    article: Article,
    *,
    roles: Mapping[str, OutletRole],
    now: datetime,
    is_new: bool = False,
) -> Placement:
    """Place an archived article into the one story it belongs to.

    Call it inside one write transaction, after the article's own row is written. Repeatable: an
    article that was placed keeps its story, unless it stood alone and its changed text is a copy.
    `is_new` says that it cannot have been placed, which spares a query.
    """
    with pipelined(connection):
        lock_stories(connection)
        standing = None if is_new else find_member(connection, article_id)
        if standing is not None:
            _withdraw(connection, article_id)
        new = _side(article_id, article, 0 if standing is None else standing.story_id)
        hashes = new.sketch.fingerprints
        postings = look_up(connection, hashes, new.at, read_at=now)
        proposals = propose(postings, period_of(new.at))
        decision = decide(new, _compare_all(connection, new, proposals, article, roles))
        story_id = 0 if decision.match is None else decision.match.old.story_id
        arriving = _member(new, article, decision, story_id, roles, now)
        member, moved_from = _keep(connection, arriving, standing, now)
        if standing is None:
            absorb(connection, decision.absorbs, into=member.story_id, now=now)
        _link(connection, member, decision, now)
        add_sketch(connection, new)
        fresh = proposals.worth_adding(hashes, member.story_id)
        keep_fingerprints(connection, article_id, fresh, new.at)
        is_alone = standing is None and decision.match is None
        rooted = alone(article_id) if is_alone else root(connection, member.story_id, roles, now)
    return _placement(member, decision, rooted, moved_from)


def _withdraw(connection: Connection, article_id: int) -> None:
    """Take an article's earlier text out of the index."""
    for earlier in sides_of(connection, [article_id]):
        drop_fingerprints(connection, article_id, earlier.sketch.fingerprints, earlier.at)
    drop_sketch(connection, article_id)
    drop_links(connection, article_id)


def moment(article: Article) -> datetime:
    """Return when an article came out: its exact claim, else within the day it claims.

    Without a date that can be believed it is the reading; it never is later than that.
    """
    claim = article.published
    if claim is None or claim.trust is Trust.DOUBTFUL:
        return article.fetched_at
    if claim.trust is Trust.DAY:
        return min(article.fetched_at, claim.at + timedelta(days=1))
    return min(article.fetched_at, claim.at)


def _side(article_id: int, article: Article, story_id: int) -> Side:
    return Side(
        article_id=article_id,
        story_id=story_id,
        outlet_id=article.outlet_id,
        external_id=article.external_id,
        at=moment(article),
        sketch=sketch(article.title, article.text),
    )


def _compare_all(
    connection: Connection,
    new: Side,
    proposals: Proposals,
    article: Article,
    roles: Mapping[str, OutletRole],
) -> list[Comparison]:
    sides = {one.article_id: one for one in sides_of(connection, proposals.article_ids)}
    return compare_each(
        new,
        [sides[one] for one in proposals.article_ids if one in sides],
        boilerplate=proposals.boilerplate,
        neutral=_own_words(
            article, {new.outlet_id, *(one.outlet_id for one in sides.values())}, roles
        ),
    )


def _own_words(
    article: Article, outlet_ids: Collection[str], roles: Mapping[str, OutletRole]
) -> frozenset[str]:
    """Return the words of the names under which outlets speak, which a copy exchanges freely."""
    outlets = (roles[one] for one in outlet_ids if one in roles)
    spoken = {(one.name, *one.aliases) for one in outlets}
    credited = {(one.name,) for one in article.credits}
    return frozenset[str]().union(*map(_words_of, spoken | credited))


@lru_cache(maxsize=4096)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in words_in(fold(name)))


def _member(  # noqa: PLR0913, PLR0917  # the values of one row
    new: Side,
    article: Article,
    decision: Decision,
    story_id: int,
    roles: Mapping[str, OutletRole],
    now: datetime,
) -> Member:
    claim = article.published
    exact = claim is not None and claim.trust is Trust.EXACT
    match = decision.match
    return Member(
        article_id=new.article_id,
        story_id=story_id,
        outlet_id=new.outlet_id,
        relation=Relation.ORIGINAL if match is None else _relation(new, match, roles),
        source_article_id=None if match is None else match.old.article_id,
        credits=article.credits,
        evidence=None if match is None else match.evidence,
        claimed_at=claim.at if claim is not None and exact else None,
        seen_at=now,
        letters=new.sketch.size,
    )


def _relation(new: Side, match: Comparison, roles: Mapping[str, OutletRole]) -> Relation:
    old, evidence = match.old, match.evidence
    same_id = new.external_id is not None and new.external_id == old.external_id
    return relation_to(
        share_of_copy=evidence.share_of_new,
        share_of_source=evidence.share_of_old,
        same_outlet=new.outlet_id == old.outlet_id,
        same_house=same_id or _same_group(new.outlet_id, old.outlet_id, roles),
    )


def _same_group(one: str, other: str, roles: Mapping[str, OutletRole]) -> bool:
    left, right = roles.get(one), roles.get(other)
    return left is not None and right is not None and bool(left.group) and left.group == right.group


def _keep(
    connection: Connection, member: Member, standing: Member | None, now: datetime
) -> tuple[Member, int | None]:
    """Write the member into the story it joins, founds, moves to or stays in."""
    if standing is None:
        story_id = member.story_id or _found(connection, member, now)
        placed = replace(member, story_id=story_id)
        add_member(connection, placed)
        return placed, None
    if _may_move(connection, member, standing):
        placed, moved_from = member, standing.story_id
        _record_move(connection, member, standing.story_id, now)
    else:
        placed, moved_from = _stay(member, standing), None
    change_member(connection, placed)
    return placed, moved_from


def _found(connection: Connection, member: Member, now: datetime) -> int:
    return new_story(
        connection,
        original_article_id=member.article_id,
        origin=press_office(member.credits),
        now=now,
    )


def _stay(member: Member, standing: Member) -> Member:
    """Return the standing of a changed text that stays where it was."""
    return replace(
        standing, credits=member.credits, claimed_at=member.claimed_at, letters=member.letters
    )


def _may_move(connection: Connection, member: Member, standing: Member) -> bool:
    if standing.is_placed_by_hand or member.story_id in {0, standing.story_id}:
        return False
    return len(members_of(connection, standing.story_id)) == 1


def _record_move(connection: Connection, member: Member, left: int, now: datetime) -> None:
    set_merged(connection, left, member.story_id)
    record(
        connection,
        StoryEvent(
            story_id=member.story_id,
            kind=Happening.MOVED,
            article_id=member.article_id,
            before=left,
            after=member.story_id,
            why="its changed text is a copy of this story",
            happened_at=now,
        ),
    )


def _link(connection: Connection, member: Member, decision: Decision, now: datetime) -> None:
    links = [(one, Relation.DIGEST) for one in decision.digest_of]
    links += [(one, Relation.SAME_EVENT) for one in decision.events]
    for one, kind in links:
        if one.old.story_id != member.story_id:
            keep_link(
                connection,
                Link(
                    article_id=member.article_id,
                    story_id=one.old.story_id,
                    kind=kind,
                    evidence=one.evidence,
                    linked_at=now,
                ),
            )


def _placement(
    member: Member, decision: Decision, rooted: Rooted, moved_from: int | None
) -> Placement:
    relation = rooted.relation_of(member)
    if decision.digest_of:
        relation = Relation.DIGEST
    elif decision.events and decision.match is None:
        relation = Relation.SAME_EVENT
    return Placement(
        story_id=member.story_id,
        relation=relation,
        original_article_id=rooted.original_article_id,
        rerooted=rooted.changed,
        evidence=member.evidence or _first_evidence(decision),
        moved_from=moved_from,
    )


def _first_evidence(decision: Decision) -> Evidence | None:
    for one in (*decision.digest_of, *decision.events):
        return one.evidence
    return None
