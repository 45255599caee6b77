"""Take what readers said of alerts as examples: what must fire, and what must not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from alerts.evaluation import Labelled
from alerts.match import Matcher
from alerts.rules import Rule
from alerts.suggest import Suggestion, suggest
from storage.found import Found, find_documents
from storage.rules import Feedback, feedback_of

_ALL: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A reader's opinion as a test example: what the rule says of the article today."""

    feedback: Feedback
    found: Found
    fires: bool

    @property
    def is_right(self) -> bool:
        """Tell whether the rule and the reader agree."""
        return self.fires == self.feedback.is_relevant


def judged_by_readers(connection: Connection, rule: Rule) -> tuple[Judged, ...]:
    """Run a rule over the articles that readers gave their opinion of, the latest first."""
    said = feedback_of(connection, rule.id)
    found = find_documents(connection, [one.article_id for one in said])
    matcher = Matcher.compile([rule])
    return tuple(
        Judged(
            feedback=one,
            found=found[one.article_id],
            fires=bool(matcher.match(found[one.article_id].document)),
        )
        for one in said
        if one.article_id in found
    )


def labelled_by_readers(connection: Connection, rules: Iterable[Rule]) -> tuple[Labelled, ...]:
    """Return what readers said of these rules' alerts as labelled articles, to measure them by."""
    return tuple(
        Labelled(
            id=f"article {one.feedback.article_id}",
            document=one.found.document,
            labels={rule.id: one.feedback.is_relevant},
        )
        for rule in rules
        for one in judged_by_readers(connection, rule)
    )


def suggest_exclusions(
    connection: Connection, rule: Rule, *, limit: int = 20
) -> tuple[Suggestion, ...]:
    """Return words of the articles that readers called irrelevant, and of no relevant one."""
    judged = judged_by_readers(connection, rule)
    wrong = [one.found.document for one in judged if not one.feedback.is_relevant]
    right = [one.found.document for one in judged if one.feedback.is_relevant]
    found = suggest(wrong, right, limit=_ALL)
    return tuple(one for one in found if one.outside == 0)[:limit]
