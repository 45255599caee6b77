"""Find who ran a press release: every archived article that carries its text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from storage.candidates import propose
from storage.comparison import Side, compare
from storage.evidence import Evidence, Ground
from storage.fingerprints import PERIOD, look_up, period_of
from storage.members import members_of, sides_of
from storage.relations import Relation
from storage.shingles import Hashes
from storage.sketch import sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickup:
    """One article that ran a release: the share of the release it kept, and of its own words."""

    article_id: int
    story_id: int
    outlet_id: str
    relation: Relation
    at: datetime
    kept: float
    added: float
    evidence: Evidence


_KEPT_MIN: Final = 0.2  # less than that is a quotation from it
_NOT_AN_ARTICLE: Final = 0


def pickup(
    connection: Connection, text: str, *, title: str = "", released_at: datetime
) -> list[Pickup]:
    """Return the articles that carry a release, in the order of their times.

    Looks at the weeks around `released_at`. An article that only quotes a sentence of it, or tells
    another month's figures in the same words, is left out.
    """
    release = Side(
        article_id=_NOT_AN_ARTICLE,
        story_id=_NOT_AN_ARTICLE,
        outlet_id="",
        external_id=None,
        at=released_at,
        sketch=sketch(title, text),
    )
    postings = look_up(
        connection, release.sketch.fingerprints, released_at, read_at=released_at + PERIOD
    )
    found = propose(postings, period_of(released_at))
    runs = [
        run
        for story_id in found.by_story
        for run in _runs(connection, release, story_id, found.boilerplate)
    ]
    return sorted(runs, key=lambda run: (run.at, run.article_id))


def _runs(
    connection: Connection, release: Side, story_id: int, boilerplate: Hashes
) -> list[Pickup]:
    members = {one.article_id: one for one in members_of(connection, story_id)}
    compared = [
        compare(release, side, boilerplate=boilerplate) for side in sides_of(connection, members)
    ]
    return [
        Pickup(
            article_id=one.old.article_id,
            story_id=story_id,
            outlet_id=one.old.outlet_id,
            relation=members[one.old.article_id].relation,
            at=one.old.at,
            kept=one.evidence.share_of_new,
            added=1 - one.evidence.share_of_old,
            evidence=one.evidence,
        )
        for one in compared
        if _carries(one.evidence)
    ]


def _carries(evidence: Evidence) -> bool:
    return evidence.share_of_new >= _KEPT_MIN and evidence.ground not in {
        Ground.REPLACED,
        Ground.TAIL_ONLY,
    }
