"""Gather what the workbench shows of a topic or rule: itself, its hits, its trial, opinions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alerts import workbench
from alerts.message import Span
from alerts.opinions import Judged, judged_by_readers, suggest_exclusions
from alerts.rules import Rule, parse_rule
from alerts.suggest import Suggestion
from alerts.workbench import Comparison, DryRun, Overlap, Shown
from service.house import House
from service.web.marking import marked, snippet
from service.web.views import outlet_name
from storage.errors import UnknownRecordError
from storage.evaluate import Hit
from storage.found import Found
from storage.rules import (
    KeptMatch,
    RuleVersion,
    SavedRule,
    feedback_of,
    find_rule,
    list_rules,
    matches_of_rule,
    versions_of,
)
from storage.story_lists import ToldStory, told_stories

LATEST: Final = 20
#: Versions, and opinions of readers, on the page of one rule: the newest.
ROWS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One topic or saved rule; `text` is what it is about, or its query."""

    id: str
    name: str
    text: str
    rule: Rule
    saved: SavedRule | None

    @property
    def is_topic(self) -> bool:
        """Whether it is a shipped topic, which is a file and cannot be changed here."""
        return self.saved is None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One story a rule fired for, with what readers said of it."""

    match: KeptMatch
    story: ToldStory
    outlet: str
    opinions: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """Everything the page of one rule shows; `rows` bounds a list of it."""

    rule: RuleView
    hits: tuple[HitView, ...]
    versions: tuple[RuleVersion, ...]
    judged: tuple[Judged, ...]
    exclusions: tuple[Suggestion, ...]
    rows: int = ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article of a dry run, its words marked, and why it is there."""

    article_id: int
    story_id: int | None
    outlet_id: str
    outlet: str
    at: datetime
    title: tuple[Span, ...]
    snippet: tuple[Span, ...]
    why: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A dry run made ready to show; `change` compares with the version in force."""

    run: DryRun
    newest: tuple[Sample, ...]
    near: tuple[Sample, ...]
    overlaps: tuple[Overlap, ...]
    terms: tuple[Suggestion, ...]
    change: Comparison | None
    gained: tuple[Sample, ...] = ()
    lost: tuple[Sample, ...] = ()


def every_rule(house: House) -> tuple[RuleView, ...]:
    """Return the topics, then the saved rules."""
    return rules_after(house, "", limit=None)


def rules_after(house: House, last: str, *, limit: int | None) -> tuple[RuleView, ...]:
    """Return the topics and rules that follow one of them, "" for the first; topics come first."""
    topics = list(house.rulebook.topics)
    if last in topics:
        topics, last = topics[topics.index(last) + 1 :], ""
    elif last:
        topics = []
    shown = topics[:limit]
    left = None if limit is None else limit - len(shown)
    with house.database.read() as connection:
        saved = list_rules(connection, after=last, limit=left)
    return (*(_topic(house, one) for one in shown), *(_saved(house, one) for one in saved))


def find(house: House, connection: Connection, rule_id: str) -> RuleView:
    """Return the topic or rule of an id; UnknownRecordError when there is none."""
    if rule_id in house.rulebook.topics:
        return _topic(house, rule_id)
    saved = find_rule(connection, rule_id)
    if saved is None:
        raise UnknownRecordError("no topic or rule «{given}»; see the list of them", given=rule_id)
    return _saved(house, saved)


def rule_page(house: House, rule_id: str) -> RulePage:
    """Return what the page of a rule shows; UnknownRecordError when there is none."""
    with house.database.read() as connection:
        found = find(house, connection, rule_id)
        return RulePage(
            rule=found,
            hits=_hits(connection, house, rule_id),
            versions=versions_of(connection, rule_id),
            judged=judged_by_readers(connection, found.rule),
            exclusions=suggest_exclusions(connection, found.rule, limit=10),
        )


def trial(house: House, rule: Rule, *, days: int, standing: Rule | None) -> Trial:
    """Run a rule over the last days; with another version in force, compare the two."""
    now, window = house.clock(), timedelta(days=days)
    others = [one.rule for one in every_rule(house) if one.saved is None or one.saved.is_enabled]
    with house.database.read() as connection:
        run = workbench.dry_run(connection, rule, now=now, window=window)
        change = (
            workbench.compare(connection, standing, rule, now=now, window=window)
            if standing is not None
            else None
        )
        return Trial(
            run=run,
            newest=samples(house, run.newest),
            near=tuple(
                _sample(house, one.found, one.hits, (one.lacks,), one.score)
                for one in run.near_misses
            ),
            overlaps=workbench.overlaps(connection, rule, others, now=now, window=window),
            terms=workbench.suggest_terms(connection, rule, now=now, window=window, limit=12),
            change=change,
            gained=samples(house, change.gained[:LATEST]) if change else (),
            lost=samples(house, change.lost[:LATEST]) if change else (),
        )


def read_rule(house: House, rule_id: str, query: str) -> Rule:
    """Read a query as a rule to try; QueryError with the place."""
    return parse_rule(rule_id or "new", query, now=house.clock())


def _topic(house: House, topic_id: str) -> RuleView:
    topic = house.rulebook.topics[topic_id]
    return RuleView(id=topic.id, name=topic.name, text=topic.about, rule=topic.rule, saved=None)


def _saved(house: House, saved: SavedRule) -> RuleView:
    rule = parse_rule(
        saved.id, saved.query, now=house.clock(), name=saved.name, version=saved.version
    )
    return RuleView(id=saved.id, name=saved.name, text=saved.query, rule=rule, saved=saved)


def _hits(connection: Connection, house: House, rule_id: str) -> tuple[HitView, ...]:
    matches = matches_of_rule(connection, rule_id, limit=LATEST)
    told = {one.story.id: one for one in told_stories(connection, [m.story_id for m in matches])}
    said = feedback_of(connection, rule_id)
    return tuple(
        HitView(
            match=match,
            story=told[match.story_id],
            outlet=outlet_name(house, told[match.story_id].original.article.outlet_id),
            opinions=tuple(one.is_relevant for one in said if one.article_id == match.article_id),
        )
        for match in matches
        if match.story_id in told
    )


def samples(house: House, shown: Sequence[Shown]) -> tuple[Sample, ...]:
    """Return articles that a rule fires for, made ready to show."""
    return tuple(
        _sample(
            house,
            one.found,
            one.match.hits,
            tuple(dict.fromkeys(reason.clause for reason in one.match.reasons)),
            one.match.score,
        )
        for one in shown
    )


def _sample(
    house: House, found: Found, hits: Sequence[Hit], why: tuple[str, ...], score: float
) -> Sample:
    article = found.archived.article
    body = snippet(article.body, hits, "body") or snippet(article.lead or "", hits, "lead")
    return Sample(
        article_id=found.article_id,
        story_id=found.story_id,
        outlet_id=article.outlet_id,
        outlet=outlet_name(house, article.outlet_id),
        at=found.archived.sort_at,
        title=marked(article.title, hits, "title"),
        snippet=body,
        why=why,
        score=score,
    )
