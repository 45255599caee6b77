"""Keep rules with all their versions, what they matched, and what readers said of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from storage.errors import UnknownRecordError
from storage.schema.rules import feedback, matches, rule_versions, rules
from storage.upsert import insert_into

_EDITION: Final = select(
    func.count().label("rules"),
    func.sum(rules.c.version).label("versions"),
    func.sum(case((rules.c.is_enabled, 1), else_=0)).label("enabled"),
    func.max(rules.c.changed_at).label("changed_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRule:
    """A rule as it stands; `query` is the text of the version in force."""

    id: str
    name: str
    query: str
    version: int
    is_enabled: bool
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """One query a rule has had."""

    rule_id: str
    version: int
    query: str
    saved_by: str
    note: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMatch:
    """A rule or topic that fired for a story; `verdict` explains why."""

    rule_id: str
    story_id: int
    article_id: int
    rule_version: int
    score: float
    verdict: Mapping[str, Any]
    matched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """How many rules there are, with how many versions, how many enabled, and the latest change.

    The sums are there because the clocks of two machines differ: a change that claims an earlier
    time than the latest one still makes another edition.
    """

    rules: int
    versions: int
    enabled: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What one reader said of one alert."""

    rule_id: str
    article_id: int
    reader: str
    is_relevant: bool
    note: str
    given_at: datetime


def save_rule(  # noqa: PLR0913  # who, what and why stand in one row
    connection: Connection,
    rule_id: str,
    *,
    query: str,
    now: datetime,
    name: str | None = None,
    saved_by: str = "",
    note: str = "",
) -> SavedRule:
    """Save a rule; another query than the one in force becomes its next version. Repeatable."""
    standing = find_rule(connection, rule_id)
    if standing is None:
        return _create(connection, rule_id, query, now, (name or rule_id, saved_by, note))
    changed = standing.query != query
    version = standing.version + changed
    if changed:
        _keep_version(connection, rule_id, version, query, now, (saved_by, note))
    if changed or (name or standing.name) != standing.name:
        connection.execute(
            update(rules)
            .where(rules.c.id == rule_id)
            .values(name=name or standing.name, version=version, changed_at=now)
        )
    return get_rule(connection, rule_id)


def find_rule(connection: Connection, rule_id: str) -> SavedRule | None:
    """Return a rule, if there is one of this id."""
    row = connection.execute(_saved().where(rules.c.id == rule_id)).one_or_none()
    return None if row is None else _rule(row)


def get_rule(connection: Connection, rule_id: str) -> SavedRule:
    """Return a rule; raise UnknownRecordError when there is none of this id."""
    found = find_rule(connection, rule_id)
    if found is None:
        raise UnknownRecordError(
            "no rule «{given}»; list the rules to see their ids", given=rule_id
        )
    return found


def list_rules(
    connection: Connection,
    *,
    only_enabled: bool = False,
    after: str = "",
    limit: int | None = None,
) -> tuple[SavedRule, ...]:
    """Return the rules by id; `after` is the last one of the page before."""
    statement = _saved().where(rules.c.id > after).order_by(rules.c.id).limit(limit)
    if only_enabled:
        statement = statement.where(rules.c.is_enabled)
    return tuple(_rule(row) for row in connection.execute(statement))


def edition(connection: Connection) -> Edition:
    """Return what changes whenever a rule is saved, changed or silenced, without reading them."""
    row = connection.execute(_EDITION).one()
    return Edition(
        rules=row.rules,
        versions=row.versions or 0,
        enabled=row.enabled or 0,
        changed_at=row.changed_at,
    )


def enable_rule(connection: Connection, rule_id: str, *, enabled: bool, now: datetime) -> None:
    """Let a rule fire, or silence it; its versions and matches stay. Repeatable."""
    get_rule(connection, rule_id)
    connection.execute(
        update(rules)
        .where(rules.c.id == rule_id, rules.c.is_enabled != enabled)
        .values(is_enabled=enabled, changed_at=now)
    )


def versions_of(connection: Connection, rule_id: str) -> tuple[RuleVersion, ...]:
    """Return every version of a rule, the first first."""
    rows = connection.execute(
        select(rule_versions)
        .where(rule_versions.c.rule_id == rule_id)
        .order_by(rule_versions.c.version)
    )
    return tuple(RuleVersion(**row._mapping) for row in rows)  # noqa: SLF001  # the documented way


def keep_matches(connection: Connection, found: Collection[KeptMatch]) -> None:
    """Keep that rules fired for stories; what had fired for a story before stays. Repeatable."""
    if not found:
        return
    connection.execute(
        insert_into(connection, matches).on_conflict_do_nothing(),
        [
            {
                "rule_id": match.rule_id,
                "story_id": match.story_id,
                "article_id": match.article_id,
                "rule_version": match.rule_version,
                "score": match.score,
                "verdict": json.dumps(dict(match.verdict), ensure_ascii=False),
                "matched_at": match.matched_at,
            }
            for match in found
        ],
    )


