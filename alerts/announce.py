"""Write into the ledger what a story that matched owes to whom.

Everything here runs inside the caller's write transaction and can be repeated: the ledger's natural
keys make the second time a no-op.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.compose import StoryFacts, believed_at, compose_alert
from alerts.content import to_json
from alerts.match import Match
from alerts.plan import AGE_LIMIT, CAP_WINDOW, Decision, StoryNews, Told, plan_story
from crawler.article import Article
from storage.deliveries import keep_content, owe
from storage.delivery import NewDelivery
from storage.ledger import count_alerts_since, told_of
from storage.subscriptions import subscriptions_following


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When an article matched; `is_backfill` marks one that a historical visit brought."""

    now: datetime
    is_backfill: bool = False
    age_limit: timedelta = AGE_LIMIT


def announce(
    connection: Connection,
    article: Article,
    matches: Sequence[Match],
    facts_of: Callable[[], StoryFacts],
    occasion: Occasion,
) -> tuple[NewDelivery, ...]:
    """Owe, hold or skip the one alert of a story for every subscriber; return what is new.

    `matches` are all rules that fired on the article. `facts_of` gives the story it belongs to, and
    is only asked when somebody follows one of them.
    """
    if not matches:
        return ()
    followers = subscriptions_following(connection, {match.rule_id for match in matches})
    if not followers:
        return ()
    facts = facts_of()
    told = Told(
        recipients=frozenset(one.recipient_id for one in told_of(connection, facts.story_id)),
        recent=count_alerts_since(
            connection, [one.id for one in followers], occasion.now - CAP_WINDOW
        ),
    )
    decisions = plan_story(
        _news(article, facts, occasion), matches, followers, told=told, now=occasion.now
    )
    contents = _Contents(connection, article, matches, facts, occasion.now)
    new = [contents.delivery(decision) for decision in decisions]
    written = frozenset(owe(connection, new, now=occasion.now))
    return tuple(delivery for delivery in new if delivery.id in written)


def _news(article: Article, facts: StoryFacts, occasion: Occasion) -> StoryNews:
    return StoryNews(
        story_id=facts.story_id,
        outlet_id=article.outlet_id,
        found_at=article.fetched_at,
        published_at=believed_at(article),
        is_backfill=occasion.is_backfill,
        age_limit=occasion.age_limit,
    )


class _Contents:
    """Keeps each content once: subscribers that follow the same rules hear the same words."""

    def __init__(
        self,
        connection: Connection,
        article: Article,
        matches: Sequence[Match],
        facts: StoryFacts,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._article = article
        self._matches = matches
        self._facts = facts
        self._now = now
        self._kept: dict[tuple[str, ...], str] = {}

    def delivery(self, decision: Decision) -> NewDelivery:
        """Turn a decision into a row of the ledger."""
        recipient = decision.subscription.recipient
        return NewDelivery(
            subscription_id=decision.subscription.id,
            recipient_id=recipient.id,
            channel=recipient.channel,
            kind=decision.kind,
            subject=decision.subject,
            story_id=self._facts.story_id,
            content_id=self._content_id(decision.rule_ids),
            state=decision.state,
            reason=decision.reason,
            weight=decision.weight,
        )

    def _content_id(self, rule_ids: tuple[str, ...]) -> str:
        if rule_ids not in self._kept:
            alert = compose_alert(self._article, self._matches, self._facts, rule_ids=rule_ids)
            content_id = keep_content(self._connection, to_json(alert), now=self._now)
            self._kept[rule_ids] = content_id
        return self._kept[rule_ids]
