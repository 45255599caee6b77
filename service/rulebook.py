"""Hold every topic and saved rule compiled, and run them over one article.

A rule that is saved, changed or silenced is noticed at the next visit and compiled then; nothing
stops meanwhile, and old stories are never matched anew.
"""

import gc
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from alerts.errors import RuleError
from alerts.match import Match, Matcher
from alerts.message import Name
from alerts.rules import Rule, parse_rule
from alerts.topics import Topic, load_topics
from crawler.article import Article
from service.errors import UnknownNameError
from storage.archive import Archived
from storage.articles import Outcome
from storage.database import Database
from storage.document import OutletFacts, document_of
from storage.index import keep_topics
from storage.rules import Edition, KeptMatch, SavedRule, edition, keep_matches, list_rules

_RULE_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
#: The workbench has this address among the rules' own.
_RESERVED: Final = frozenset({"try"})


def is_rule_id(text: str) -> bool:
    """Tell whether a saved rule may have this id."""
    return _RULE_ID.fullmatch(text) is not None and text not in _RESERVED


class Rulebook:
    """The topics of the installation and the saved rules in force, as one matcher."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._topics: Mapping[str, Topic] = load_topics()
        self._saved: tuple[SavedRule, ...] | None = None
        self._edition: Edition | None = None
        self._matcher = Matcher.compile(())

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The topics by id."""
        return self._topics

    @property
    def names(self) -> Mapping[str, Name]:
        """What topics and rules are called, by id."""
        named = {one.id: Name(fa=one.name, en=one.id) for one in self._topics.values()}
        return named | {rule.id: Name(fa=rule.name) for rule in self._saved or ()}

    def require(self, rule_ids: tuple[str, ...]) -> None:
        """Raise UnknownNameError, naming what there is, unless every id is known."""
        self.refresh()
        known = [*self._topics, *(rule.id for rule in self._saved or ())]
        unknown = [rule_id for rule_id in rule_ids if rule_id not in known]
        if unknown:
            raise UnknownNameError(
                "no topic or rule {given}; there are: {known}",
                given=", ".join(map(repr, unknown)),
                known=", ".join(known),
            )

    def check_id(self, rule_id: str) -> None:
        """Raise RuleError unless a saved rule may have this id; a topic's would shadow it."""
        if rule_id in self._topics:
            raise RuleError(f"{rule_id!r} is a topic that comes with Rasad; take another id")
        if not is_rule_id(rule_id):
            raise RuleError(
                f"{rule_id!r} cannot be an id; take small letters, digits and hyphens: my-rule"
            )

    def refresh(self) -> None:
        """Compile anew when the saved rules are no longer those compiled."""
        with self._database.read() as connection:
            latest = edition(connection)
            if latest == self._edition:
                return
            saved = list_rules(connection, only_enabled=True)
        with self._lock:
            self._edition = latest
            if saved != self._saved:
                self._matcher = Matcher.compile(self._rules(saved))
                self._saved = saved
                gc.freeze()  # thousands of compiled rules need not be walked by every collection

    def match(
        self, connection: Connection, article: Article, kept: Archived, outlet: OutletFacts
    ) -> tuple[Match, ...]:
        """Return the rules that fire for an article, and keep that they did. Repeatable."""
        document = document_of(
            article,
            published_at=kept.sort_at,
            outlet=outlet,
            relation=kept.relation.value,
        )
        matches = self._matcher.match(document)
        topics = (one.rule_id for one in matches if one.is_topic)
        is_new = kept.outcome is Outcome.NEW
        keep_topics(connection, kept.article_id, topics, is_new=is_new)
        now = self._clock()
        keep_matches(connection, [_kept(one, kept, now) for one in matches])
        return matches

    def _rules(self, saved: tuple[SavedRule, ...]) -> tuple[Rule, ...]:
        now = self._clock()
        own = (
            parse_rule(one.id, one.query, now=now, name=one.name, version=one.version)
            for one in saved
        )
        return (*(topic.rule for topic in self._topics.values()), *own)


def _kept(match: Match, kept: Archived, now: datetime) -> KeptMatch:
    return KeptMatch(
        rule_id=match.rule_id,
        story_id=kept.story_id,
        article_id=kept.article_id,
        rule_version=match.rule_version,
        score=match.score,
        verdict=verdict_of(match),
        matched_at=now,
    )


def verdict_of(match: Match) -> dict[str, Any]:
    """Return why a rule fired as plain values: its clauses, and the words as printed."""
    return {
        "reasons": [asdict(reason) for reason in match.reasons],
        "words": list(match.words),
    }