def matches_of_story(connection: Connection, story_id: int) -> tuple[KeptMatch, ...]:
    """Return the rules and topics that fired for a story, by id."""
    return _matches(
        connection,
        select(matches).where(matches.c.story_id == story_id).order_by(matches.c.rule_id),
    )


def matches_of_stories(
    connection: Connection, story_ids: Collection[int]
) -> dict[int, tuple[KeptMatch, ...]]:
    """Return what fired for each of these stories, by story."""
    found = _matches(
        connection,
        select(matches).where(matches.c.story_id.in_(story_ids)).order_by(matches.c.rule_id),
    )
    return {
        story_id: tuple(match for match in found if match.story_id == story_id)
        for story_id in story_ids
    }


def matches_of_rule(
    connection: Connection, rule_id: str, *, limit: int, before: KeptMatch | None = None
) -> tuple[KeptMatch, ...]:
    """Return the latest stories a rule fired for, newest first; pass the last for the next page."""
    statement = select(matches).where(matches.c.rule_id == rule_id)
    if before is not None:
        place = tuple_(matches.c.matched_at, matches.c.story_id)
        statement = statement.where(place < (before.matched_at, before.story_id))
    newest = statement.order_by(matches.c.matched_at.desc(), matches.c.story_id.desc())
    return _matches(connection, newest.limit(limit))


def find_feedback(
    connection: Connection, rule_id: str, article_id: int, reader: str
) -> Feedback | None:
    """Return what one reader said of one alert of a rule, if anything."""
    row = connection.execute(
        select(feedback).where(_said_of(rule_id, article_id, reader))
    ).one_or_none()
    return None if row is None else Feedback(**row._mapping)  # noqa: SLF001  # the documented way


def keep_feedback(connection: Connection, said: Feedback) -> None:
    """Keep what a reader said of an alert; the last word of the same reader counts.

    Repeatable: who says the same again changes nothing, not even the time.
    """
    key = (said.rule_id, said.article_id, said.reader)
    standing = find_feedback(connection, *key)
    if standing is not None and replace(standing, given_at=said.given_at) == said:
        return
    connection.execute(delete(feedback).where(_said_of(*key)))
    connection.execute(
        insert(feedback).values(
            rule_id=said.rule_id,
            article_id=said.article_id,
            reader=said.reader,
            is_relevant=said.is_relevant,
            note=said.note,
            given_at=said.given_at,
        )
    )


def _said_of(rule_id: str, article_id: int, reader: str) -> ColumnElement[bool]:
    return (
        (feedback.c.rule_id == rule_id)
        & (feedback.c.article_id == article_id)
        & (feedback.c.reader == reader)
    )


def feedback_of(connection: Connection, rule_id: str) -> tuple[Feedback, ...]:
    """Return what readers said of a rule's alerts, the latest first."""
    rows = connection.execute(
        select(feedback)
        .where(feedback.c.rule_id == rule_id)
        .order_by(feedback.c.given_at.desc(), feedback.c.article_id, feedback.c.reader)
    )
    return tuple(Feedback(**row._mapping) for row in rows)  # noqa: SLF001  # the documented way


def _create(
    connection: Connection,
    rule_id: str,
    query: str,
    now: datetime,
    words: tuple[str, str, str],
) -> SavedRule:
    name, saved_by, note = words
    row = {"id": rule_id, "name": name, "version": 1, "is_enabled": True}
    connection.execute(insert(rules).values(row | {"created_at": now, "changed_at": now}))
    _keep_version(connection, rule_id, 1, query, now, (saved_by, note))
    return get_rule(connection, rule_id)


def _keep_version(  # noqa: PLR0913, PLR0917  # a row has six columns
    connection: Connection,
    rule_id: str,
    version: int,
    query: str,
    now: datetime,
    words: tuple[str, str],
) -> None:
    saved_by, note = words
    connection.execute(
        insert(rule_versions).values(
            rule_id=rule_id,
            version=version,
            query=query,
            saved_by=saved_by,
            note=note,
            saved_at=now,
        )
    )


def _saved() -> Select[Any]:
    return select(rules, rule_versions.c.query).join(
        rule_versions,
        (rule_versions.c.rule_id == rules.c.id) & (rule_versions.c.version == rules.c.version),
    )


def _rule(row: Row[Any]) -> SavedRule:
    return SavedRule(**row._mapping)  # noqa: SLF001  # the documented way


def _matches(connection: Connection, statement: Select[Any]) -> tuple[KeptMatch, ...]:
    return tuple(
        KeptMatch(**(dict(row._mapping) | {"verdict": json.loads(row.verdict)}))  # noqa: SLF001
        for row in connection.execute(statement)
    )
