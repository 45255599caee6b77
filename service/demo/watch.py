"""See what did happen: read the archive, the ledger and the two mailboxes of a demo."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from crawler.page import FailureKind
from service.demo.inbox import Inbox
from service.demo.observed import Observed, SeenArticle, SeenMessage
from service.demo.receiver import Receiver
from service.house import House
from storage.articles import latest_articles
from storage.delivery import Delivery, DeliveryKind, DeliveryState
from storage.ledger import LedgerFilter, content_of, list_deliveries
from storage.recipients import find_recipient
from storage.revisions import revisions_of
from storage.story_lists import stories_between
from storage.visits import VisitOutcome, recent_visits

#: More than any demo makes; the lists below are read whole.
ALL: Final = 5_000
BEGIN: Final = datetime(2000, 1, 1, tzinfo=UTC)


def observe(house: House, inbox: Inbox, receiver: Receiver) -> Observed:
    """Return everything that is to be compared with what must happen."""
    with house.database.read() as connection:
        visited, failures = _visits(connection)
        return Observed(
            visited=visited,
            failures=failures,
            articles=tuple(_articles(connection, house)),
            messages=tuple(_messages(connection, delivered(inbox, receiver))),
        )


def delivered(inbox: Inbox, receiver: Receiver) -> frozenset[str]:
    """Return the ids of the deliveries that arrived; a repeat has the same id and counts once."""
    mails = {mail.message_id.strip("<>").partition("@")[0] for mail in inbox.messages}
    posts = {event.webhook_id for event in receiver.events if event.refused is None}
    return frozenset(mails | posts)


def _visits(connection: Connection) -> tuple[frozenset[str], Mapping[str, FailureKind]]:
    ended = [one for one in recent_visits(connection, limit=ALL) if one.finished_at]
    failures: dict[str, FailureKind] = {}
    for visit in reversed(ended):
        failures.pop(visit.outlet_id, None)
        if visit.outcome is VisitOutcome.FAILED and visit.failure_kind is not None:
            failures[visit.outlet_id] = visit.failure_kind
    return frozenset(visit.outlet_id for visit in ended), failures


def _articles(connection: Connection, house: House) -> Iterator[SeenArticle]:
    standing = {
        archived.id: (told.story.id, archived.id == told.story.original_article_id)
        for told in stories_between(connection, BEGIN, house.clock(), limit=ALL)
        for _, archived in told.members
    }
    for one in latest_articles(connection, limit=ALL):
        story, is_original = standing[one.id]
        yield SeenArticle(
            outlet_id=one.article.outlet_id,
            url=one.article.url,
            story=story,
            is_original=is_original,
            revisions=len(revisions_of(connection, one.id)),
        )


def _messages(connection: Connection, arrived: Collection[str]) -> Iterator[SeenMessage]:
    wanted = LedgerFilter(kind=DeliveryKind.STORY)
    for one in list_deliveries(connection, wanted, limit=ALL):
        if one.story_id is None or (one.id not in arrived and one.state is not DeliveryState.HELD):
            continue
        recipient = find_recipient(connection, one.recipient_id)
        yield SeenMessage(
            recipient=recipient.address if recipient else "",
            story=one.story_id,
            topics=_topics(content_of(connection, one.content_id)),
            message_id=one.id,
            held=_held(one),
        )


def _held(delivery: Delivery) -> str | None:
    if delivery.state is not DeliveryState.HELD:
        return None
    return delivery.reason.value if delivery.reason else "held"


def _topics(content: Mapping[str, object]) -> frozenset[str]:
    rules = content.get("rules")
    return frozenset(rule["rule_id"] for rule in rules) if isinstance(rules, list) else frozenset()
